"""The ways that a script may take, of which not all go on: through branches, out of loops, functions and the script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from osp_compile.diagnostics import Span
from osp_compile.importing.bash.beside import Beside
from osp_compile.importing.bash.commands import Call
from osp_compile.importing.bash.tree import Script, Tree
from osp_compile.importing.bash.values import Item, Scope, Variable
from osp_compile.importing.bash.words import Word, Words
from osp_compile.importing.text import number_of

LEAVES = frozenset(("exit", "return", "break", "continue", "die"))  # `die` if the script has no function of that name


@dataclass
class Ways:
    """Where a walk is: the lines of the conditions around it, and the ways that have left a function or a loop.

    `returns` has a list for each function that is being walked, `rounds` a pair for each loop: the ways that have left
    the round by `continue`, and the loop by `break`. `ends` says whether `exit` outside of a function ends the walk; in
    a list of commands that were typed it ended a shell.
    """

    conditions: list[int] = field(default_factory=list)
    returns: list[list[Scope]] = field(default_factory=list)
    rounds: list[tuple[list[Scope], list[Scope]]] = field(default_factory=list)
    ends: bool = True

    @contextmanager
    def condition(self, line: int | None) -> Iterator[None]:
        """What is walked here runs only if the condition of that line is met; None: it runs in any case."""
        if line is not None:
            self.conditions.append(line)
        yield
        if line is not None:
            self.conditions.pop()

    def leave(self, scope: Scope, name: str, given: Sequence[Word]) -> None:
        """`exit`, `return`, `break`, `continue`: nothing that follows runs on this way."""
        way = scope.fork()
        if name == "exit" and not self.ends and not self.returns:
            return
        if name == "return":
            if not self.returns:  # outside of a function bash only complains
                return
            self.returns[-1].append(way)
        elif name in {"break", "continue"}:
            if not self.rounds:
                return
            self._of_round(name, given).append(way)
        scope.over = True

    def _of_round(self, name: str, given: Sequence[Word]) -> list[Scope]:
        """The ways that leave as `break` or `continue` does, of the loop that is so many levels out."""
        level = number_of(given[0].text) if given else 1
        continued, left = self.rounds[-min(level or 1, len(self.rounds))]
        return left if name == "break" else continued


class Walker(Protocol):
    """A walk, as what walks one kind of command of it sees it."""

    script: Script
    place: Span | None
    beside: Beside
    words: Words
    ways: Ways
    told: Callable[[Call, Scope], None]
    printed: list[Item | None] | None
    moment: int
    defined: dict[str, int]
    locals: dict[str, Variable | None] | None

    def row(self, scope: Scope, statements: Sequence[Tree]) -> None:
        """Walks these statements in their order."""

    def statement(self, scope: Scope, statement: Tree, cut: Span | None = None) -> None:
        """Walks one statement."""

    def output(self, scope: Scope, statements: Sequence[Tree], cut: Span | None = None) -> Item:
        """What these statements print, in a shell of their own."""

    def line(self, node: Tree) -> int:
        """The line of a part of the script."""

    def within(self, scope: Scope, script: Script) -> None:
        """Walks another script in the same shell."""


def join(scope: Scope, ways: Sequence[Scope], line: int, why: str | None = None) -> None:
    """Goes on with what all these ways agree on, as `Scope.either`; without any, this way is over."""
    if not ways:
        scope.over = True
        return
    scope.become(ways[0].fork())
    for way in ways[1:]:
        scope.either(scope.fork(), way, line, why)


def going_on(scope: Scope) -> list[Scope]:
    """The scope as a way, unless that has ended."""
    return [] if scope.over else [scope.fork()]
