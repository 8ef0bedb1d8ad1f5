"""The functions of the library: where each is defined, the comment above it, and which others it uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from osp_compile.shell.functions import parted, spans
from osp_compile.shell.words import words

ENGINE = "engine/"


@dataclass(frozen=True)
class Word:
    """A function: `place` is file:line, `said` the comment above it, `text` its shell, `uses` what may be functions."""

    name: str
    place: str
    said: str
    text: str
    uses: frozenset[str]

    @property
    def of_the_engine(self) -> bool:
        """Whether the function belongs to the engine, which runs every step, rather than to a single system."""
        return self.place.startswith(ENGINE)


Vocabulary = Mapping[str, Word]


@cache
def vocabulary(runtime: Path) -> Vocabulary:
    """{name: word} of the library in the folder `runtime`; of a name that two files define, the first by path."""
    found: dict[str, Word] = {}
    for file in sorted(runtime.rglob("*.sh")):
        for word in words_of(file.read_text("utf-8"), file.relative_to(runtime).as_posix()):
            found.setdefault(word.name, word)
    return found


def words_of(text: str, file: str) -> list[Word]:
    """The functions of one file, in its order."""
    lines = text.splitlines()
    functions = parted(text)[0]
    return [
        Word(name, f"{file}:{first}", _said(lines, first - 1), functions[name], words(functions[name]))
        for name, first, _ in spans(text)
    ]


def _said(lines: list[str], at: int) -> str:
    """The comment that ends right above line `at` (from 0), in one paragraph."""
    start = at
    while start and lines[start - 1].startswith("#"):
        start -= 1
    said = [line.lstrip("#").strip() for line in lines[start:at]]
    return " ".join(line for line in said if not line.startswith("shellcheck ")).strip()


def closure(names: Iterable[str], own: Vocabulary, library: Vocabulary) -> list[Word]:
    """The words of these names and all that they use, nearest first; what the engine's own words use is left out."""
    found: dict[str, Word] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        word = own.get(name) or library.get(name)
        if word is None or name in found:
            continue
        found[name] = word
        if not word.of_the_engine:
            waiting += sorted(word.uses)
    return list(found.values())
