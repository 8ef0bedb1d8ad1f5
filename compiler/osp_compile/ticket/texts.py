"""How two texts or two orders differ: a small unified diff, and the names that have moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import unified_diff

CONTEXT = 1
LONGEST = 3000  # the most lines of a side that are compared one by one: the time grows with the square


def differing_lines(before: str, after: str) -> tuple[str, ...]:
    """The lines of a unified diff without its head, each with a blank, `-`, `+` or `@@`; empty for equal
    texts.
    """
    if before == after:
        return ()
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > LONGEST:
        return tuple(_roughly(old, new))
    found = list(unified_diff(old, new, n=CONTEXT, lineterm=""))[2:]
    # the lines around a change show where it is
    return tuple("@@" if line.startswith("@@") else line for line in found)[1:] or ("  (line ends)",)


def _roughly(old: list[str], new: list[str]) -> Iterator[str]:
    """The first and the last difference, and how many lines are between them."""
    first = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    shorter = min(len(old), len(new)) - first
    last = next((at for at in range(shorter) if old[-1 - at] != new[-1 - at]), shorter)
    yield f"- (lines {first + 1} to {len(old) - last})"
    yield f"+ (lines {first + 1} to {len(new) - last})"


def moved(before: Sequence[str], after: Sequence[str]) -> frozenset[str]:
    """The fewest names to move so that the order becomes the new one, of names in both; each comes once."""
    place = {name: at for at, name in enumerate(before)}
    common = [name for name in after if name in place]
    return frozenset(common) - frozenset(_in_order(common, [place[name] for name in common]))


def _in_order(names: Sequence[str], places: Sequence[int]) -> Iterator[str]:
    """The longest sequence of names whose positions increase."""
    ends: list[int] = []  # for each length, the index of the smallest end of a sequence
    values: list[int] = []
    previous: list[int] = []
    for at, value in enumerate(places):
        length = bisect_left(values, value)
        previous.append(ends[length - 1] if length else -1)
        ends[length : length + 1] = [at]
        values[length : length + 1] = [value]
    at = ends[-1] if ends else -1
    while at >= 0:
        yield names[at]
        at = previous[at]
