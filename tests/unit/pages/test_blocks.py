"""The blocks of a guide: read, played, cut, and compared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pages import blocks
from pages.terminal import below

DIGEST = "ab" * 32
PAGE = """\
# A guide

```yaml path=site.yaml
version: 1
```

```console desk
$ echo one
old
$ echo two
```

Prose with `$ echo` in it.

```console undercloud status=3,4 answers=-,yes
$ ./runbook approve 0000000000000000000000000000000000000000000000000000000000000000
```
"""


class Told:
    """A terminal that keeps what it is told."""

    def __init__(self, status: int = 0) -> None:
        self.files: dict[str, str] = {}
        self.typed: list[tuple[str, str, list[str]]] = []
        self._status = status

    def digest(self) -> str:
        return DIGEST

    def write(self, path: str, text: str) -> None:
        self.files[path] = text

    def type(self, place: str, command: str, answers: Sequence[str]) -> tuple[int, str]:
        self.typed.append((place, command, list(answers)))
        return (self._status if place == "undercloud" else 0), f"said {len(self.typed)}\n"


def test_a_page_is_played_in_order() -> None:
    terminal = Told(4)
    now = blocks.played(PAGE, terminal, ("desk", "undercloud"))
    assert terminal.files == {"site.yaml": "version: 1\n"}
    assert terminal.typed == [
        ("desk", "echo one", []), ("desk", "echo two", []), ("undercloud", f"./runbook approve {DIGEST}", ["", "yes"]),
    ]  # fmt: skip
    assert "$ echo one\nsaid 1\n$ echo two\nsaid 2\n```" in now
    assert f"$ ./runbook approve {DIGEST}\nsaid 3\n" in now
    assert "Prose with `$ echo` in it." in now
    assert blocks.lasting(blocks.played(now, Told(4), ("desk", "undercloud"))) == blocks.lasting(now)


def test_blocks_of_another_place_stay() -> None:
    now = blocks.played(PAGE, Told(), ("desk",))
    assert now.partition("Prose")[2] == PAGE.partition("Prose")[2]


def test_another_exit_status_is_said() -> None:
    with pytest.raises(AssertionError, match=r"ended with 1, not \[3, 4\]"):
        blocks.played(PAGE, Told(1), ("desk", "undercloud"))


OUTPUT = """\
2.01  Back up
[1/3] 2.01/0  Check
        done
[2/3] 2.01/2  Dump
        done
[3/3] 2.01/2  Dump
        done again
2.01 finished in 3 s: 2 steps changed something, exit 0
        next: ./2.02
""".splitlines()


def test_steps_are_chosen() -> None:
    assert blocks.cut(OUTPUT, {"steps": "2.01/2"}) == [
        "2.01  Back up", "[...]", "[2/3] 2.01/2  Dump", "        done", "[...]", *OUTPUT[-2:],
    ]  # fmt: skip
    assert blocks.cut(OUTPUT, {"first": "1", "last": "1"}) == [OUTPUT[0], "[...]", OUTPUT[-1]]
    assert blocks.cut(["one"], {"first": "2", "last": "2"}) == ["one"]
    with pytest.raises(AssertionError, match=r"2\.01/9"):
        blocks.cut(OUTPUT, {"steps": "2.01/9"})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("done  (3 s)", "done  (1 m 02 s; 1 h 02 m in all)", True),
        ("took (3 s)", "took (1 h 02 m 03 s)", True),
        ("at 2018-11-22T22:00:38Z", "at 2026-01-01T00:00:00Z", True),
        ("bundle e5156e2ebada", "bundle 0123456789ab", True),
        ("5 nodes", "6 nodes", False),
        ("refused", "done", False),
        ("wait\nwait\n", "wait\n", True),
        ("begins\n  0 s of 2 h 00 m, until 00:07:36Z: waiting for it to end\nends\n", "begins\nends\n", True),
        ("begins\n  waiting for it to end\nends\n", "begins\nends\n", False),
    ],
)
def test_times_and_digests_are_forgiven_and_nothing_else(one: str, other: str, same: bool) -> None:
    assert (blocks.lasting(one) == blocks.lasting(other)) is same


@pytest.mark.parametrize("path", ["/etc/passwd", "../site.yaml", "a/../../b"])
def test_a_guide_writes_below_its_desk_alone(path: str) -> None:
    assert below("a/site.yaml") == Path("a/site.yaml")
    with pytest.raises(ValueError, match="not below the desk"):
        below(path)
