"""Walks through a script, statement by statement, and works out the words of each command without running anything.

If a condition depends on what a command finds, both branches are walked; what they set differently is unknown after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from osp_compile.diagnostics import Span
from osp_compile.importing import shell_substitutions, shell_values
from osp_compile.importing.shell_calls import meant
from osp_compile.importing.shell_effects import EFFECTS, assign
from osp_compile.importing.shell_tree import Script, Tree, name_of
from osp_compile.importing.shell_values import Item, Scope
from osp_compile.importing.shell_words import Word, Words

MOST_STEPS = 20_000
DEEPEST = 25
COMMENT = re.compile(rb"(?:^|\s)#[^\n]*\n")
HARDLY_FAIL = frozenset(("cd", "pushd", "source", ".", "set", "export", "mkdir", "openstack", "echo", "time"))


class TooMuchError(Exception):
    """The script has more steps or loops than are worth following."""


@dataclass(frozen=True)
class Call:
    """A command of the script: its words, the folder it runs in, and the line of the condition around it, if any.

    `cut_at` is the place of words that look like more of its options, but that the shell took for another command.
    """

    words: tuple[Word, ...]
    folder: Item
    span: Span
    condition: int | None
    heredocs: tuple[Tree, ...] = ()
    cut_at: Span | None = None


class Walk:
    """A walk through one script; `told` is called with every command and the scope at that point."""

    def __init__(self, script: Script, told: Callable[[Call, Scope], None]) -> None:
        self.script = script
        self.told = told
        self.words = Words(script, self._substituted)
        self.steps = 0
        self.conditions: list[int] = []
        self.inside: list[str] = []
        self.called: set[str] = set()

    def _substituted(self, scope: Scope, statements: Sequence[Tree]) -> Item:
        return shell_substitutions.printed(self.words, scope, statements)

    def row(self, scope: Scope, statements: Sequence[Tree]) -> None:
        for number, statement in enumerate(statements):
            following = statements[number + 1] if number + 1 < len(statements) else None
            self.statement(scope, statement, self._cut(statement, following))

    def _cut(self, statement: Tree, following: Tree | None) -> Span | None:
        """The place of the next command, if that begins with what looks like an option of this one."""
        if following is None or following["Pos"]["Line"] > statement["End"]["Line"] + 12:
            return None
        command = following.get("Cmd") or {}
        while command.get("Type") == "BinaryCmd":  # `-e x | tee log`
            following = command["X"]
            command = following.get("Cmd") or {}
        words = command.get("Args") or ()
        return self.script.span(following) if words and self.script.raw(words[0]).startswith("-") else None

    def statement(self, scope: Scope, statement: Tree, cut: Span | None = None) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooMuchError
        command = statement.get("Cmd")
        if command is not None:
            handled = getattr(self, f"_{command['Type']}", None)
            if handled is not None:
                handled(scope, command, statement, cut)

    # one method for each kind of command, by the parser's name of it

    def _CallExpr(self, scope: Scope, command: Tree, statement: Tree, cut: Span | None) -> None:  # noqa: N802
        if not command.get("Args"):
            for one in command.get("Assigns") or ():
                assign(self.words, scope, one)
            return
        own, lost = self._own(command["Args"])
        words, cut = self.words.all(scope, own), self.script.span(lost) if lost else cut
        heredocs = tuple(one for one in statement.get("Redirs") or () if one.get("Hdoc") or one["Op"] == "<<<")
        self._simple(scope, words, self.script.span(command), heredocs, cut)

    def _own(self, args: Sequence[Tree]) -> tuple[Sequence[Tree], Tree | None]:
        """The words before a comment, and the first word after it; bash ends the command there, shfmt reads on."""
        for number, (one, other) in enumerate(pairwise(args), 1):
            if COMMENT.search(self.script.data[one["End"]["Offset"] : other["Pos"]["Offset"]]):
                return args[:number], other
        return args, None

    def _simple(
        self, scope: Scope, words: Sequence[Word], span: Span, heredocs: tuple[Tree, ...], cut: Span | None
    ) -> None:
        words = meant(words)
        name = words[0].text if words else ""
        if name in scope.functions and len(self.inside) < DEEPEST:
            self._function(scope, name, words)
        elif name in EFFECTS:
            EFFECTS[name](scope, [word.item for word in words[1:]], span.line)
        elif words:
            condition = self.conditions[-1] if self.conditions else None
            self.told(Call(tuple(words), scope.folder, span, condition, heredocs, cut), scope)

    def _function(self, scope: Scope, name: str, words: Sequence[Word]) -> None:
        self.called.add(name)
        self.inside.append(name)
        before, scope.given = scope.given, tuple(word.item for word in words[1:])
        self.statement(scope, scope.functions[name])
        scope.given = before
        self.inside.pop()

    def _DeclClause(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        for one in command.get("Args") or ():
            if one.get("Name") and not (one.get("Naked") and one["Name"]["Value"] in scope.variables):
                assign(self.words, scope, one)

    def _TimeClause(self, scope: Scope, command: Tree, _: Tree, cut: Span | None) -> None:  # noqa: N802
        if command.get("Stmt"):
            self.statement(scope, command["Stmt"], cut)

    def _Block(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        self.row(scope, command["Stmts"])

    def _Subshell(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        self.row(scope.fork(), command["Stmts"])

    def _FuncDecl(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        scope.functions[command["Name"]["Value"]] = command["Body"]

    def _BinaryCmd(self, scope: Scope, command: Tree, _: Tree, cut: Span | None) -> None:  # noqa: N802
        if command["Op"] in {"|", "|&"}:
            self.statement(scope.fork(), command["X"], cut)
            self.statement(scope.fork(), command["Y"], cut)
            return
        self.statement(scope, command["X"])
        if command["Op"] == "&&" and _hardly_fails(command["X"]):
            self.statement(scope, command["Y"], cut)
            return
        line, without = command["Pos"]["Line"], scope.fork()
        self.statement(scope, command["Y"], cut)
        scope.either(scope.fork(), without, line)

    def _IfClause(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        self.row(scope, command.get("Cond") or ())
        line, taken, passed = command["Pos"]["Line"], scope.fork(), scope.fork()
        self.conditions.append(line)
        self.row(taken, command["Then"])
        other = command.get("Else")
        if other and other.get("Cond"):
            self._IfClause(passed, other)
        elif other:
            self.row(passed, other["Then"])
        self.conditions.pop()
        ways = [way for way, rows in ((taken, command["Then"]), (passed, (other or {}).get("Then"))) if not _ends(rows)]
        scope.either(ways[0] if ways else passed, ways[-1] if ways else passed, line)

    def _CaseClause(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        line, start = command["Pos"]["Line"], scope.fork()
        self.conditions.append(line)
        for item in command.get("Items") or ():
            taken = start.fork()
            self.row(taken, item.get("Stmts") or ())
            if not _ends(item.get("Stmts")):
                scope.either(scope.fork(), taken, line)
        self.conditions.pop()

    def _WhileClause(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        line, without = command["Pos"]["Line"], scope.fork()
        self.row(scope, command.get("Cond") or ())
        self.conditions.append(line)
        self.row(scope, command["Do"])
        self.conditions.pop()
        scope.either(scope.fork(), without, line)

    def _ForClause(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        line, name = command["Pos"]["Line"], (command["Loop"].get("Name") or {}).get("Value")
        if name is None:  # `for ((...))`
            self._WhileClause(scope, {**command, "Cond": ()})
            return
        items = self._rounds(scope, command["Loop"])
        problem = next((item.problem for item in items if item.problem), None)
        if problem:
            scope.variables[name] = shell_values.unknown(problem, line)
            self._WhileClause(scope, {**command, "Cond": ()})
            return
        for item in items:
            scope.variables[name] = shell_values.Variable((item,), line=line)
            self.row(scope, command["Do"])

    def _rounds(self, scope: Scope, loop: Tree) -> list[Item]:
        """What `for X in ...` goes through; without an `in` it is what the script was called with."""
        if not loop.get("InPos"):
            return [Item("", "it is another one in each round")]
        return [word.item for word in self.words.all(scope, loop.get("Items") or ())]


def _ends(rows: Sequence[Tree] | None) -> bool:
    """Whether a branch ends the script, so that the statements after it never see what the branch has set."""
    return bool(rows) and name_of((rows or ())[-1].get("Cmd")) in {"exit", "return", "die"}


def _hardly_fails(statement: Tree) -> bool:
    """Whether it is `cd X`, `source X` or an assignment: what follows after `&&` is then assumed to run."""
    command = statement.get("Cmd") or {}
    if command.get("Type") == "BinaryCmd":
        return _hardly_fails(command["X"]) and _hardly_fails(command["Y"])
    if command.get("Type") != "CallExpr" or not command.get("Args"):
        return command.get("Type") in {"CallExpr", "DeclClause"}
    return name_of(command) in HARDLY_FAIL
