"""Finds quotes and substitutions in a shell text, nested ones included."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Signs that change how the next characters are read; `$(` and `${` last until their bracket closes.
TURN = re.compile(r"\\.|\$\(|\$\{|[\"'(){}]", re.DOTALL)
# Between two words of one command, which may go on in the next line.
BETWEEN = re.compile(r"(?:[ \t]|\\\n)+")
PLAIN = re.compile(r"[^\\'\"#$)]+")
CLOSES = {"$(": ")", "${": "}", "(": ")", '"': '"', "'": "'"}


def closing(text: str, at: int, sign: str) -> int:
    """The index of `sign`, one of \" ' ) }, that closes what was opened right before `at`; -1 if nothing closes it."""
    if sign == "'":
        return text.find("'", at)
    while turn := TURN.search(text, at):
        if turn[0] == sign:
            return turn.start()
        at = turn.end()
        if _opens(turn[0], sign):
            at = closing(text, at, CLOSES[turn[0]]) + 1
            if at == 0:
                break
    return -1


def _opens(found: str, within: str) -> bool:
    """Whether the sign opens something; in double quotes a single quote and a bare bracket are plain text."""
    return found in CLOSES and (found.startswith("$") or within != '"') and not (found == "(" and within == "}")


def enclosing(text: str, outside: str = "") -> Iterator[str]:
    """What each character is within: nothing, a kind of quotes, a substitution, or a comment (#).

    Within double quotes a single quote is plain text, except in a command substitution.
    """
    outer = ["", outside]
    at = 0
    while at < len(text):
        around = outer[-1]
        plain = PLAIN.match(text, at)
        end, around = (plain.end(), around) if plain else _after_sign(text, at, outer)
        yield from [around] * (min(end, len(text)) - at)
        at = end


def _after_sign(text: str, at: int, outer: list[str]) -> tuple[int, str]:
    """(the index after a sign and what it quotes, what those characters are within); `outer` is as it is after it."""
    sign, around = text[at], outer[-1]
    if sign == "\\":
        return at + 2, around
    if sign == "'" and around != '"':
        return _end(text, "'", at + 1) + 1, "'"
    if sign == "#" and around != '"' and text[at - 1 : at].strip() == "":
        return _end(text, "\n", at), "#"
    if sign == around == '"' or (sign, around) == (")", "("):
        outer.pop()
    elif sign == '"' or text.startswith("$(", at):
        outer.append('"' if sign == '"' else "(")
    return at + 1, around


def _end(text: str, sign: str, at: int) -> int:
    found = text.find(sign, at)
    return len(text) if found < 0 else found
