"""The rule that a value is proved to be a number before it is calculated with.

In `(( ))`, `$(( ))`, after -gt and the like, in a `local -i` and in a list's subscript bash evaluates a text as an
expression, and runs a command substitution in it; a number of 20 digits comes out as another one. A value is proved by
`numbers NAME`, or by our own test that it has only digits, and how many at most, in the same function and before it is
used. Values made here (a count, a status, the clock) need no proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from osp_compile.shell.functions import begun

PROVED = re.compile(r"\bnumbers((?: \w+)+)")
# (bounded: a number of 20 digits or more comes out as another one)
TESTED = re.compile(r"\$\{?(\w+)[^ ]* =~ \^[-()0|\[\]1-9?{},]+\$")
COMPARED = re.compile(r"(\S+) -(?:gt|ge|lt|le|eq|ne) (\S+)")
ASSIGNED = re.compile(r"(?<![\w$\"'{\[-])(\w+)(\+?)=(\"?(?:\$\(\(|\$\(|[^\s;]*)(?:exec )?(?:\w+ ?\+%s\))?)")
READ = re.compile(r"\b(?:read|mapfile)\b([^|;&<]*)")
INTEGERS = re.compile(r"\b(?:local|declare) -\w*i\w*((?: \w+(?:=\S+)?)+)")
# Values made here: a count, a status, a literal, the clock, and results of calculations with proved values.
MADE = re.compile(r"\"?(\d+$|\$\?|\$\(\(|\$\{#|\$\{PIPESTATUS|\$NOW$|\$\((exec )?date \+%s\)|\$\{?(BASH_)?LINENO|$)")
NAME = re.compile(r"(?P<length>\$\{#)?(?<![\w.])(?:10#)?\$?\{?(?P<name>[A-Za-z_]\w*|(?<=\$)\d|(?<=\$\{)\d)")
COPIED = re.compile(r"\"?\$\{?(\w+)\}?\"?")
OFFSET = re.compile(r"\$\{\w+(?:\[[@*]\])?:(\$?\w+)(?::(\$?\w+))?\}")
SUBSCRIPT = re.compile(r"\b(\w+)\[(\$?\w+)\]")
TABLE = re.compile(r"\b(?:local|declare) -\w*A\w*((?: \w+(?:=\(\))?)+)")
QUOTED = re.compile(r"'[^']*'")
OPENED = re.compile(r"(?<=[\s=(])'(?!')")  # (an apostrophe follows a letter)


def unproved(text: str) -> Iterator[tuple[int, str]]:
    """(line, name) of every value in the shell file `text` that is calculated with but not proved."""
    tables = frozenset(word.partition("=")[0] for match in TABLE.finditer(text) for word in match[1].split())
    function = _Function(tables)
    for number, line in enumerate(_unquoted(text.splitlines()), 1):
        if begun(line):
            function = _Function(tables)
        for name in function.look_at(line):
            yield number, name


def _unquoted(lines: list[str]) -> Iterator[str]:
    """The lines without comments and without text in single quotes, such as an awk program of several lines."""
    quoted = False
    for line in lines:
        if quoted:
            _, end, line = line.partition("'")
            quoted = not end
        elif line.lstrip().startswith("#"):
            line = ""
        line = QUOTED.sub("''", line)
        opened = OPENED.search(line)
        if opened:
            line, quoted = line[: opened.start()], True
        yield "" if quoted and not opened else line


class _Function:
    """What is known of the names of one function, line by line."""

    def __init__(self, tables: frozenset[str]) -> None:
        self._tables = tables
        self._foreign: set[str] = {str(digit) for digit in range(1, 10)} | {"SAID", "REPLY"}

    def look_at(self, line: str) -> Iterator[str]:
        for match in PROVED.finditer(line):
            self._foreign.difference_update(match[1].split())
        self._foreign.difference_update(TESTED.findall(line))
        yield from dict.fromkeys(name for name in self._calculated(line) if name in self._foreign)
        self._assign(line)

    def _calculated(self, line: str) -> Iterator[str]:
        for expression in _expressions(line, self._tables):
            for match in NAME.finditer(expression):
                if not match["length"]:
                    yield match["name"]
        for match in INTEGERS.finditer(line):
            for word in match[1].split():
                _, _, value = word.partition("=")
                if value and not MADE.match(value):
                    yield from (found["name"] for found in NAME.finditer(value))

    def _assign(self, line: str) -> None:
        found = {name: self._is_made(value) for name, _, value in ASSIGNED.findall(line)}
        for match in READ.finditer(line):
            found |= dict.fromkeys(re.findall(r"(?<!-)\b[A-Za-z_]\w*", match[1]), False)
        # a proof may follow the assignment on the same line
        proved = {name for match in PROVED.finditer(line) for name in match[1].split()}
        for name, made in found.items():
            if name not in proved:
                (self._foreign.discard if made else self._foreign.add)(name)

    def _is_made(self, value: str) -> bool:
        copied = COPIED.fullmatch(value)
        return copied[1] not in self._foreign if copied else bool(MADE.match(value))


def _expressions(line: str, tables: frozenset[str]) -> Iterator[str]:
    at = line.find("((")
    while at >= 0:
        depth, end = 0, at
        while end < len(line):
            depth += {"(": 1, ")": -1}.get(line[end], 0)
            end += 1
            if depth == 0:
                break
        yield line[at + 2 : end - 2]
        at = line.find("((", end)
    for match in COMPARED.finditer(line):
        yield from match.groups()
    for match in OFFSET.finditer(line):
        yield from filter(None, match.groups())
    for name, subscript in SUBSCRIPT.findall(line):
        if name.islower() and name not in tables:
            yield subscript
