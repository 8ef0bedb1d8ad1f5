"""Walks through `for`, `while` and `until`: each round of a list that is known, else one round of what is unknown."""

from __future__ import annotations

from collections.abc import Sequence

from osp_compile.importing.bash import arithmetic
from osp_compile.importing.bash.tree import Tree
from osp_compile.importing.bash.values import Item, Scope, Variable, unknown
from osp_compile.importing.bash.ways import Walker, going_on, join


def repeat(walk: Walker, scope: Scope, command: Tree) -> None:
    """`while` and `until`, and a `for` through what is not known."""
    line, condition = walk.line(command), command.get("Cond") or ()
    _unsettle(walk, scope, [*condition, *command["Do"]], line)
    walk.row(scope, condition)
    without = scope.fork()
    with walk.ways.condition(line):
        left = _round(walk, scope, command["Do"], line)
    join(scope, [without, *going_on(scope), *left], line)


def go_through(walk: Walker, scope: Scope, command: Tree) -> None:
    """`for`."""
    line, loop = walk.line(command), command["Loop"]
    name = (loop.get("Name") or {}).get("Value")
    if name is None:  # `for ((...))`
        for one in (*arithmetic.assigning(loop.get("Init")), *arithmetic.assigning(loop.get("Post"))):
            counted = walk.words.one(scope, one["X"]).text
            scope.variables[counted] = unknown(f"it is counted in a loop (line {line})", line)
        repeat(walk, scope, {**command, "Cond": ()})
        return
    items = _listed(walk, scope, loop)
    problem = next((item.problem for item in items if item.problem), None)
    if problem:
        scope.variables[name] = unknown(problem, line)
        repeat(walk, scope, {**command, "Cond": ()})
        return
    left: list[Scope] = []
    for item in items:
        scope.variables[name] = Variable((item,), line=line)
        left += _round(walk, scope, command["Do"], line)
        if scope.over:
            break
    if left:
        join(scope, [*going_on(scope), *left], line)


def _listed(walk: Walker, scope: Scope, loop: Tree) -> list[Item]:
    """What `for X in ...` goes through; without an `in` it is what the script was called with."""
    if not loop.get("InPos"):
        return list(scope.given) if scope.given is not None else [Item("", "it is another one in each round")]
    return [word.item for word in walk.words.all(scope, loop.get("Items") or ())]


def _round(walk: Walker, scope: Scope, statements: Sequence[Tree], line: int) -> list[Scope]:
    """One round of a loop, to its end; the ways that have left the loop are returned."""
    walk.ways.rounds.append(([], []))
    walk.row(scope, statements)
    continued, left = walk.ways.rounds.pop()
    if continued:
        join(scope, [*going_on(scope), *continued], line)
    return left


def _unsettle(walk: Walker, scope: Scope, statements: Sequence[Tree], line: int) -> None:
    """Makes unknown what a round of a loop changes: the later rounds begin with another value."""
    trial, told = scope.fork(), walk.told
    walk.told = lambda *_: None
    _round(walk, trial, statements, line)
    walk.told = told
    for name, now in trial.variables.items():
        before = scope.variables.get(name)
        if before is None or (before.items, before.array) != (now.items, now.array):
            scope.variables[name] = unknown(f"it is another one in each round (line {line})", line)
    if trial.folder != scope.folder:
        scope.folder = Item("", f"the folder it runs in is another one in each round (line {line})")
    scope.given = scope.given if trial.given == scope.given else None
