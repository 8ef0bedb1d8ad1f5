"""Splits a text at the characters of `IFS`, as bash splits what is expanded and what `read` reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

BLANKS = " \t\n"


def tokens(text: str, separators: str) -> Iterator[tuple[str, bool]]:
    """The parts of the text and what separates them: (part, False), or (separator, True).

    Blanks around another separator belong to it; a separator that is not blank ends a word even where that is empty.
    """
    at = 0
    for found in re.finditer(_separator(separators), text) if separators else ():
        if found.start() > at:
            yield text[at : found.start()], False
        yield found[0], True
        at = found.end()
    if at < len(text):
        yield text[at:], False


def _separator(separators: str) -> str:
    blank = "".join(one for one in separators if one in BLANKS)
    other = "".join(one for one in separators if one not in BLANKS)
    blanks = f"[{re.escape(blank)}]" if blank else "(?!)"
    return f"{blanks}*[{re.escape(other)}]{blanks}*|{blanks}+" if other else f"{blanks}+"


def words(text: str, separators: str) -> list[str]:
    """The words of a text, as `read -a` has them."""
    found: list[str] = []
    now: str | None = None
    for part, separates in tokens(text.strip("".join(one for one in separators if one in BLANKS)), separators):
        if not separates:
            now = (now or "") + part
        elif now is not None or set(part) - set(BLANKS):
            found.append(now or "")
            now = None
    return [*found, now] if now is not None else found
