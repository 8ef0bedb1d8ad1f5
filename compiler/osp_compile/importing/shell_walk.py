"""Walks through a script, statement by statement, and works out the words of each command without running anything.

If a condition depends on what a command finds, both branches are walked; what they set differently is unknown after it.
A way that has ended, as with `exit`, goes no further; one that has left a function or a loop goes on behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import pairwise

from osp_compile.diagnostics import Diagnostic, Span
from osp_compile.importing import shell_arithmetic, shell_substitutions, shell_tests, shell_tree, shell_values
from osp_compile.importing.shell_calls import meant, one_script
from osp_compile.importing.shell_effects import EFFECTS, assign, declare, may_set_again
from osp_compile.importing.shell_tree import Script, Tree, name_of, parts_of
from osp_compile.importing.shell_values import Function, Item, Scope, Variable
from osp_compile.importing.shell_words import Word, Words
from osp_compile.importing.text import Text, number_of

MOST_STEPS = 20_000
MOST_EVALS = 100
DEEPEST = 25
COMMENT = re.compile(rb"(?:^|\s)#[^\n]*\n")
LEAVES = frozenset(("exit", "return", "break", "continue", "die"))  # `die` if the script has no function of that name
HARDLY_FAIL = frozenset(("cd", "pushd", "source", ".", "set", "export", "mkdir", "openstack", "echo", "time"))


class TooMuchError(Exception):
    """The script has more steps or loops than are worth following."""


@dataclass(frozen=True)
class Heredoc:
    """The text of a here-document or a here-string, the line on which it begins, and what of it is unknown."""

    item: Item
    line: int
    wrong: Span | None = None


@dataclass(frozen=True)
class Call:
    """A command of the script: its words, the folder it runs in, and the line of the condition around it, if any.

    `cut_at` is the place of words that look like more of its options, but that the shell took for another command.
    """

    words: tuple[Word, ...]
    folder: Item
    span: Span
    condition: int | None
    heredocs: tuple[Heredoc, ...] = ()
    cut_at: Span | None = None


class Walk:
    """A walk through one script; `told` is called with every command and the scope at that point.

    `place` is where all of it is written, for a script that is itself a word of another one.
    """

    def __init__(self, script: Script, told: Callable[[Call, Scope], None], place: Span | None = None) -> None:
        self.script = script
        self.told = told
        self.place = place
        self.words = Words(script, self._substituted)
        self.steps = 0
        self.evals = 0
        self.conditions: list[int] = []
        self.inside: list[str] = []
        self.called: set[str] = set()
        # of each function that is being walked: the ways that have left it by `return`
        self.returns: list[list[Scope]] = []
        # of each loop: the ways that have left the round by `continue`, and the loop by `break`
        self.rounds: list[tuple[list[Scope], list[Scope]]] = []
        self.locals: dict[str, Variable | None] | None = None
        # whether `exit` outside of a function ends the walk; in a list of commands that were typed it ended a shell
        self.ends = True

    def _substituted(self, scope: Scope, statements: Sequence[Tree]) -> Item:
        return shell_substitutions.printed(self.words, scope, statements)

    @contextmanager
    def _reading(self, script: Script) -> Iterator[None]:
        """Walks a part that is written in another script."""
        script, self.script = self.script, script
        self.words = Words(self.script, self._substituted)
        yield
        self.script = script
        self.words = Words(script, self._substituted)

    def row(self, scope: Scope, statements: Sequence[Tree]) -> None:
        for number, statement in enumerate(statements):
            if scope.over:
                return
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
                # what runs in the background is a shell of its own
                handled(scope.fork() if statement.get("Background") else scope, command, statement, cut)

    def _line(self, node: Tree) -> int:
        return self.place.line if self.place else self.script.span(node).line

    # one method for each kind of command, by the parser's name of it

    def _CallExpr(self, scope: Scope, command: Tree, statement: Tree, cut: Span | None) -> None:  # noqa: N802
        if not command.get("Args"):
            for one in command.get("Assigns") or ():
                assign(self.words, scope, one)
            return
        own, lost = self._own(command["Args"])
        words, cut = self.words.all(scope, own), self.script.span(lost) if lost else cut
        heredocs = tuple(self._heredoc(scope, one) for one in statement.get("Redirs") or () if _is_heredoc(one))
        given = [one for one in command.get("Assigns") or () if one.get("Name")]
        before = {one["Name"]["Value"]: scope.variables.get(one["Name"]["Value"]) for one in given}
        for one in given:  # for this command alone
            assign(self.words, scope, one)
        self._simple(scope, words, self.script.span(command), heredocs, cut)
        _put_back(scope, before)

    def _heredoc(self, scope: Scope, redirection: Tree) -> Heredoc:
        body = redirection.get("Hdoc")
        if body is None:  # `<<< word`
            return Heredoc(self.words.one(scope, redirection["Word"]), self._line(redirection))
        line = self.place.line if self.place else body["Pos"]["Line"] + self.script.first - 1
        if any(part["Type"] != "Lit" for part in parts_of(redirection["Word"])):  # quoted: nothing is expanded
            return Heredoc(Item("".join(str(part.get("Value", "")) for part in parts_of(body))), line)
        item, wrong = self.words.text(scope, body)
        return Heredoc(item, line, self.place or wrong)

    def _own(self, args: Sequence[Tree]) -> tuple[Sequence[Tree], Tree | None]:
        """The words before a comment, and the first word after it; bash ends the command there, shfmt reads on."""
        for number, (one, other) in enumerate(pairwise(args), 1):
            if COMMENT.search(self.script.data[one["End"]["Offset"] : other["Pos"]["Offset"]]):
                return args[:number], other
        return args, None

    def _simple(
        self, scope: Scope, words: Sequence[Word], span: Span, heredocs: tuple[Heredoc, ...], cut: Span | None
    ) -> None:
        replaces = bool(words) and words[0].text == "exec"
        words = meant(words)
        name = words[0].text if words else ""
        if name in scope.functions and len(self.inside) < DEEPEST:
            self._function(scope, name, words, span)
        elif name in LEAVES:
            self._leave(scope, name, words[1:])
        elif name in EFFECTS:
            EFFECTS[name](scope, [word.item for word in words[1:]], (self.place or span).line)
        elif name == "eval" and not any(word.item.problem for word in words):
            self._eval(scope, words, span)
        elif words:
            self._tell(scope, words, span, heredocs, cut)
        if replaces and words:
            scope.over = True

    def _tell(
        self, scope: Scope, words: Sequence[Word], span: Span, heredocs: tuple[Heredoc, ...], cut: Span | None
    ) -> None:
        if words[0].text == "eval":
            may_set_again(scope, f"`eval` of line {(self.place or span).line} is taken not to set `{{}}`")
            scope.given = None
        if self.place:
            words, cut = [replace(word, span=self.place) for word in words], self.place if cut else None
        condition = self.conditions[-1] if self.conditions else None
        self.told(Call(tuple(words), scope.folder, self.place or span, condition, heredocs, cut), scope)

    def _eval(self, scope: Scope, words: Sequence[Word], span: Span) -> None:
        """Walks the script that the words of `eval` are, in the same shell."""
        self.evals += 1
        if self.evals > MOST_EVALS:
            raise TooMuchError
        script = one_script(words[1:])
        text = Text(self.script.text.file, tuple(script.text.split("\n")) if script else ())
        parsed = shell_tree.parse(text)
        if isinstance(parsed, Diagnostic):
            self._tell(scope, words, span, (), None)
            return
        place, self.place = self.place, self.place or span
        with self._reading(parsed):
            self.row(scope, parsed.statements)
        self.place = place

    def _leave(self, scope: Scope, name: str, given: Sequence[Word]) -> None:
        """`exit`, `return`, `break`, `continue`: nothing that follows runs on this way."""
        way = scope.fork()
        if name == "exit" and not self.ends and not self.inside:
            return
        if name == "return":
            if not self.returns:  # outside of a function bash only complains
                return
            self.returns[-1].append(way)
        elif name in {"break", "continue"}:
            if not self.rounds:
                return
            level = number_of(given[0].text) if given else 1
            continued, left = self.rounds[-min(level or 1, len(self.rounds))]
            (left if name == "break" else continued).append(way)
        scope.over = True

    def _join(self, scope: Scope, ways: Sequence[Scope], line: int) -> None:
        """Goes on with what all these ways agree on; without any, this way is over."""
        if not ways:
            scope.over = True
            return
        scope.become(ways[0].fork())
        for way in ways[1:]:
            scope.either(scope.fork(), way, line)

    def _function(self, scope: Scope, name: str, words: Sequence[Word], span: Span) -> None:
        self.called.add(name)
        self.inside.append(name)
        function = scope.functions[name]
        given, rounds, outer = scope.given, self.rounds, self.locals
        scope.given, self.rounds, self.locals = tuple(word.item for word in words[1:]), [], {}
        self.returns.append([])
        with self._reading(function.script):
            self.statement(scope, function.body)
        ways = self.returns.pop()
        if ways:
            self._join(scope, [*_going_on(scope), *ways], span.line)
        _put_back(scope, self.locals)
        scope.given, self.rounds, self.locals = given, rounds, outer
        self.inside.pop()

    def _DeclClause(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        kind, args = command["Variant"]["Value"], command.get("Args") or ()
        flags = "".join(self.words.one(scope, one.get("Value")).text[1:] for one in args if not one.get("Name"))
        own = self.locals is not None and kind in {"local", "declare", "typeset"} and "g" not in flags
        for one in args:
            if not one.get("Name"):
                continue
            name = one["Name"]["Value"]
            if own and self.locals is not None:
                self.locals.setdefault(name, scope.variables.get(name))
            if not one.get("Naked"):
                declare(self.words, scope, one, flags, self._line(command))
            elif own:
                scope.variables[name] = Variable((Item(""),), line=self._line(command), unset=True)
            if kind == "export" or "x" in flags:
                scope.exported |= {name}

    def _ArithmCmd(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        shell_arithmetic.perform(scope, command["X"], lambda word: self.words.one(scope, word), self._line(command))

    def _LetClause(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        for one in command.get("Exprs") or ():
            shell_arithmetic.perform(scope, one, lambda word: self.words.one(scope, word), self._line(command))

    def _TimeClause(self, scope: Scope, command: Tree, _: Tree, cut: Span | None) -> None:  # noqa: N802
        if command.get("Stmt"):
            self.statement(scope, command["Stmt"], cut)

    def _Block(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        self.row(scope, command["Stmts"])

    def _Subshell(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        self.row(scope.fork(), command["Stmts"])

    def _FuncDecl(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        scope.functions[command["Name"]["Value"]] = Function(self.script, command["Body"])

    def _BinaryCmd(self, scope: Scope, command: Tree, _: Tree, cut: Span | None) -> None:  # noqa: N802
        if command["Op"] in {"|", "|&"}:
            self.statement(scope.fork(), command["X"], cut)
            self.statement(scope.fork(), command["Y"], cut)
            return
        self.statement(scope, command["X"])
        if scope.over:
            return
        decided = shell_tests.truth(self.words, scope, command["X"])
        if decided is None and command["Op"] == "&&" and _hardly_fails(command["X"]):
            decided = True
        if decided is not None:
            if decided is (command["Op"] == "&&"):
                self.statement(scope, command["Y"], cut)
            return
        line, without = self._line(command), scope.fork()
        self.conditions.append(line)
        self.statement(scope, command["Y"], cut)
        self.conditions.pop()
        scope.either(scope.fork(), without, line)

    def _IfClause(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        condition: Sequence[Tree] = command.get("Cond") or ()
        other = command.get("Else")
        self.row(scope, condition)
        if scope.over:
            return
        decided = shell_tests.truth(self.words, scope, condition[0]) if len(condition) == 1 else None
        line, taken, passed = self._line(command), scope.fork(), scope.fork()
        if decided is None:
            self.conditions.append(line)
        if decided is not False:
            self.row(taken, command["Then"])
        if decided is not True and other:
            if other.get("Cond"):
                self._IfClause(passed, other)
            else:
                self.row(passed, other["Then"])
        if decided is None:
            self.conditions.pop()
        ways = [taken, passed] if decided is None else [taken if decided else passed]
        self._join(scope, ways, line)

    def _CaseClause(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        items, line = command.get("Items") or (), self._line(command)
        decided = self._chosen_item(scope, command["Word"], items)
        if decided is not None:
            for item in decided:
                self.row(scope, item.get("Stmts") or ())
            return
        start, ways = scope.fork(), list[Scope]()
        self.conditions.append(line)
        for item in items:
            ways.append(start.fork())
            self.row(ways[-1], item.get("Stmts") or ())
        self.conditions.pop()
        always = any(self.script.raw(one) == "*" for item in items for one in item.get("Patterns") or ())
        self._join(scope, ways if always else [*ways, start], line)

    def _chosen_item(self, scope: Scope, word: Tree, items: Sequence[Tree]) -> list[Tree] | None:
        """The item of `case` that fits, as a list of one or none; None if that is not determined by the script."""
        subject = self.words.one(scope, word)
        if subject.problem or subject.assumed or any(item["Op"] != ";;" for item in items):
            return None
        for item in items:
            for one in item.get("Patterns") or ():
                pattern = self.words.one(scope, one)
                if pattern.problem or pattern.assumed or any(part["Type"] != "Lit" for part in parts_of(one)):
                    if not shell_tests.is_plain(one) or pattern.problem or pattern.assumed:
                        return None
                    if pattern.text == subject.text:
                        return [item]
                elif fnmatchcase(subject.text, pattern.text):
                    return [item]
        return []

    def _round(self, scope: Scope, statements: Sequence[Tree], line: int) -> list[Scope]:
        """One round of a loop, to its end; the ways that have left the loop are returned."""
        self.rounds.append(([], []))
        self.row(scope, statements)
        continued, left = self.rounds.pop()
        if continued:
            self._join(scope, [*_going_on(scope), *continued], line)
        return left

    def _unsettle(self, scope: Scope, statements: Sequence[Tree], line: int) -> None:
        """Makes unknown what a round of a loop changes: the later rounds begin with another value."""
        trial, told = scope.fork(), self.told
        self.told = lambda *_: None
        self._round(trial, statements, line)
        self.told = told
        for name, now in trial.variables.items():
            before = scope.variables.get(name)
            if before is None or (before.items, before.array) != (now.items, now.array):
                scope.variables[name] = shell_values.unknown(f"it is another one in each round (line {line})", line)
        if trial.folder != scope.folder:
            scope.folder = Item("", f"the folder it runs in is another one in each round (line {line})")
        scope.given = scope.given if trial.given == scope.given else None

    def _WhileClause(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        line, condition = self._line(command), command.get("Cond") or ()
        self._unsettle(scope, [*condition, *command["Do"]], line)
        self.row(scope, condition)
        without = scope.fork()
        self.conditions.append(line)
        left = self._round(scope, command["Do"], line)
        self.conditions.pop()
        self._join(scope, [without, *_going_on(scope), *left], line)

    def _ForClause(self, scope: Scope, command: Tree, *_: object) -> None:  # noqa: N802
        line, loop = self._line(command), command["Loop"]
        name = (loop.get("Name") or {}).get("Value")
        if name is None:  # `for ((...))`
            for one in (*shell_arithmetic.assigning(loop.get("Init")), *shell_arithmetic.assigning(loop.get("Post"))):
                counted = self.words.one(scope, one["X"]).text
                scope.variables[counted] = shell_values.unknown(f"it is counted in a loop (line {line})", line)
            self._WhileClause(scope, {**command, "Cond": ()})
            return
        items = self._rounds(scope, loop)
        problem = next((item.problem for item in items if item.problem), None)
        if problem:
            scope.variables[name] = shell_values.unknown(problem, line)
            self._WhileClause(scope, {**command, "Cond": ()})
            return
        left: list[Scope] = []
        for item in items:
            scope.variables[name] = Variable((item,), line=line)
            left += self._round(scope, command["Do"], line)
            if scope.over:
                break
        if left:
            self._join(scope, [*_going_on(scope), *left], line)

    def _rounds(self, scope: Scope, loop: Tree) -> list[Item]:
        """What `for X in ...` goes through; without an `in` it is what the script was called with."""
        if not loop.get("InPos"):
            return list(scope.given) if scope.given is not None else [Item("", "it is another one in each round")]
        return [word.item for word in self.words.all(scope, loop.get("Items") or ())]


def _is_heredoc(redirection: Tree) -> bool:
    return bool(redirection.get("Hdoc")) or redirection["Op"] == "<<<"


def _going_on(scope: Scope) -> list[Scope]:
    """The scope as a way, unless that has ended."""
    return [] if scope.over else [scope.fork()]


def _put_back(scope: Scope, before: dict[str, Variable | None]) -> None:
    """Gives variables the values that they had before; None for one that was not set."""
    for name, found in before.items():
        if found is None:
            scope.variables.pop(name, None)
        else:
            scope.variables[name] = found


def _hardly_fails(statement: Tree) -> bool:
    """Whether it is `cd X`, `source X` or an assignment: what follows after `&&` is then assumed to run."""
    command = statement.get("Cmd") or {}
    if command.get("Type") == "BinaryCmd":
        return _hardly_fails(command["X"]) and _hardly_fails(command["Y"])
    if command.get("Type") != "CallExpr" or not command.get("Args"):
        return command.get("Type") in {"CallExpr", "DeclClause"}
    return name_of(command) in HARDLY_FAIL
