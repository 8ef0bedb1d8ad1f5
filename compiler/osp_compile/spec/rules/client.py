"""The options of `openstack overcloud deploy` as the client's own parsers have them: specs/deploy-options.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from osp_compile.assets import SPECS

FILE = SPECS / "deploy-options.json"
# what argparse takes for a value although it begins with a dash
NEGATIVE = re.compile(r"-\d+|-\d*\.\d+")
At = TypeVar("At")


@dataclass(frozen=True)
class Option:
    """`name` is its longest; `value` says whether it takes one, `choices` which, `number` that it is a whole number."""

    name: str
    names: tuple[str, ...]
    value: bool
    choices: tuple[str, ...] = ()
    number: bool = False


@dataclass(frozen=True)
class Parser:
    """The options of one parser, by every name of theirs, and the pairs of which it takes one."""

    options: Mapping[str, Option]
    exclusive: tuple[frozenset[str], ...]

    def meanings(self, word: str) -> tuple[Option, ...]:
        """The options that `word` fits, whole or abbreviated, as argparse has it."""
        name = word.partition("=")[0] if word.startswith("--") else word[:2]
        if name in self.options:
            return (self.options[name],)
        if len(name) < 3:
            return ()
        found = {option.name: option for long, option in self.options.items() if long.startswith(name)}
        return tuple(found[key] for key in sorted(found))


@cache
def parsers() -> tuple[Parser, Parser]:
    """The application's, which reads the whole line first and takes its own options out, and the command's."""
    document = json.loads(FILE.read_text("utf-8"))
    return _parser(document["application"]), _parser(document["command"])


def _parser(document: Mapping[str, Any]) -> Parser:
    options = [_option(one) for one in document["options"]]
    return Parser(
        {name: option for option in options for name in option.names},
        tuple(frozenset(pair) for pair in document["exclusive"]),
    )


def _option(one: Mapping[str, Any]) -> Option:
    names = tuple(one["names"])
    return Option(max(names, key=len), names, bool(one["value"]), tuple(one.get("choices", ())), "number" in one)


def meanings(word: str) -> tuple[Option, ...]:
    """What the client takes `word` for: more than one option where it would not know, none where it has no such."""
    application, command = parsers()
    return application.meanings(word) or command.meanings(word)


def names() -> frozenset[str]:
    """Every name of an option."""
    return frozenset(name for parser in parsers() for name in parser.options)


def exclusive() -> Iterable[frozenset[str]]:
    """Sets of options of which the client takes one."""
    return [pair for parser in parsers() for pair in parser.exclusive]


@dataclass(frozen=True)
class Given(Generic[At]):
    """An option of `extra_args` at `path`; `value`, at `value_path`, is None where it has none."""

    option: Option
    path: At
    value: str | None
    value_path: At


def given(words: Iterable[tuple[At, str]]) -> list[Given[At]]:
    """Every option among `words`, each with its place, that the client would understand, in order."""
    found: list[Given[At]] = []
    due = False
    for path, word in words:
        if is_value(word):
            if due:
                found[-1] = Given(found[-1].option, found[-1].path, word, path)
            due = False
            continue
        meant = meanings(word)
        due = len(meant) == 1 and meant[0].value and not own_value(word)
        if len(meant) == 1:
            found.append(Given(meant[0], path, own_value(word) or None, path))
    return found


def is_value(word: str) -> bool:
    """Whether argparse takes `word` for a value and not for an option."""
    return not word.startswith("-") or word == "-" or NEGATIVE.fullmatch(word) is not None


def own_value(word: str) -> str:
    """What of `word` is the option's value: `--option=value`, `-tvalue`."""
    return word.partition("=")[2] if word.startswith("--") else word[2:]
