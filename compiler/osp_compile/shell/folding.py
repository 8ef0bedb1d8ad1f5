"""Breaks long lines of shell without changing what they do, for paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

from osp_compile.shell.quoted import CLOSES, closing

WIDTH = 96  # the columns of an A4 page at the usual text size
STEP = "  "
TURN = re.compile(r"\\.|\$[({]|[\"'(]|(?<=\s)#| +", re.DOTALL)


def folded(text: str, width: int = WIDTH) -> str:
    """The text with lines of more than `width` columns continued in the next one, as far as their quotes allow."""
    places = [*_blanks(text)]
    lines: list[str] = []
    begins = 0
    for line in text.split("\n"):
        here = [at - begins for at in places if begins <= at < begins + len(line)]
        lines += _parts(line, here, width)
        begins += len(line) + 1
    return "\n".join(lines)


def _parts(line: str, places: list[int], width: int) -> Iterator[str]:
    """The line, broken at some of these places."""
    own = line[: len(line) - len(line.lstrip())]
    indent, done = "", 0  # of the rest; the line's own indent is part of it until the line is broken
    while len(indent) + len(line) - done > width:
        room = done + width - 2 - len(indent)
        fitting = [at for at in places if at > done + len(indent or own)]
        place = max((at for at in fitting if at <= room), default=min(fitting, default=None))
        # a line that its author continued is broken there already
        if place is None or line[place:].strip() in {"", "\\"}:
            break
        yield f"{indent}{line[done:place]} \\"
        indent = own + STEP
        done = place + len(line[place:]) - len(line[place:].lstrip())
    yield indent + line[done:]


def _blanks(text: str) -> Iterator[int]:
    """The indexes of blanks that separate two words, outside of quotes, substitutions and comments."""
    at = 0
    while turn := TURN.search(text, at):
        at = turn.end()
        if turn[0] in CLOSES:
            at = closing(text, at, CLOSES[turn[0]]) + 1
        elif turn[0] == "#":
            at = text.find("\n", at)
        elif turn[0].isspace():
            yield turn.start()
        if at <= 0:
            return
