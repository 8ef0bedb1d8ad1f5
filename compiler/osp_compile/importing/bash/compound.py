"""Walks through each kind of command that is not a simple one: declarations, groups, pipes, branches and loops."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from osp_compile.diagnostics import Span
from osp_compile.importing.bash import arithmetic, branches, loops
from osp_compile.importing.bash.assigning import declare
from osp_compile.importing.bash.tree import Tree
from osp_compile.importing.bash.values import Function, Item, Scope, Variable
from osp_compile.importing.bash.ways import Walker

# the option of `declare` that another word for it has the effect of
OF_KIND = {"export": "x", "readonly": "r"}


def _declaration(walk: Walker, scope: Scope, command: Tree, _: Span | None) -> None:
    kind, args = command["Variant"]["Value"], command.get("Args") or ()
    given = (walk.words.one(scope, one.get("Value")).text[1:] for one in args if not one.get("Name"))
    flags = OF_KIND.get(kind, "") + "".join(given)
    own = walk.locals if kind in {"local", "declare", "typeset"} and "g" not in flags else None
    for one in args:
        if one.get("Name"):
            _declared(walk, scope, one, flags, own, walk.line(command))


def _declared(
    walk: Walker, scope: Scope, one: Tree, flags: str, own: dict[str, Variable | None] | None, line: int
) -> None:
    """One name of a declaration; `own` has what the variables of the function were before it, if it is one."""
    name = one["Name"]["Value"]
    if own is not None:
        own.setdefault(name, scope.variables.get(name))
    if not one.get("Naked") or "A" in flags:
        declare(walk.words, scope, one, flags, line)
    elif own is not None:
        scope.variables[name] = Variable((Item(""),), line=line, unset=True)
    if "x" in flags:
        scope.exported |= {name}
    if "r" in flags:
        scope.frozen |= {name}


def _arithmetic(walk: Walker, scope: Scope, command: Tree, _: Span | None) -> None:
    arithmetic.perform(scope, command["X"], lambda word: walk.words.one(scope, word), walk.line(command))


def _let(walk: Walker, scope: Scope, command: Tree, _: Span | None) -> None:
    for one in command.get("Exprs") or ():
        arithmetic.perform(scope, one, lambda word: walk.words.one(scope, word), walk.line(command))


def _timed(walk: Walker, scope: Scope, command: Tree, cut: Span | None) -> None:
    if command.get("Stmt"):
        walk.statement(scope, command["Stmt"], cut)


def _group(walk: Walker, scope: Scope, command: Tree, _: Span | None) -> None:
    walk.row(scope, command["Stmts"])


def _subshell(walk: Walker, scope: Scope, command: Tree, _: Span | None) -> None:
    walk.row(scope.fork(), command["Stmts"])


def _function(walk: Walker, scope: Scope, command: Tree, _: Span | None) -> None:
    scope.functions[command["Name"]["Value"]] = Function(walk.script, command["Body"])
    walk.defined[command["Name"]["Value"]] = walk.moment


def _two(walk: Walker, scope: Scope, command: Tree, cut: Span | None) -> None:
    """`X | Y`, `X && Y` or `X || Y`."""
    if command["Op"] in {"|", "|&"}:
        found = walk.output(scope.fork(), [command["X"]], cut)
        scope = scope.fork()
        scope.input = found if command["Op"] == "|" else Item("", found.problem or "it has what went wrong in it")
        walk.statement(scope, command["Y"], cut)
        return
    branches.either(walk, scope, command, cut)


def _if(walk: Walker, scope: Scope, command: Tree, _: Span | None) -> None:
    branches.choose(walk, scope, command)


def _case(walk: Walker, scope: Scope, command: Tree, _: Span | None) -> None:
    branches.select(walk, scope, command)


def _while(walk: Walker, scope: Scope, command: Tree, _: Span | None) -> None:
    loops.repeat(walk, scope, command)


def _for(walk: Walker, scope: Scope, command: Tree, _: Span | None) -> None:
    loops.go_through(walk, scope, command)


# {the parser's name of a kind of command: what walks through it}; the place is that of a command that cuts it short
COMMANDS: Mapping[str, Callable[[Walker, Scope, Tree, Span | None], None]] = {
    "DeclClause": _declaration,
    "ArithmCmd": _arithmetic,
    "LetClause": _let,
    "TimeClause": _timed,
    "Block": _group,
    "Subshell": _subshell,
    "FuncDecl": _function,
    "BinaryCmd": _two,
    "IfClause": _if,
    "CaseClause": _case,
    "WhileClause": _while,
    "ForClause": _for,
}
