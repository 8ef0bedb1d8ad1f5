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
# words that argparse takes as a value although they begin with a dash
NEGATIVE = re.compile(r"-\d+|-\d*\.\d+")
# options that name a file or folder of the undercloud; they must not depend on the working directory
PLACES = frozenset(("--environment-directory", "--answers-file"))
At = TypeVar("At")


@dataclass(frozen=True)
class Option:
    """An option: `name` is its longest spelling, `value` whether it takes one, `number` whether that is an integer."""

    name: str
    names: tuple[str, ...]
    value: bool
    choices: tuple[str, ...] = ()
    number: bool = False


@dataclass(frozen=True)
class Parser:
    """The options of one parser by each of their names, and the sets of options that exclude each other."""

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
    """Two parsers: the application's, which reads the whole line first and takes its options out, and the command's."""
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
    """The options that the client may take `word` for: several if it is ambiguous, none if it is unknown."""
    application, command = parsers()
    return application.meanings(word) or command.meanings(word)


def names() -> frozenset[str]:
    """Every name of an option."""
    return frozenset(name for parser in parsers() for name in parser.options)


def exclusive() -> Iterable[frozenset[str]]:
    """Sets of options that exclude each other."""
    return [pair for parser in parsers() for pair in parser.exclusive]


@dataclass(frozen=True)
class Given(Generic[At]):
    """An option of `extra_args` at `path`; `value`, at `value_path`, is None where it has none."""

    option: Option
    path: At
    value: str | None
    value_path: At


def given(words: Iterable[tuple[At, str]]) -> list[Given[At]]:
    """The options among `words` that the client would understand, each with its place, in order."""
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


def unknown(words: Iterable[str]) -> list[str]:
    """The options among `words` that this release's client does not have, without their values, each once."""
    found = (word for word in words if not is_value(word) and not meanings(word))
    return list(dict.fromkeys(word.partition("=")[0] if word.startswith("--") else word[:2] for word in found))


def is_value(word: str) -> bool:
    """Whether argparse takes `word` as a value rather than an option."""
    return not word.startswith("-") or word == "-" or NEGATIVE.fullmatch(word) is not None


def own_value(word: str) -> str:
    """The part of `word` that is the option's value, as in `--option=value`, `-tvalue` or `-t=value`."""
    return word.partition("=")[2] if word.startswith("--") or word[2:3] == "=" else word[2:]
