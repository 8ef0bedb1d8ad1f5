"""Walks through `&&`, `||`, `if` and `case`: one branch where the script itself decides it, else all of them."""

from __future__ import annotations

from collections.abc import Sequence

from osp_compile.diagnostics import Span
from osp_compile.importing.bash import conditions
from osp_compile.importing.bash.tree import Tree, name_of, parts_of
from osp_compile.importing.bash.values import Scope
from osp_compile.importing.bash.ways import Walker, join

HARDLY_FAIL = frozenset(("cd", "pushd", "source", ".", "set", "export", "mkdir", "openstack", "echo", "time"))


def either(walk: Walker, scope: Scope, command: Tree, cut: Span | None) -> None:
    """`X && Y` and `X || Y`."""
    walk.statement(scope, command["X"])
    if scope.over:
        return
    decided = conditions.truth(walk.words, scope, command["X"])
    if decided is None and command["Op"] == "&&" and _is_assumed_to_succeed(command["X"]):
        decided = True
    if decided is not None:
        if decided is (command["Op"] == "&&"):
            walk.statement(scope, command["Y"], cut)
        return
    line, without = walk.line(command), scope.fork()
    why = conditions.left_open(scope, command["X"], line)
    with walk.ways.condition(line):
        walk.statement(scope, command["Y"], cut)
    scope.either(scope.fork(), without, line, why)


def choose(walk: Walker, scope: Scope, command: Tree) -> None:
    """`if`, with its `elif` and `else`."""
    condition: Sequence[Tree] = command.get("Cond") or ()
    walk.row(scope, condition)
    if scope.over:
        return
    decided = conditions.truth(walk.words, scope, condition[0]) if len(condition) == 1 else None
    line, taken, passed = walk.line(command), scope.fork(), scope.fork()
    why = conditions.left_open(scope, condition, line)
    with walk.ways.condition(line if decided is None else None):
        if decided is not False:
            walk.row(taken, command["Then"])
        if decided is not True:
            _otherwise(walk, passed, command.get("Else"))
    ways = [taken, passed] if decided is None else [taken if decided else passed]
    join(scope, ways, line, why)


def _otherwise(walk: Walker, scope: Scope, other: Tree | None) -> None:
    if other and other.get("Cond"):
        choose(walk, scope, other)
    elif other:
        walk.row(scope, other["Then"])


def select(walk: Walker, scope: Scope, command: Tree) -> None:
    """`case`."""
    items, line = command.get("Items") or (), walk.line(command)
    decided = conditions.chosen(walk.words, scope, command["Word"], items)
    if decided is not None:
        for item in decided:
            walk.row(scope, item.get("Stmts") or ())
        return
    if any(item["Op"] != ";;" for item in items):
        items = _with_following(items)
    start, ways, why = scope.fork(), list[Scope](), conditions.left_open(scope, command["Word"], line)
    with walk.ways.condition(line):
        for item in items:
            ways.append(start.fork())
            walk.row(ways[-1], item.get("Stmts") or ())
    join(scope, ways if any(map(_fits_all, items)) else [*ways, start], line, why)


def _with_following(items: Sequence[Tree]) -> list[Tree]:
    """The items, each with the commands that `;&` or `;;&` may go on to; each way is unsure, so none is left out."""
    found: list[Tree] = []
    for number, item in enumerate(items):
        found.append(item)
        rest = [one for following in items[number + 1 :] for one in following.get("Stmts") or ()]
        if item["Op"] != ";;" and rest:
            found.append({**item, "Patterns": [], "Stmts": [*(item.get("Stmts") or ()), *rest]})
    return found


def _fits_all(item: Tree) -> bool:
    """Whether it is `*)`."""
    patterns = [parts_of(one) for one in item.get("Patterns") or ()]
    return any(len(parts) == 1 and (parts[0]["Type"], parts[0].get("Value")) == ("Lit", "*") for parts in patterns)


def _is_assumed_to_succeed(statement: Tree) -> bool:
    """Whether it is `cd X`, `source X` or an assignment: what follows after `&&` is then assumed to run."""
    command = statement.get("Cmd") or {}
    if command.get("Type") == "BinaryCmd":
        return _is_assumed_to_succeed(command["X"]) and _is_assumed_to_succeed(command["Y"])
    if command.get("Type") != "CallExpr" or not command.get("Args"):
        return command.get("Type") in {"CallExpr", "DeclClause"}
    return name_of(command) in HARDLY_FAIL
