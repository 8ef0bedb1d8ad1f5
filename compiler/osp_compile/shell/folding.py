"""Breaks long lines of shell without changing what they do, for paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from osp_compile.shell.quoted import CLOSES, closing, enclosing

WIDTH = 96  # the columns of an A4 page at the usual text size
STEP = "  "
TURN = re.compile(r"\\.|\$[({]|[\"'(]|(?<=\s)#| +", re.DOTALL)


def folded(text: str, width: int = WIDTH) -> str:
    """The text with lines of more than `width` columns continued in the next one.

    They are broken between words; where none of these places is near enough, between the words of a substitution or
    within a string in double quotes, which goes on in the first column. A string in single quotes is never broken.
    """
    places = [*_blanks(text)]
    within = [*enclosing(text)]
    lines: list[str] = []
    begins = 0
    for line in text.split("\n"):
        here = range(begins, begins + len(line))
        between = [at - begins for at in places if at in here]
        inside = {at - begins: within[at] for at in here if text[at] == " " and within[at] in {'"', "("}}
        lines += _parts(line, between, inside, width)
        begins += len(line) + 1
    return "\n".join(lines)


def _parts(line: str, between: list[int], inside: Mapping[int, str], width: int) -> Iterator[str]:
    """The line, broken at some of the places `between` words, or else `inside` of what encloses them."""
    own = line[: len(line) - len(line.lstrip())]
    indent, done = "", 0  # of the rest; the line's own indent is part of it until the line is broken
    while len(indent) + len(line) - done > width:
        least, most = done + len(indent or own), done + width - 2 - len(indent)
        place = _place(between, least, most) or _place(inside, least, most)
        if place is None:
            place = min((at for at in (*between, *inside) if at > least), default=None)
        # a line that its author continued is broken there already
        if place is None or line[place:].strip() in {"", "\\"}:
            break
        yield f"{indent}{line[done:place]} \\"
        if inside.get(place) == '"':
            indent, done = "", place + 1
        else:
            indent = own + STEP
            done = place + len(line[place:]) - len(line[place:].lstrip())
    yield indent + line[done:]


def _place(places: Iterable[int], least: int, most: int) -> int | None:
    """The last of the places after `least` and up to `most`."""
    return max((at for at in places if least < at <= most), default=None)


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
