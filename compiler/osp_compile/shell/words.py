"""The words of a shell text that bash may take as a command or a function's name, and the variables that it reads.

Prose is left out: comments, quoted text (except substitutions in it) and here-documents. So are names that are assigned
or declared, and the programs of awk and sed.
"""

from __future__ import annotations

import re
from functools import lru_cache

# signs that change how the next characters are read; the rest is copied unchanged
TURN = re.compile(r"\\.|'|\"|\$\(\(|\$\(|\$'|[()`]|(?<![\w$&{])#|(?<!<)<<-?\s*['\"]?\w+['\"]?|\n", re.DOTALL)
HERE = re.compile(r"<<-?\s*['\"]?(\w+)['\"]?")
ASSIGNED = re.compile(r"(?<![\w\"'=-])[a-z_]\w*(?:\[[^\]]*\])?\+?=")
# The names after `local` and the like, and the first one after `for`: the words of a loop may be functions. Values have
# been taken out before this is asked, but for those that are variables, as in `local a=$1 b`.
DECLARED = re.compile(
    r"\b(?:local|declare|read|mapfile|unset)\b((?:[ \t]+-\w+)*(?:[ \t]+\$?\w+(?![\w=]))+)"
    r"|\bfor\b([ \t]+[A-Za-z_]\w*)"
)
LOWER = re.compile(r"\$\{?[#!]?[a-z_]\w*")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
VARIABLE = re.compile(r"\$\{?[#!]?([A-Z][A-Z0-9_]*)")


@lru_cache(maxsize=4096)  # a bundle is rendered twice from the same library
def words(text: str) -> frozenset[str]:
    """Words that may name a function or a variable of another file; one with `-` is also included with `_`."""
    found = {*_names(text), *VARIABLE.findall(text)}
    return frozenset(found | {word.replace("-", "_") for word in found if "-" in word})


@lru_cache(maxsize=4096)
def in_reading_order(text: str) -> tuple[str, ...]:
    """Words that may name a function, each once, in reading order; `-` is written as `_`."""
    return tuple(dict.fromkeys(word.replace("-", "_") for word in _names(text)))


def _names(text: str) -> tuple[str, ...]:
    # the text of a function has a line's end after it or not, by who asks
    return _names_of(text.rstrip("\n"))


@lru_cache(maxsize=4096)
def _names_of(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(LOWER.sub(" ", DECLARED.sub(_uppercase, ASSIGNED.sub(" ", code(text))))))


def _uppercase(declared: re.Match[str]) -> str:
    """The declared names that another file may use: those in capitals."""
    return " ".join(word for word in (declared[1] or declared[2]).split() if word.isupper())


@lru_cache(maxsize=4096)  # the page asks for what calls what in the same functions
def code(text: str) -> str:
    """The text outside of quotes, comments and here-documents, and the substitutions within double quotes."""
    return _Reader(text).read()


class _Reader:
    """Reads a text once; `_open` is the stack of what is open: `)` a parenthesis or a substitution, `"` a quote."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[str] = []
        self._here = ""
        self._code: list[str] = []

    def read(self) -> str:
        at = 0
        while turn := TURN.search(self._text, at):
            if not self._quoted():
                self._code.append(self._text[at : turn.start()])
            at = self._turn(turn[0], turn.end())
        if not self._quoted():
            self._code.append(self._text[at:])
        return "".join(self._code)

    def _quoted(self) -> bool:
        return self._open[-1:] == ['"']

    def _turn(self, found: str, at: int) -> int:
        """Handles one sign and returns the index at which reading continues."""
        if found == "\n":
            return self._line_end(at)
        if found == '"':
            if self._quoted():
                self._open.pop()
            else:
                self._open.append('"')
        elif found.startswith("$("):
            self._open += [")"] * (len(found) - 1)
        elif self._quoted():
            return at
        elif found in {"'", "$'"}:
            at = _end_of_quote(self._text, at, found)
        elif found == "#":
            at += len(self._text[at:].partition("\n")[0])
        else:
            self._parenthesis_or_here(found)
        self._code.append(" \n" if found in {")", "("} or found.startswith("$(") else " ")
        return at

    def _line_end(self, at: int) -> int:
        self._code.append("\n")
        if self._here:
            close = re.compile(rf"^\s*{self._here}$", re.MULTILINE).search(self._text, at)
            self._here, at = "", close.end() if close else len(self._text)
        return at

    def _parenthesis_or_here(self, found: str) -> None:
        if found == "(":
            self._open.append(")")
        elif found == ")" and self._open[-1:] == [")"]:
            self._open.pop()
        elif here := HERE.match(found):
            self._here = here[1]


def _end_of_quote(text: str, at: int, opened: str) -> int:
    """The index after the closing quote; backslashes count within `$'...'`."""
    while True:
        close = text.find("'", at)
        if close < 0:
            return len(text)
        backslashes = len(text[:close]) - len(text[:close].rstrip("\\"))
        if opened == "'" or backslashes % 2 == 0:
            return close + 1
        at = close + 1
