"""A world is played with the change that takes away the words it expects."""

from pathlib import Path

import pytest

from runner import lost_words

WORLD = """\
title: A node is silent
site: minimal
runs:
- {section: "2.09", says: ["failed: overcloud-compute-1 does not answer ssh", exit 1]}
- {section: "2.09", status: 0}
"""


def changed(monkeypatch: pytest.MonkeyPatch, before: str, now: str) -> None:
    """Makes git say that this line of the product was another one."""
    said = {"diff": f"--- a/templates/x.sh\n+++ b/templates/x.sh\n-{before}\n+{now}"}
    monkeypatch.setattr(lost_words, "git", lambda *words: said[words[0]])
    monkeypatch.setattr(lost_words, "_sources", lambda: iter([now]))
    lost_words.worlds_of.cache_clear()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "2.09/silent.yaml"
    place.parent.mkdir()
    place.write_text(WORLD, "utf-8")
    monkeypatch.setattr(lost_words, "WORLDS", tmp_path)
    return place


def test_a_world_that_expects_what_is_worded_otherwise_now(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(monkeypatch, '  why "$1 does not answer ssh" "$2"', '  why "$1 is silent on ssh" "$2"')
    assert lost_words.worlds_of("HEAD") == [world]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ('  why "$1 does not answer ssh"', '  why "$2 does not answer ssh" "$3"'),
        ('  why "it waits for ever"', '  why "it is silent"'),
        ("overcloud-compute-1", "overcloud-compute-2"),
    ],
    ids=["its words are still there", "other words", "a name"],
)
def test_a_world_that_has_lost_nothing(world: Path, monkeypatch: pytest.MonkeyPatch, before: str, now: str) -> None:
    changed(monkeypatch, before, now)
    assert lost_words.worlds_of("HEAD") == []


def test_a_value_a_name_and_a_number_are_no_words_of_a_row() -> None:
    assert [*lost_words.rows_of("on $node: 12 of ${count} nodes do not (yet) answer", 2)] == [
        ("nodes", "do"), ("do", "not"), ("not", "yet"), ("yet", "answer"),
    ]  # fmt: skip


def test_what_is_printed_today_is_read() -> None:
    assert ("does", "not", "answer") in lost_words.rows(lost_words._sources())
