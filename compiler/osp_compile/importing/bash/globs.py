"""The patterns of `${X%...}`, `${X/...}` and `case`, as bash reads them; a form that is not known here is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate

Matches = Callable[[str], object]
WILD = re.compile(r"[*?\[]")
OTHER = re.compile(r"\[[\^\]]|\[!\]|\[[^]]*\[[:.=]|[?*+@!]\(")  # classes, negation by `^`, extended patterns


def matcher(pattern: str) -> Matches | None:
    """Says whether a whole text fits the pattern; None for a pattern that bash and Python may read differently."""
    return None if OTHER.search(pattern) else re.compile(translate(pattern)).match


def found_in(text: str, matches: Matches, start: int = 0) -> tuple[int, int] | None:
    """The first place from `start` on where the pattern fits, and the longest text that it fits there."""
    for begin in range(start, len(text) + 1):
        for end in range(len(text), begin, -1):
            if matches(text[begin:end]):
                return begin, end
    return None


def replaced(text: str, matches: Matches, new: str, everywhere: bool) -> str:
    """The text with `new` in the place of the first fit, or of every one."""
    made, at = "", 0
    while (found := found_in(text, matches, at)) is not None:
        made, at = made + text[at : found[0]] + new, found[1]
        if not everywhere:
            break
    return made + text[at:]


def replaced_at_start(text: str, matches: Matches, new: str) -> str:
    cut = next((cut for cut in range(len(text), -1, -1) if matches(text[:cut])), None)
    return text if cut is None else new + text[cut:]


def replaced_at_end(text: str, matches: Matches, new: str) -> str:
    cut = next((cut for cut in range(len(text) + 1) if matches(text[cut:])), None)
    return text if cut is None else text[:cut] + new
