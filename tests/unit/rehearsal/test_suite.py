"""The suite: what bats is given, and what it says of each trial."""

from __future__ import annotations

import os
import select
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from osp_compile.rehearsal import suite
from osp_compile.rehearsal.suite import Bats, Result, Trial
from unit.machine import needs_programs
from unit.waiting import LIMIT

pytestmark = needs_programs("bats", "perl")


def trial(name: str, *after: str) -> Trial:
    return Trial(name, f"title of {name}", "first", name, after)


def written(monkeypatch: pytest.MonkeyPatch, folder: Path, *tests: str) -> Path:
    """A suite of tests with these bodies, in place of the one that would be written."""
    file = folder / "own.bats"
    bodies = [f'@test "{number}" {{\n{body}\n}}\n' for number, body in enumerate(tests)]
    file.write_text("#!/usr/bin/env bats\n" + "".join(bodies))
    monkeypatch.setattr(suite, "write_suite", lambda *_: file)
    return file


def test_the_words_of_each_trial_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(monkeypatch, tmp_path, "true", 'echo "it was wrong"; false', "true")
    results = [*Bats(tmp_path).run([trial("a"), trial("b"), trial("c")], 0)]
    assert [(result.trial.id, result.ok, result.lines) for result in results] == [
        ("a", True, ()), ("b", False, ("it was wrong",)), ("c", True, ()),
    ]  # fmt: skip
    assert (tmp_path / "tap/0001-first-a.tap").read_text().startswith("1..3\n")


@pytest.mark.long
def test_a_row_ends_where_the_rest_of_it_builds_on_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "begun"
    written(monkeypatch, tmp_path, "false", f"touch {mark}; sleep 1000")
    results = [*Bats(tmp_path).run([trial("a"), trial("b", "a")], 0)]
    assert [result.trial.id for result in results] == ["a"]


def test_nothing_starts_once_all_have_been_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "begun"
    written(monkeypatch, tmp_path, f"touch {mark}")
    with pytest.raises(KeyboardInterrupt), Bats(tmp_path) as bats:
        raise KeyboardInterrupt
    assert [result.ok for result in bats.run([trial("a")], 0)] == [False]
    assert not mark.exists()


def test_a_suite_that_breaks_down_says_so_of_each_trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(monkeypatch, tmp_path, "true").write_text("@test 'one' { true\n")
    results = [*Bats(tmp_path).run([trial("a"), trial("b")], 0)]
    assert [result.ok for result in results] == [False, False]
    assert "bats ended before it: " in results[1].lines


def test_the_written_suite_names_its_trials(tmp_path: Path) -> None:
    file = suite.write_suite(tmp_path, "x", [Trial("2.07-1", 'it\'s `$killed` "here" \\', "kill", "2.07:1:kill")])

    def bats(word: str) -> tuple[str, str]:
        done = subprocess.run(["bats", word, str(file)], capture_output=True, text=True, check=False, timeout=LIMIT)
        return done.stdout, done.stderr

    assert bats("--count") == ("1\n", "")
    # without a stage each trial is a Python of its own, which finds no rehearsal here
    assert "it’s" in bats("--tap")[0]
    assert "osp-compile rehearse SITE.yaml --keep" in bats("--tap")[0]
    assert "play kill 2.07:1:kill" in file.read_text()


def test_trials_of_one_title_stand_in_one_file(tmp_path: Path) -> None:
    same = [Trial(f"w{number}", "a world's title", "world", f"/w{number}") for number in range(3)]
    file = suite.write_suite(tmp_path, "x", same)
    done = subprocess.run(["bats", "--count", str(file)], capture_output=True, text=True, check=False, timeout=LIMIT)
    assert (done.stdout, done.stderr) == ("3\n", "")


def test_what_still_runs_is_ended_with_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "begun"
    os.mkfifo(mark)
    written(monkeypatch, tmp_path, f"echo begun >{mark}; sleep 1000")
    begun = os.open(mark, os.O_RDONLY | os.O_NONBLOCK)
    bats = Bats(tmp_path)

    def run() -> list[Result]:
        return [*bats.run([trial("a")], 0)]

    def interrupt() -> None:
        assert select.select([begun], [], [], LIMIT)[0], "the test has not begun"
        raise KeyboardInterrupt

    with ThreadPoolExecutor() as pool:
        running = pool.submit(run)
        with pytest.raises(KeyboardInterrupt), bats:
            interrupt()
        assert not running.result(timeout=LIMIT)[0].ok
    os.close(begun)
