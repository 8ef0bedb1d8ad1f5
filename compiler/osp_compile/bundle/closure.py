"""The functions of a bundle and what each of them uses: what a reviewer has to look up, in that order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from osp_compile.bundle.library import answers_to
from osp_compile.guide.model import PARTS
from osp_compile.shell.functions import spans
from osp_compile.shell.words import in_reading_order

Key = TypeVar("Key")
LIBRARY, ENGINE = "lib/", "lib/engine/"


@dataclass(frozen=True, eq=False)  # (one by one: equal fields would be hashed with every look into a closure)
class Function:
    """A function; `line` (from 1) is where it begins in `file`, `comment` are the lines of the comment above it.

    Functions without a blank line between them share the comment above the first.
    """

    name: str
    file: str
    line: int
    text: str
    comment: tuple[str, ...]

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def of_the_engine(self) -> bool:
        """Whether it belongs to what runs every step, not to what a step does."""
        return self.file.startswith(ENGINE)

    @property
    def said(self) -> str:
        """The comment in one paragraph."""
        lines = (line.lstrip("#").strip() for line in self.comment)
        return " ".join(line for line in lines if line and not line.startswith("shellcheck "))


@dataclass(frozen=True)
class Reached:
    """What some functions reach: `own` without going through the engine, `engine` all else, both in reading order."""

    own: tuple[Function, ...]
    engine: tuple[Function, ...]


class Shell:
    """The shell of a bundle: {path: text} of its scripts and of its library, which lies under lib/."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.functions: Mapping[str, tuple[Function, ...]] = {
            file: functions_of(file, text) for file, text in sorted(texts.items())
        }
        self._uses: dict[tuple[Function, str], tuple[Function, ...]] = {}
        self._own: dict[str, dict[str, tuple[Function, ...]]] = {}

    @cached_property
    def library(self) -> Mapping[str, Function]:
        """Its functions by their names; one of two files counts for the first by path."""
        found: dict[str, Function] = {}
        for file, functions in self.functions.items():
            for function in functions if file.startswith(LIBRARY) else ():
                found.setdefault(function.name, function)
        return found

    @cached_property
    def _called(self) -> Mapping[str, tuple[Function, ...]]:
        """The library's by the words that call them; `claim KIND` calls claim_KIND."""
        found: dict[str, list[Function]] = {}
        for function in self.library.values():
            for word in answers_to(function.name):
                found.setdefault(word, []).append(function)
        return {word: tuple(functions) for word, functions in found.items()}

    def called(self, name: str, script: str) -> tuple[Function, ...]:
        """What the word `name` calls in `script`: a function of its own, or of the library; none for a program."""
        return self._of_script(script).get(name) or self._called.get(name, ())

    def _of_script(self, script: str) -> Mapping[str, tuple[Function, ...]]:
        if script not in self._own:
            found: dict[str, tuple[Function, ...]] = {}
            for one in self.functions.get(script, ()):
                found[one.name] = (*found.get(one.name, ()), one)
            self._own[script] = found
        return self._own[script]

    def uses(self, function: Function, script: str) -> tuple[Function, ...]:
        """The functions that this one may call, in reading order; a word that is only an argument counts too."""
        key = function, self.scope(function, script)
        if key not in self._uses:
            found = [one for word in in_reading_order(function.text) for one in self.called(word, script)]
            self._uses[key] = tuple(one for one in dict.fromkeys(found) if one.name != function.name)
        return self._uses[key]

    def scope(self, function: Function, script: str) -> str:
        """`script` if it defines a word of the function; else "": most functions use the same in every script."""
        return "" if self._of_script(script).keys().isdisjoint(in_reading_order(function.text)) else script

    def closure(self, begin: Iterable[Function], script: str) -> Reached:
        """`begin`, then each function that a reader meets for the first time from there on, until none is left.

        What the engine has comes after all else: he looks there last, if at all.
        """
        met, later = self._met(begin, script)
        for one in growing(later):
            later.update(dict.fromkeys(used for used in self.uses(one, script) if used not in met))
        return Reached((*met,), (*later,))

    def _met(self, begin: Iterable[Function], script: str) -> tuple[dict[Function, None], dict[Function, None]]:
        """What is met before a reader goes on in the engine, and what of the engine is called from there."""
        met = dict.fromkeys(begin)
        later: dict[Function, None] = {}
        for one in growing(met):
            for used in self.uses(one, script):
                (later if used.of_the_engine else met).setdefault(used)
        return met, later

    def parts(self, step: str, script: str, parts: Iterable[str] = PARTS) -> tuple[Function, ...]:
        """The functions that the runtime calls for the step of this name, of `parts` those that it has."""
        own = self._of_script(script)
        return tuple(one for part in parts for one in own.get(f"{step}_{part}", ()))

    def of_step(self, step: str, script: str, parts: Iterable[str] = PARTS) -> Reached:
        """All that the step of this name runs, or these `parts` of it."""
        return self.closure(self.parts(step, script, parts), script)


def growing(found: Mapping[Key, None]) -> Iterator[Key]:
    """Each key once, those that are added meanwhile too."""
    at = 0
    while at < len(found):
        yield from [*found][at : (at := len(found))]


@cache
def library_texts(runtime: Path) -> Mapping[str, str]:
    """{path in a bundle: text} of the library in the folder `runtime`."""
    files = sorted(runtime.rglob("*.sh"))
    return {f"{LIBRARY}{file.relative_to(runtime).as_posix()}": file.read_text("utf-8") for file in files}


@lru_cache(maxsize=1024)  # a bundle is rendered twice, of one library
def functions_of(file: str, text: str) -> tuple[Function, ...]:
    """Those of a file, as they stand in it."""
    lines = text.splitlines()
    begins: dict[int, int] = {}  # by the line on which it ends
    found = []
    for name, first, last in spans(text):
        begins[last] = first
        found.append(Function(name, file, first, "\n".join(lines[first - 1 : last]), _comment(lines, first, begins)))
    return tuple(found)


def _comment(lines: list[str], first: int, begins: Mapping[int, int]) -> tuple[str, ...]:
    above = first - 1
    while above in begins:
        above = begins[above] - 1
    end = above
    while above > 0 and lines[above - 1].startswith("#"):
        above -= 1
    return tuple(lines[above:end])
