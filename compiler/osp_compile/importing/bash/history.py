"""Turns lines of a shell's history, or of a copied terminal, into the script that they are.

The number, time or prompt before a command is replaced by blanks, so that columns stay the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from osp_compile.importing.text import Text

NUMBER = re.compile(r"^\s*\d+\*?\s+(?:(?:\d{4}-\d\d-\d\d|\d\d/\d\d/\d\d(?:\d\d)?)[ T]\d\d:\d\d(?::\d\d)?\s+)?(?=\S)")
PROMPT = re.compile(
    r"^\s*(?:\([^)]{1,40}\) ?)*\[\w[\w.-]*@[\w.-]+ (?P<folder>[^]]*)\][$#] ?|^\s*\w[\w.-]*@[\w.-]+:(?P<at>\S*)[$#] "
)
# `$ ` before what is typed, or `+ ` before what `bash -x` has run: only where the first line begins so
SHORT = re.compile(r"^\s*(?:\([^)]{1,40}\) ?)?(?:\$|\++) (?=\S)(?P<folder>)(?P<at>)")
MORE = re.compile(r"^\s*> ?")


@dataclass(frozen=True)
class Part:
    """Lines of a file that are one script, from the line `first` on; `folder` is set if the prompt shows it."""

    text: str
    first: int
    folder: str | None = None


def parts(text: Text) -> list[Part]:
    """The parts of the file, each to be read as a script of its own; an ordinary script is one part."""
    if any(PROMPT.match(line) for line in text.lines):
        return _terminal(text.lines, PROMPT)
    if SHORT.match(next((line for line in text.lines if line.strip()), "")):
        return _terminal(text.lines, SHORT)
    if _is_numbered([line for line in text.lines if line.strip()]):
        return _history(text.lines, NUMBER)
    if text.file.endswith("history"):
        return _history(text.lines, re.compile(""))
    return [Part(text.all, 1)]


def _is_numbered(lines: Sequence[str]) -> bool:
    """Whether the first line and most of them begin as `history` prints them."""
    begins = [bool(NUMBER.match(line)) for line in lines]
    return any(begins[:1]) and sum(begins) * 2 > len(lines)


def _history(lines: Sequence[str], start: re.Pattern[str]) -> list[Part]:
    found: list[Part] = []
    for number, line in enumerate(lines, 1):
        begins = start.match(line)
        goes_on = bool(found) and found[-1].text.endswith("\\")
        if begins and not goes_on:
            found.append(Part(" " * begins.end() + line[begins.end() :], number))
        elif found:
            found[-1] = Part(f"{found[-1].text}\n{line}", found[-1].first)
    return found


def _terminal(lines: Sequence[str], start: re.Pattern[str]) -> list[Part]:
    """Commands after prompts, with their `> ` lines; what the commands printed is left out."""
    found: list[Part] = []
    for number, line in enumerate(lines, 1):
        prompt = start.match(line)
        if prompt:
            shown = prompt["folder"] or prompt["at"] or ""
            folder = shown if shown.startswith(("/", "~")) else None
            found.append(Part(" " * prompt.end() + line[prompt.end() :], number, folder))
        elif found and found[-1].text.endswith("\\"):
            more = MORE.match(line)
            begun = more.end() if more else 0
            found[-1] = Part(f"{found[-1].text}\n{' ' * begun}{line[begun:]}", found[-1].first, found[-1].folder)
    return found
