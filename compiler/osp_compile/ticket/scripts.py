"""A bundle's script in its parts: head, steps and the order of its steps; and what of a step's shell differs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from osp_compile.shell.functions import parted
from osp_compile.ticket.texts import differing_lines

STEP = re.compile(r"# (2\.\d\d/\d+[a-z]?)\S*  ")
ORDER = "steps <<"
# what these lines say stands in the manifest, or follows from what the steps use
WORDS = re.compile(r"#   (?:lib/| {8,})")  # where the words of its steps stand
TOLD = re.compile(r"\s*(section 2\.|\. lib/|2\.\d\d/\d|#|$)")


@dataclass(frozen=True)
class Script:
    """`steps` is {id: text of the step's block}, `outside` what stands before and after the steps."""

    steps: Mapping[str, str]
    outside: str


@dataclass(frozen=True)
class Function:
    """A shell function that is not the same: changed, added or removed, with the lines of it."""

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
    """Lines of shell around the steps that no fact of the manifest tells."""
    return differing_lines(*(_text(_untold(script)) for script in (before, after)))


def head_differs(before: Script, after: Script) -> tuple[str, ...]:
    """The comments around the steps."""
    return differing_lines(*(_text(_comments(script)) for script in (before, after)))


def _untold(script: Script) -> Iterator[str]:
    return (line for line in script.outside.splitlines() if not TOLD.match(line))


def _comments(script: Script) -> Iterator[str]:
    return (line for line in script.outside.splitlines() if line.startswith("#") and not WORDS.match(line))


def functions_differ(before: str, after: str) -> tuple[Function, ...]:
    """The functions of two texts that are not the same but for comments, in the order of the newer one."""
    old, new = parted(before)[0], parted(after)[0]
    found = []
    for name in {**new, **old}:
        was, now = code(old.get(name, "")), code(new.get(name, ""))
        if was != now:
            what = "added" if name not in old else "removed" if name not in new else "changed"
            found.append(Function(name, what, differing_lines(was, now)))
    return tuple(found)


def code(text: str) -> str:
    """The text without lines that are empty or comments."""
    return _text(line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
