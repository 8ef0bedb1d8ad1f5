"""The state of a script at one of its statements: variables, functions, the current folder. A value may be unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from osp_compile.importing.shell_tree import Tree

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


@dataclass(frozen=True)
class Variable:
    """A scalar has one item; an array any number of them."""

    items: tuple[Item, ...]
    array: bool = False
    line: int = 0


def unknown(reason: str, line: int = 0) -> Variable:
    return Variable((Item("", reason),), line=line)


@dataclass(frozen=True)
class Undercloud:
    """The user whose shell ran the script; `script` is the script's own path on the undercloud, if it is known."""

    user: str = "stack"
    home: str = "/home/stack"
    script: str | None = None
    folder: str | None = None


@dataclass
class Scope:
    """The variables and functions that are set so far; `given` has the values of `$1`, `$2`, ..., or is None if
    unknown.

    `read` lists the files that were sourced; these may have set any variable that is not set here.
    """

    undercloud: Undercloud
    folder: Item
    variables: dict[str, Variable] = field(default_factory=dict)
    functions: dict[str, Tree] = field(default_factory=dict)
    given: tuple[Item, ...] | None = None
    read: tuple[str, ...] = ()

    def fork(self) -> Scope:
        return replace(self, variables=dict(self.variables), functions=dict(self.functions))

    def become(self, other: Scope) -> None:
        self.variables, self.functions, self.folder = other.variables, other.functions, other.folder
        self.given, self.read = other.given, other.read

    def either(self, one: Scope, other: Scope, line: int) -> None:
        """Keeps what both scopes agree on, after a condition whose outcome is unknown."""
        reason = f"it depends on what was found when the script ran (line {line})"
        self.become(one)
        self.variables = {
            name: _same(one.variables, other.variables, name, reason)
            for name in (*one.variables, *(name for name in other.variables if name not in one.variables))
        }
        if one.folder != other.folder:
            self.folder = Item("", f"the folder it runs in depends on a condition (line {line})")
        if one.given != other.given:
            self.given = None
        self.read = (*one.read, *(file for file in other.read if file not in one.read))


def _same(one: Mapping[str, Variable], other: Mapping[str, Variable], name: str, reason: str) -> Variable:
    found = one.get(name), other.get(name)
    if found[0] is not None and found[1] is not None and found[0].items == found[1].items:
        return found[0]
    return unknown(reason)
