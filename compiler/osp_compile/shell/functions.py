"""The functions of a shell file: where each begins and ends, and the text outside of all.

The files are laid out by shfmt: a function begins in the first column, and ends there or on its own line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

HEAD = re.compile(r"([A-Za-z_]\w*)\(\) ?[{(]")
ENDS = ("}", ")")


def begun(line: str) -> str:
    """The name of the function that begins on this line, in its first column; empty where none does."""
    found = HEAD.match(line)
    return found[1] if found else ""


@lru_cache(maxsize=1024)  # the library, the page and the lint ask for the same files
def spans(text: str) -> tuple[tuple[str, int, int], ...]:
    """(name, first line, last line) of each function; lines count from 1."""
    return tuple(_spans(text))


def _spans(text: str) -> Iterator[tuple[str, int, int]]:
    name, first = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if not name:
            name, first = begun(line), number
            if not name or not line.rstrip().endswith(ENDS):
                continue
        elif not line.startswith(ENDS):
            continue
        yield name, first, number
        name = ""


def names(text: str) -> list[str]:
    """The names of the functions that begin in the text, ended or not; one that is defined twice comes twice."""
    return [name for line in text.splitlines() if (name := begun(line))]


def body(text: str, name: str) -> list[str]:
    """The lines between the brackets of a function; none if the text has no such function."""
    lines = parted(text)[0].get(name, "").splitlines()
    if len(lines) == 1 and (found := HEAD.match(lines[0])):
        return [lines[0][found.end() :].rstrip()[:-1].strip().removesuffix(";")]
    return lines[1:-1]


def is_one_statement(text: str, name: str) -> bool:
    """Whether a function is one statement, over however many lines, in which nothing is separated by `;`."""
    lines = body(text, name)
    return ";" not in "".join(lines) and all(line.endswith(("\\", "&&")) for line in lines[:-1])


@lru_cache(maxsize=1024)
def parted(text: str) -> tuple[dict[str, str], str]:
    """{name: text} of the functions, and the text outside of them, which runs where the file is sourced."""
    lines = text.splitlines()
    found: dict[str, str] = {}
    outside: list[str] = []
    done = 0
    for name, first, last in spans(text):
        found[name] = found.get(name, "") + "\n".join(lines[first - 1 : last]) + "\n"
        outside += lines[done : first - 1]
        done = last
    return found, "\n".join([*outside, *lines[done:], ""])
