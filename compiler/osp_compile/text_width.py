"""Text laid out by the columns a terminal needs: Japanese characters take two."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

WIDE = "\u3001-\u30ff\u4e00-\u9fff\uff01-\uff60"
BLANK = re.compile(f"(?<=[、。]) | (?=[、。])|(?<=[{WIDE}]) (?=[{WIDE}])")
# A line may break after a blank, and between two clauses of Japanese: a clause ends in hiragana, and the next begins
# with something else; marks end one too, and begin no line.
BREAK = re.compile("(?<= )|(?<=[、。）」])(?![、。）」])|(?<=[ぁ-ん])(?![ぁ-ん、。）」 ])")


def display_width(text: str) -> int:
    """Columns of `text` on a terminal."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def display_pad(text: str, width: int) -> str:
    """`text` followed by blanks up to `width` columns."""
    return text + " " * max(0, width - display_width(text))


def unfolded(text: str) -> str:
    """Japanese `text` from a folded YAML scalar without the blanks that its line breaks left behind."""
    return BLANK.sub("", text)


def comment_lines(text: str, width: int = 116, indent: str = "") -> list[str]:
    """`text` as shell comment lines no wider than `width` columns; those after the first begin with `indent`."""
    lines = list(_wrapped(text, width - 2 - len(indent)))
    return [f"# {lines[0]}", *(f"# {indent}{line}" for line in lines[1:])] if lines else []


def hanging(text: str, width: int = 100, indent: str = "  ") -> str:
    """`text` in lines no wider than `width` columns; those after the first begin with `indent`."""
    return f"\n{indent}".join(_wrapped(text, width - len(indent)))


def _wrapped(text: str, width: int) -> Iterator[str]:
    line, columns = "", 0
    for piece in BREAK.split(" ".join(text.split())):
        if line and columns + display_width(piece.rstrip()) > width:
            yield line.rstrip()
            line, columns = "", 0
        added = piece if line else piece.lstrip()
        line += added
        columns += display_width(added)
    if line.strip():
        yield line.rstrip()
