"""Finds the end of quotes and substitutions in a shell text, nested ones included."""

from __future__ import annotations

import re

# Signs that change how the next characters are read; `$(` and `${` last until their bracket closes.
TURN = re.compile(r"\\.|\$\(|\$\{|[\"'(){}]", re.DOTALL)
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
