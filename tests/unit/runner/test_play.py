"""Parts played at once, counted, given up, and skipped."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from runner import play
from runner.counts import Counts
from runner.parts import Part, of_one
from runner.play import Player, without_a_sandbox


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Counts, str]]:
    monkeypatch.setattr(play, "LOGS", tmp_path / "logs")
    monkeypatch.setattr(play, "ROOT", tmp_path)
    monkeypatch.setattr(play, "GRACE", 5.0)

    def run(*parts: Part) -> tuple[Counts, str]:
        said = io.StringIO()
        return Player(parts, Console(file=said, width=200)).run(), said.getvalue()

    return run


def test_each_part_is_counted_and_a_failure_shows_what_it_said(played: Callable[..., tuple[Counts, str]]) -> None:
    found, said = played(of_one("good", "true"), of_one("bad", "sh", "-c", "echo because; exit 7"))
    assert (found.passed, found.failed, found.names) == (1, 1, ("bad",))
    assert "    because" in said
    assert "[2/2]" in said


def test_a_part_that_leaves_nothing_to_count_has_failed(played: Callable[..., tuple[Counts, str]]) -> None:
    found, _ = played(Part("odd", ("sh", "-c", "exit 9"), lambda *_: None))
    assert found.names == ("odd: it broke down, exit 9",)


def test_what_takes_too_long_is_given_up_with_its_last_words(played: Callable[..., tuple[Counts, str]]) -> None:
    part = Part(
        "slow", ("sh", "-c", "echo waiting for the moon; exec sleep 1000"), lambda *_: Counts(passed=1), limit=1
    )
    found, _ = played(part)
    assert found.names == ("slow: given up after 1 s: waiting for the moon",)


def test_what_wants_all_lanes_does_not_wait_for_ever(played: Callable[..., tuple[Counts, str]]) -> None:
    order = "import sys; print(sys.argv[1])"
    parts = [of_one(str(number), "python3", "-c", order, str(number)) for number in range(4)]
    wide = Part("wide", ("true",), lambda *_: Counts(passed=1), lanes=2)
    waits = Part("waits", ("true",), lambda *_: Counts(passed=1), lanes=0)
    assert played(*parts, wide, waits)[0].passed == 6


def test_what_works_lets_what_waits_go_first(played: Callable[..., tuple[Counts, str]], tmp_path: Path) -> None:
    for name, lanes in (("works", 1), ("waits", 0)):
        played(Part(name, ("sh", "-c", f"nice >{tmp_path}/{name}"), lambda *_: Counts(passed=1), lanes=lanes))
    works, waits = (int((tmp_path / name).read_text()) for name in ("works", "waits"))
    assert works == min(waits + play.NICE, 19)


def test_what_cannot_be_played_without_a_sandbox_is_skipped_and_counted() -> None:
    wants = Part("suite", ("true",), lambda *_: None, sandbox=True, tests=7)
    able, skipped = without_a_sandbox([of_one("good", "true"), wants])
    assert [part.name for part in able] == ["good"]
    assert skipped == Counts(skipped=7, reasons=("no sandbox: suite",))
