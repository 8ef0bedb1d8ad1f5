"""The functions of a bundle and which others each uses, in the order in which a reviewer has to look them up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from osp_compile.bundle.library import answers_to
from osp_compile.shell.functions import spans
from osp_compile.shell.words import in_reading_order

ENGINE = "lib/engine/"


@dataclass(frozen=True)
class Function:
    """A function; `line` (from 1) is where it begins in `file`, `comment` are the lines of the comment above it.

    Functions without a blank line between them share the comment above the first.
    """

    name: str
    file: str
    line: int
    text: str
    comment: tuple[str, ...]


@dataclass(frozen=True)
class Shell:
    """The shell of a bundle: {path: text} of its scripts and of its library."""

    texts: Mapping[str, str]

    @cached_property
    def functions(self) -> Mapping[str, tuple[Function, ...]]:
        """{path: functions} of each file, in the order of the file."""
        return {file: tuple(_functions(file, text)) for file, text in sorted(self.texts.items())}

    @cached_property
    def _library(self) -> Mapping[str, tuple[Function, ...]]:
        """The library's functions by the words that call them; `claim KIND` calls claim_KIND."""
        found: dict[str, dict[str, Function]] = {}
        for file, functions in self.functions.items():
            for function in functions if file.startswith("lib/") else ():
                for word in answers_to(function.name):
                    found.setdefault(word, {}).setdefault(function.name, function)
        return {word: tuple(functions.values()) for word, functions in found.items()}

    def called(self, name: str, script: str) -> tuple[Function, ...]:
        """The functions that the word `name` may call in `script`: its own or the library's; none for a program."""
        own = tuple(one for one in self.functions.get(script, ()) if one.name == name)
        return own or self._library.get(name, ())

    def uses(self, function: Function, script: str) -> tuple[Function, ...]:
        """The functions that this one may call, in reading order; words that are only arguments count too."""
        found = [one for word in in_reading_order(function.text) for one in self.called(word, script)]
        return tuple(one for one in dict.fromkeys(found) if one.name != function.name)

    def closure(self, begin: Iterable[Function], script: str) -> tuple[Function, ...]:
        """`begin`, then each function in the order in which a reader first meets it.

        The engine's functions come last, since a reader seldom looks there.
        """
        met = dict.fromkeys(begin)
        later: dict[Function, None] = {}
        for one in _growing(met):
            for used in self.uses(one, script):
                (later if used.file.startswith(ENGINE) else met).setdefault(used)
        for one in _growing(later):
            later.update(dict.fromkeys(used for used in self.uses(one, script) if used not in met))
        return (*met, *later)


def _growing(found: Mapping[Function, None]) -> Iterator[Function]:
    """Yields each key once, also keys that are added during the iteration."""
    at = 0
    while at < len(found):
        yield from [*found][at : (at := len(found))]


def _functions(file: str, text: str) -> Iterator[Function]:
    lines = text.splitlines()
    begins: dict[int, int] = {}  # by the line on which it ends
    for name, first, last in spans(text):
        begins[last] = first
        yield Function(name, file, first, "\n".join(lines[first - 1 : last]), _comment(lines, first, begins))


def _comment(lines: list[str], first: int, begins: Mapping[int, int]) -> tuple[str, ...]:
    above = first - 1
    while above in begins:
        above = begins[above] - 1
    end = above
    while above > 0 and lines[above - 1].startswith("#"):
        above -= 1
    return tuple(lines[above:end])
