"""The parts of a bundle's script (head, steps, order of the steps), and how the shell of two steps differs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from osp_compile.shell.functions import parted
from osp_compile.ticket.texts import differing_lines

STEP = re.compile(r"# (2\.\d\d/\d+[a-z]?)\S*  ")
ORDER = "steps <<"
# the content of these lines is in the manifest too, or follows from what the steps use
# from here on the comments explain the words that its steps use
WORDS = frozenset(("# How a step goes:", "# 各手順の進み方:"))
TOLD = re.compile(r"\s*(section 2\.|\. lib/|2\.\d\d/\d|#|$)")


@dataclass(frozen=True)
class Script:
    """A script; `steps` is {id: text of the step's block}, `outside` the text before and after the steps."""

    steps: Mapping[str, str]
    outside: str


@dataclass(frozen=True)
class Function:
    """A shell function that is changed, added or removed, with the lines that differ."""

    name: str
    what: str
    lines: tuple[str, ...]


def script_of(text: str) -> Script:
    blocks: dict[str, list[str]] = {}
    outside: list[str] = []
    place = outside
    for line in text.splitlines():
        if found := STEP.match(line):
            place = blocks.setdefault(found[1], [])
        elif line.startswith(ORDER):
            place = outside
        place.append(line)
    return Script({id: _text(lines) for id, lines in blocks.items()}, _text(outside))


def outside_differs(before: Script, after: Script) -> tuple[str, ...]:
    """Differing lines of shell around the steps that no fact of the manifest explains."""
    return differing_lines(*(_text(_untold(script)) for script in (before, after)))


def head_differs(before: Script, after: Script) -> tuple[str, ...]:
    """Whether the comments around the steps differ."""
    return differing_lines(*(_text(_comments(script)) for script in (before, after)))


def _untold(script: Script) -> Iterator[str]:
    return (line for line in script.outside.splitlines() if not TOLD.match(line))


def _comments(script: Script) -> Iterator[str]:
    lines = takewhile(lambda line: line not in WORDS, script.outside.splitlines())
    return (line for line in lines if line.startswith("#"))


def functions_differ(before: str, after: str) -> tuple[Function, ...]:
    """The functions of two texts that differ in more than comments, in the order of the newer text."""
    old, new = parted(before)[0], parted(after)[0]
    found = []
    for name in {**new, **old}:
        was, now = code(old.get(name, "")), code(new.get(name, ""))
        if was != now:
            what = "added" if name not in old else "removed" if name not in new else "changed"
            found.append(Function(name, what, differing_lines(was, now)))
    return tuple(found)


def code(text: str) -> str:
    """The text without empty lines and comments."""
    return _text(line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
