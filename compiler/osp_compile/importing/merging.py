"""Puts the changes of a spec into its text as somebody wrote it: each line that did not change stays, byte for byte."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning, YAMLError

from osp_compile.importing.text import Text

GONE = "\0"  # the place of a row that was taken out
COMMENT = re.compile(r"\s+#.*")
NAME = re.compile(r"\bname:\s*[\"']?([\w.-]+)")
START = re.compile(r"---(\s+#.*|\s*)$")


@contextmanager
def reused_anchors() -> Iterator[None]:
    """Within it, an anchor that is set twice is YAML like any: an alias means the last one before it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReusedAnchorWarning)
        yield


def indents(lines: Sequence[str]) -> tuple[int, int, int]:
    """How the file indents: the step of a mapping, that of a list, and the place of the `-` within that."""
    step, dash, item = 0, 0, 2
    for line, following in pairwise(lines):
        if re.match(r"[\w\"']+:\s*(#.*)?$", line) and following.startswith(" "):
            inner = len(following) - len(following.lstrip(" "))
            if re.match(r" +-\s+\S", following):
                dash = dash or inner
            elif not following.lstrip().startswith("#"):
                step = step or inner
        found = re.match(r"( *)-( +)[^#\s]", line)
        item = len(found[2]) + 1 if found else item
    return step or 2, dash + item, dash


def into(old: Text, before: str, after: str) -> str | None:
    """The text of `old` with what differs between `before` and `after`, the same spec as a library writes it.

    Both are without the comments of `old`. None where the lines of the two forms cannot be matched.
    """
    ending = "\r\n" if old.windows else "\n"
    if before == after:
        return ending.join(old.lines) + ("" if old.unended else ending)
    merged = _merged(list(old.lines), before.splitlines(), after.splitlines())
    return merged.replace("\n", ending) if merged is not None and _read(merged) == _read(after) else None


@dataclass
class _Row:
    """A line with content, and the comments and empty lines above it."""

    above: list[str]
    line: str


def _rows(lines: Sequence[str]) -> tuple[list[_Row], list[str]]:
    """The rows, and the comments after the last of them."""
    found, above = list[_Row](), list[str]()
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            above.append(line)
        else:
            found.append(_Row(above, line))
            above = []
    return found, above


def _merged(lines: list[str], before: list[str], after: list[str]) -> str | None:
    head = _head(lines, before)
    (own, end), (old, _), (new, _) = _rows(lines[head:]), _rows(before), _rows(after)
    tail = [own.pop().line] if _ends(own) and not _ends(old) else []
    if len(own) != len(old):
        return None
    made = [line for row in _put_in(own, old, new) for line in (*row.above, row.line) if line != GONE]
    return "\n".join([*lines[:head], *made, *tail, *end]) + "\n"


def _head(lines: Sequence[str], before: Sequence[str]) -> int:
    """The number of lines up to the `---` of the file, which the library's form of it need not have."""
    if any(map(START.match, before[:1])):
        return 0
    return next((number + 1 for number, line in enumerate(lines[:20]) if START.match(line)), 0)


def _ends(rows: Sequence[_Row]) -> bool:
    """Whether the last of the rows is the `...` that ends a document."""
    return bool(rows) and rows[-1].line == "..."


def _put_in(own: Sequence[_Row], old: Sequence[_Row], new: Sequence[_Row]) -> Iterator[_Row]:
    """The rows of the file, with the new ones where they differ from the old, which are as many as its own."""
    matcher = SequenceMatcher(None, [row.line for row in old], [row.line for row in new], False)
    for kind, start, stop, first, last in matcher.get_opcodes():
        yield from own[start:stop] if kind == "equal" else _changed(own[start:stop], new[first:last])


def _changed(own: Sequence[_Row], fresh: Sequence[_Row]) -> list[_Row]:
    """The fresh rows in the place of those of the file; one that only moves, and every comment, stays as it is."""
    there = {_content(row.line): row for row in own}
    made = [there.pop(_content(row.line), row) for row in fresh]
    named = {_name(row.line): (key, row) for key, row in there.items()}
    for number, row in enumerate(made):
        before = named.pop(_name(row.line), None) if row in fresh else None
        if before is not None:  # the same node or key with another value
            made[number] = _with_comments(row, before[1])
            del there[before[0]]
    gone = [line for row in there.values() for line in row.above if line.strip()]
    return [*made, _Row(gone, GONE)]


def _with_comments(row: _Row, before: _Row) -> _Row:
    """The row, with the comments above and after the one that it comes in place of."""
    comment = COMMENT.search(before.line)
    return _Row([*before.above, *row.above], row.line + (comment[0] if comment else ""))


def _name(line: str) -> str:
    """What a line is about: the name of its node, or else its key."""
    found = NAME.search(line)
    return found[1] if found else line.split(":")[0].strip(" -")


def _content(line: str) -> str:
    """A line without its comment, blanks and quotes."""
    return re.sub(r"[\"'\s]", "", COMMENT.sub("", line))


def _read(text: str) -> Any:
    """The data of a text; an object that equals nothing else if it is not YAML."""
    try:
        with reused_anchors():
            return YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError):
        return object()
