"""Brace expansion, `{a,b}` and `{1..3}`: one word of a script as the several words that bash makes of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from osp_compile.importing.bash.tree import Tree, parts_of

MOST = 256  # words from one word
SEQUENCE = re.compile(r"(-?\d{1,4})\.\.(-?\d{1,4})(?:\.\.(\d{1,3}))?")
LETTERS = re.compile(r"(?=[a-z]\.\.[a-z]|[A-Z]\.\.[A-Z])(\w)\.\.(\w)(?:\.\.(\d{1,3}))?")
PIECES = re.compile(r"\\.|.", re.DOTALL)
Piece = str | Tree  # a character of plain text, or a part that is quoted or expanded


def expanded(word: Tree) -> list[Tree]:
    """The words that this one expands to, each a tree of its own; the word itself if it has no braces to expand.

    Where they would be too many, it is one word with a part that nothing is known of.
    """
    if not any(part["Type"] == "Lit" and "{" in str(part.get("Value", "")) for part in parts_of(word)):
        return [word]
    rows = _rows([piece for part in parts_of(word) for piece in _pieces(part)])
    if len(rows) >= MOST:
        return [{**word, "Parts": [{**word, "Type": "Braces"}]}]
    return [word] if len(rows) < 2 else [{**word, "Parts": _parts(row)} for row in rows]


def _pieces(part: Tree) -> list[Piece]:
    return [*PIECES.findall(str(part.get("Value", "")))] if part["Type"] == "Lit" else [part]


def _parts(row: Sequence[Piece]) -> list[Tree]:
    found: list[Tree] = []
    for piece in row:
        if isinstance(piece, str) and found and found[-1]["Type"] == "Lit":
            found[-1] = {"Type": "Lit", "Value": found[-1]["Value"] + piece}
        else:
            found.append({"Type": "Lit", "Value": piece} if isinstance(piece, str) else piece)
    return found


def _rows(pieces: list[Piece]) -> list[list[Piece]]:
    """All rows of pieces that the first pair of braces stands for, those of the later pairs included."""
    for start, piece in enumerate(pieces):
        found = _choices(pieces, start) if piece == "{" else None
        if found is not None:
            choices, end = found
            rest = _rows(pieces[end:])
            before = pieces[:start]
            return [[*before, *choice, *row] for choice in choices for row in rest][:MOST]
    return [pieces]


def _choices(pieces: list[Piece], start: int) -> tuple[list[list[Piece]], int] | None:
    """The alternatives of the brace at `start`, and the place after its end; None if it is plain text."""
    depth, parts = 0, [list[Piece]()]
    for at in range(start, len(pieces)):
        piece = pieces[at]
        depth += (piece == "{") - (piece == "}")
        if not depth:
            return _alternatives(parts, at + 1)
        if piece == "," and depth == 1:
            parts.append([])
        elif at > start:
            parts[-1].append(piece)
    return None


def _alternatives(parts: list[list[Piece]], end: int) -> tuple[list[list[Piece]], int] | None:
    if len(parts) > 1:
        return [row for part in parts for row in _rows(part)], end
    text = "".join(piece for piece in parts[0] if isinstance(piece, str))
    span = SEQUENCE.fullmatch(text) if len(text) == len(parts[0]) else None
    if span is None:
        return _letters(text, len(parts[0]), end)
    return _numbers(span), end


def _numbers(span: re.Match[str]) -> list[list[Piece]]:
    """`{1..3}` and `{01..10..2}`."""
    first, last, step = int(span[1]), int(span[2]), int(span[3] or 1) or 1
    step = step if first <= last else -step
    # `{01..10}`: all are as wide as the widest
    padded = any(re.match("-?0.", one) for one in (span[1], span[2]))
    width = max(len(span[1]), len(span[2])) if padded else 0
    numbers = range(first, last + (1 if step > 0 else -1), step)
    return [[*str(number).zfill(width)] for number in numbers][:MOST]


def _letters(text: str, length: int, end: int) -> tuple[list[list[Piece]], int] | None:
    """`{a..c}` and `{a..e..2}`."""
    span = LETTERS.fullmatch(text) if length == len(text) else None
    if span is None:
        return None
    first, last, step = ord(span[1]), ord(span[2]), int(span[3] or 1) or 1
    letters = range(first, last + 1, step) if first <= last else range(first, last - 1, -step)
    return [[chr(one)] for one in letters], end
