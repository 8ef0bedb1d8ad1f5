"""Finds quotes and substitutions in a shell text, nested ones included."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Signs that change how the next characters are read; `$(` and `${` last until their bracket closes.
TURN = re.compile(r"\\.|\$\(|\$\{|[\"'(){}]", re.DOTALL)
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
    outer = [outside]
    at = 0
    while at < len(text):
        begin, around = at, outer[-1]
        if plain := PLAIN.match(text, at):
            at = plain.end()
            yield from [around] * (at - begin)
            continue
        sign = text[at]
        if sign == "\\":
            at += 1
        elif sign == "'" and around != '"':
            end = text.find("'", at + 1)
            at, around = (len(text) if end < 0 else end), "'"
        elif sign == "#" and around != '"' and text[at - 1 : at].strip() == "":
            end = text.find("\n", at)
            at, around = (len(text) if end < 0 else end) - 1, "#"
        elif sign == '"':
            outer.pop() if around == '"' else outer.append('"')
        elif text.startswith("$(", at):
            outer.append("(")
        elif sign == ")" and around == "(":
            outer.pop()
        at += 1
        yield from [around] * (min(at, len(text)) - begin)
