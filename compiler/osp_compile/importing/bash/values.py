"""The state of a script at one of its statements: variables, functions, the current folder. A value may be unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import takewhile

from osp_compile.importing.bash.tree import Script, Tree

LONGEST = 64 * 1024  # the largest number of characters in a value


@dataclass(frozen=True)
class Item:
    """A text, or the reason why it is unknown; `assumed` says what was taken for granted to work it out."""

    text: str
    problem: str | None = None
    assumed: str | None = None

    def __add__(self, other: Item) -> Item:
        text = self.text + other.text
        problem = self.problem or other.problem or ("it grows without end" if len(text) > LONGEST else None)
        return Item(text[:LONGEST], problem, self.assumed or other.assumed)


def problem_of(items: Iterable[Item]) -> str | None:
    """The first reason why one of these texts is unknown; None if all are known."""
    return next((item.problem for item in items if item.problem), None)


def assumed_of(items: Iterable[Item]) -> str | None:
    """The first thing that was taken for granted to work one of these texts out; None without any."""
    return next((item.assumed for item in items if item.assumed), None)


@dataclass(frozen=True)
class Variable:
    """A scalar has one item; an array any number of them. `unset` is one that the script itself has unset.

    `keys` are the keys of an associative array, one for each item; None for any other variable.
    """

    items: tuple[Item, ...]
    array: bool = False
    line: int = 0
    unset: bool = False
    keys: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Function:
    """The body of a function, and the script in which it is written."""

    script: Script
    body: Tree


def unknown(reason: str, line: int = 0) -> Variable:
    return Variable((Item("", reason),), line=line)


@dataclass(frozen=True)
class Undercloud:
    """The user whose shell ran the script; `script` is the script's own path on the undercloud, if it is known."""

    user: str = "stack"
    home: str = "/home/stack"
    script: str | None = None
    folder: str | None = None


@dataclass(frozen=True)
class Aliases:
    """The aliases that are expanded, after `shopt -s expand_aliases`: {name: (text, line)}."""

    expanded: bool = False
    texts: Mapping[str, tuple[Item, int]] = field(default_factory=dict)


@dataclass
class Scope:
    """The variables and functions that are set so far; `given` has the values of `$1`, `$2`, ..., or is None if
    unknown.

    `read` lists the files that were sourced; these may have set any variable that is not set here. `folders` is the
    stack of `pushd`. `over` is true where nothing more runs on this way, as after `exit`.
    `input` is what is left of the standard input, None where nothing is known of it; `succeeded` says whether the last
    `read` or `getopts` found something, None if unknown. `option_at` is where `getopts` goes on: its OPTIND, and the
    letter within that word. `frozen` are the names that `readonly` guards; `literal` is true after `set -f`,
    `stops` after `set -e`.
    """

    undercloud: Undercloud
    folder: Item
    variables: dict[str, Variable] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    given: tuple[Item, ...] | None = None
    read: tuple[str, ...] = ()
    exported: frozenset[str] = frozenset()
    folders: tuple[Item, ...] = ()
    over: bool = False
    input: Item | None = None
    succeeded: bool | None = None
    option_at: tuple[int, int] = (1, 1)
    frozen: frozenset[str] = frozenset()
    literal: bool = False
    stops: bool = False
    aliases: Aliases | None = None

    def fork(self) -> Scope:
        return replace(self, variables=dict(self.variables), functions=dict(self.functions))

    def become(self, other: Scope) -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(other, one.name))

    def inner(self, exported: bool) -> Scope:
        """The state that a script within this one begins with; `exported` for a shell that inherits variables."""
        kept = {name: value for name, value in self.variables.items() if exported and name in self.exported}
        return Scope(self.undercloud, self.folder, kept, read=self.read, input=self.input)

    def either(self, one: Scope, other: Scope, line: int, why: str | None = None) -> None:
        """Keeps what both scopes agree on, after a condition whose outcome is unknown; a way that is over is left.

        `why` is the reason to give for what they do not agree on, where more is known than the condition's line.
        """
        if one.over or other.over:
            self.become(other if one.over else one)
            return
        reason = why or f"it depends on what was found when the script ran (line {line})"
        self.become(one)
        self.variables = _agreed(one.variables, other.variables, reason)
        folder = Item("", f"the folder it runs in depends on a condition (line {line})")
        unsettled = {"folder": folder, "given": None, "folders": (), "input": Item("", reason), "aliases": None}
        for name in _differing(one, other, unsettled):
            setattr(self, name, unsettled[name])
        if one.option_at != other.option_at or one.succeeded != other.succeeded:
            self.option_at, self.succeeded = (0, 0), None
        self.frozen, self.literal = one.frozen & other.frozen, one.literal and other.literal
        self.stops = one.stops and other.stops
        self.read = _all_of(one.read, other.read)


def _differing(one: Scope, other: Scope, names: Iterable[str]) -> list[str]:
    """Those of these fields that the scopes do not agree on."""
    return [name for name in names if getattr(one, name) != getattr(other, name)]


def _all_of(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The files of both ways, those of the first before what only the other has read."""
    return (*one, *(file for file in other if file not in one))


def _agreed(one: Mapping[str, Variable], other: Mapping[str, Variable], reason: str) -> dict[str, Variable]:
    """The variables of both ways; what they do not agree on is unknown for that reason."""
    return {name: _same(one, other, name, reason) for name in dict.fromkeys((*one, *other))}


def _same(one: Mapping[str, Variable], other: Mapping[str, Variable], name: str, reason: str) -> Variable:
    found = one.get(name), other.get(name)
    if found[0] is not None and found[1] is not None:
        if (found[0].items, found[0].keys) == (found[1].items, found[1].keys):
            return found[0]
        if found[0].array and found[1].array and found[0].keys is None and found[1].keys is None:
            return replace(found[0], items=(*_common(found[0].items, found[1].items), Item("", reason)))
    return unknown(reason)


def _common(one: tuple[Item, ...], other: tuple[Item, ...]) -> tuple[Item, ...]:
    """The entries that both arrays begin with, as of a command that a condition adds options to."""
    return tuple(item for item, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
