"""`getopts`: the options of the words that a script or a function was called with, one after the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from osp_compile.importing.bash.values import Item, Scope, Variable, problem_of


@dataclass(frozen=True)
class _Option:
    """What `getopts` finds: the letter of an option, its value if it takes one, and where the next one is looked for.

    A place is the number of a word, from 1, and of a letter within it. `ends` is true after the last option.
    """

    letter: str
    following: tuple[int, int]
    value: str | None = None
    ends: bool = False


def options(scope: Scope, given: Sequence[Item], line: int) -> bool:
    """`getopts`: sets its variables if the words of the call are known; whether it has done so."""
    if len(given) != 2 or scope.given is None or problem_of((*given, *scope.given)):
        return False
    letters, name = given[0].text, given[1].text
    found = _option([item.text for item in scope.given], letters, *_goes_on_at(scope))
    if found is not None:
        _take(scope, name, found, line)
    return found is not None


def _goes_on_at(scope: Scope) -> tuple[int, int]:
    """The place at which `getopts` looks for the next option; (0, 1) if it is unknown."""
    counted = scope.variables.get("OPTIND")
    at = 1 if counted is None or counted.unset else _number(counted)
    return at, scope.option_at[1] if scope.option_at[0] == at else 1


def _number(counted: Variable) -> int:
    text = counted.items[0].text if counted.items and not counted.items[0].problem else ""
    return int(text) if re.fullmatch("[1-9][0-9]{0,5}", text) else 0


def _option(words: Sequence[str], letters: str, at: int, letter: int) -> _Option | None:
    """The option at that place, or the end of the options; None for what is not worked out here."""
    word = words[at - 1] if 0 < at <= len(words) else ""
    if at < 1 or word == "--":
        return None
    if not word.startswith("-") or word == "-":
        return _Option("?", (at, 1), ends=True)
    option, where = word[letter], letters.find(word[letter])
    if where < 0 or option == ":":
        return None
    if letters[where + 1 : where + 2] == ":":
        return _with_value(words, at, letter)
    return _Option(option, (at, letter + 1) if letter + 1 < len(word) else (at + 1, 1))


def _with_value(words: Sequence[str], at: int, letter: int) -> _Option | None:
    """The option at that place with its value: the rest of its word, or else the next word."""
    option, rest = words[at - 1][letter], words[at - 1][letter + 1 :]
    if rest:
        return _Option(option, (at + 1, 1), rest)
    return _Option(option, (at + 2, 1), words[at]) if at < len(words) else None


def _take(scope: Scope, name: str, found: _Option, line: int) -> None:
    """Sets what `getopts NAME` sets."""
    texts = {name: found.letter}
    if found.value is not None:
        texts["OPTARG"] = found.value
    elif name != "OPTARG" and "OPTARG" in scope.variables:
        scope.variables["OPTARG"] = Variable((Item(""),), line=line, unset=True)
    texts["OPTIND"] = str(found.following[0])
    for each, text in texts.items():
        scope.variables[each] = Variable((Item(text),), line=line)
    scope.option_at, scope.succeeded = found.following, not found.ends
