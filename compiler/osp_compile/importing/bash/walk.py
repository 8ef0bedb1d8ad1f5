"""Walks through a script, statement by statement, and works out the words of each command without running anything.

If a condition depends on what a command finds, both branches are walked; what they set differently is unknown after it.
A way that has ended, as with `exit`, goes no further; one that has left a function or a loop goes on after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise

from osp_compile.diagnostics import Diagnostic, Span
from osp_compile.importing.bash import (
    aliases,
    compound,
    conditions,
    reading,
    redirections,
    sourcing,
    substitutions,
    tree,
    xargs,
)
from osp_compile.importing.bash.assigning import assign
from osp_compile.importing.bash.beside import Beside, content
from osp_compile.importing.bash.commands import Call, Heredoc
from osp_compile.importing.bash.effects import EFFECTS, may_set_again
from osp_compile.importing.bash.tree import Script, Tree
from osp_compile.importing.bash.values import Item, Scope, Variable, problem_of
from osp_compile.importing.bash.ways import LEAVES, Ways, going_on, join
from osp_compile.importing.bash.words import Word, Words
from osp_compile.importing.bash.wrappers import meant, one_script
from osp_compile.importing.text import Text

MOST_STEPS = 20_000
# commands with an effect that print nothing
SILENT = frozenset("source . set shift unset read mapfile readarray getopts cd unalias shopt".split())
CALL = "CallExpr"  # the parser's name of a simple command
KINDS = {CALL, *compound.COMMANDS}
MOST_EVALS = 100
DEEPEST = 25
MORE = re.compile(r"-|[^\s=$]+\.ya?ml\Z")
COMMENT = re.compile(rb"(?:^|\s)#[^\n]*\n")


class TooMuchError(Exception):
    """The script has more steps or loops than are worth following."""


class Walk:
    """A walk through one script; `told` is called with every command and the scope at that point.

    `place` is where all of it is written, for a script that is itself a word of another one.
    """

    def __init__(
        self,
        script: Script,
        told: Callable[[Call, Scope], None],
        place: Span | None = None,
        beside: Beside | None = None,
    ) -> None:
        self.script = script
        self.told = told
        self.place = place
        self.beside = beside or Beside()
        self.printed: list[Item | None] | None = None  # what commands have printed, where somebody reads it
        self.decided = 0  # the number of conditions around the `$(...)` that is walked
        self.moment = 0  # the number of the top-level command
        self.defined: dict[str, int] = {}  # {function: the moment at which it was read}
        self.unaliased: frozenset[str] = frozenset()
        self.words = Words(script, self._substituted)
        self.steps = 0
        self.evals = 0
        self.ways = Ways()
        self.inside: list[str] = []
        self.called: set[str] = set()
        self.locals: dict[str, Variable | None] | None = None

    def _substituted(self, scope: Scope, statements: Sequence[Tree]) -> Item:
        """The output of `$(...)`, without the line ends after it."""
        if not statements:  # `# a comment`, as between the lines of a command
            return Item("")
        if len(statements) == 1 and not statements[0].get("Cmd"):  # `$(< file)`
            given = [one for one in statements[0].get("Redirs") or () if one["Op"] == "<"]
            found = redirections.text_of(self, scope, given[0]) if given else Item("")
        else:
            found = self.output(scope.fork(), statements)
        return Item(found.text.rstrip("\n"), found.problem, found.assumed)

    def output(self, scope: Scope, statements: Sequence[Tree], cut: Span | None = None) -> Item:
        """What these statements print, in a shell of their own; an item with a problem if it is unknown."""
        outer, ways, decided, self.printed = self.printed, self.ways, self.decided, []
        self.ways, self.decided = Ways([*ways.conditions]), len(ways.conditions)
        for number, statement in enumerate(statements):
            if not scope.over:
                self.statement(scope, statement, self._cut(statement, None) if number else cut)
        pieces, self.printed, self.ways, self.decided = self.printed, outer, ways, decided
        return substitutions.joined(pieces, self.script, statements)

    def _print(self, found: Item | None) -> None:
        """Notes what a command has printed; None for what is not known."""
        if self.printed is not None:
            self.printed.append(found)

    def within(self, scope: Scope, script: Script) -> None:
        with self._reading(script):
            self.row(scope, script.statements)

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
            self.moment += statements is self.script.statements
            following = statements[number + 1] if number + 1 < len(statements) else None
            self.statement(scope, statement, self._cut(statement, following))
            if scope.stops and statements is self.script.statements and not scope.over:
                # only what certainly fails ends it: a command is taken to have worked
                scope.over = conditions.truth(self.words, scope, statement) is False

    def _cut(self, statement: Tree, following: Tree | None) -> Span | None:
        """The place of the next command, if that begins with what looks like an option or a file of this one."""
        if following is None or following["Pos"]["Line"] > statement["End"]["Line"] + 12:
            return None
        command = following.get("Cmd") or {}
        while command.get("Type") == "BinaryCmd":  # `-e x | tee log`
            following = command["X"]
            command = following.get("Cmd") or {}
        words = command.get("Args") or ()
        return self.script.span(following) if words and MORE.match(self.script.raw(words[0])) else None

    def statement(self, scope: Scope, statement: Tree, cut: Span | None = None) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooMuchError
        command = statement.get("Cmd")
        if command is None or command["Type"] not in KINDS:
            return
        # what runs in the background is a shell of its own
        scope = scope.fork() if statement.get("Background") else scope
        outer, depth = self.printed, len(self.ways.conditions) - self.decided
        if outer is not None:
            self.printed = []
        with reading.redirected(self, scope, statement):
            if command["Type"] == CALL:
                self._call(scope, command, statement, cut)
            else:
                compound.COMMANDS[command["Type"]](self, scope, command, cut)
        if outer is not None:
            own, self.printed = self.printed or [], outer
            self.printed += [] if redirections.goes_elsewhere(statement) else self._surely(own, depth)

    def _surely(self, pieces: list[Item | None], depth: int) -> list[Item | None]:
        """What a statement has printed; unknown within a condition that is not decided."""
        if not depth or not pieces:
            return pieces
        line = self.ways.conditions[-1]
        return [Item("", f"whether it is printed depends on what was found when the script ran (line {line})")]

    def line(self, node: Tree) -> int:
        return self.place.line if self.place else self.script.span(node).line

    def _call(self, scope: Scope, command: Tree, statement: Tree, cut: Span | None) -> None:
        if not command.get("Args"):
            for one in command.get("Assigns") or ():
                assign(self.words, scope, one)
            return
        if self._alias(scope, command):
            return
        own, lost = self._own(command["Args"])
        words, cut = self.words.all(scope, own), self.script.span(lost) if lost else cut
        heredocs = redirections.heredocs(self, scope, statement)
        with self._assigned(scope, command.get("Assigns") or ()):
            self._simple(scope, words, self.script.span(command), heredocs, cut)

    @contextmanager
    def _assigned(self, scope: Scope, assigns: Sequence[Tree]) -> Iterator[None]:
        """Sets the variables that are written before a command, for that command alone."""
        given = [one for one in assigns if one.get("Name")]
        before = {one["Name"]["Value"]: scope.variables.get(one["Name"]["Value"]) for one in given}
        for one in given:
            assign(self.words, scope, one)
        yield
        _put_back(scope, before)

    def _alias(self, scope: Scope, command: Tree) -> bool:
        """Walks the command that an alias is written for; whether it is one."""
        text = aliases.spelled_out(self.script, scope, command, self.moment, self.unaliased)
        parsed = None if text is None else tree.parse(Text(self.script.text.file, tuple(text.split("\n"))))
        if parsed is None or isinstance(parsed, Diagnostic):
            return False
        outer, place = self.unaliased, self.place
        self.unaliased, self.place = outer | {tree.name_of(command)}, place or self.script.span(command)
        moment = self.moment
        with self._reading(parsed):
            self.row(scope, parsed.statements)
        self.unaliased, self.place, self.moment = outer, place, moment
        return True

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
        words = xargs.meant_by(scope, meant(words))
        if not words:
            return
        if not (self._walked(scope, words, span) or self._changed(scope, words, (self.place or span).line)):
            self._tell(scope, words, span, heredocs, cut)
        if replaces:
            scope.over = True

    def _walked(self, scope: Scope, words: Sequence[Word], span: Span) -> bool:
        """Walks what the command runs in this shell: a function, a file, a text. False for any other command."""
        name = words[0].text
        if name in scope.functions and len(self.inside) < DEEPEST:
            self._function(scope, name, words, span)
        elif name == "eval" and not problem_of(word.item for word in words):
            self._eval(scope, words, span)
        else:
            return name in {"source", "."} and sourcing.source(self, scope, self.beside, words[1:], self.place or span)
        return True

    def _changed(self, scope: Scope, words: Sequence[Word], line: int) -> bool:
        """Does what the command changes for those after it; False for any other command."""
        name, given = words[0].text, [word.item for word in words[1:]]
        if name in LEAVES:
            self.ways.leave(scope, name, words[1:])
        elif name == "alias":
            aliases.define(scope, given, self.moment)
        elif name in EFFECTS:
            EFFECTS[name](scope, given, line)
            if name not in SILENT:
                self._print(self._said(scope, words))
        else:
            return False
        return True

    def _tell(
        self, scope: Scope, words: Sequence[Word], span: Span, heredocs: tuple[Heredoc, ...], cut: Span | None
    ) -> None:
        if words[0].text == "eval":
            may_set_again(scope, f"`eval` of line {(self.place or span).line} is taken not to set `{{}}`")
            scope.given = None
        if self.place:
            words, cut = [replace(word, span=self.place) for word in words], self.place if cut else None
        if self.printed is not None:
            self._print(self._said(scope, words))
        condition = self.ways.conditions[-1] if self.ways.conditions else None
        self.told(Call(tuple(words), scope.folder, self.place or span, condition, heredocs, cut), scope)

    def _said(self, scope: Scope, words: Sequence[Word]) -> Item | None:
        """The output of a command; a file that `cat` prints may lie beside the script."""
        if words[0].text == "printf" and len(words) > 1 and words[1].text == "-v":
            return Item("")
        if words[0].text == "cat" and len(words) == 2 and not words[1].text.startswith("-"):
            return content(self.beside.text(scope, words[1], self.place or words[1].span), words[1].raw)
        return substitutions.called(scope, [word.item for word in words])

    def _eval(self, scope: Scope, words: Sequence[Word], span: Span) -> None:
        """Walks the script that the words of `eval` are, in the same shell."""
        self.evals += 1
        if self.evals > MOST_EVALS:
            raise TooMuchError
        script = one_script(words[1:])
        text = Text(self.script.text.file, tuple(script.text.split("\n")) if script else ())
        parsed = tree.parse(text)
        if isinstance(parsed, Diagnostic):
            self._tell(scope, words, span, (), None)
            return
        place, self.place = self.place, self.place or span
        with self._reading(parsed):
            self.row(scope, parsed.statements)
        self.place = place

    def _function(self, scope: Scope, name: str, words: Sequence[Word], span: Span) -> None:
        self.called.add(name)
        self.inside.append(name)
        function, moment = scope.functions[name], self.moment
        self.moment = self.defined.get(name, moment)
        given, rounds, outer = scope.given, self.ways.rounds, self.locals
        scope.given, self.ways.rounds, self.locals = tuple(word.item for word in words[1:]), [], {}
        self.ways.returns.append([])
        with self._reading(function.script):
            self.statement(scope, function.body)
        ways = self.ways.returns.pop()
        if ways:
            join(scope, [*going_on(scope), *ways], span.line)
        _put_back(scope, self.locals)
        scope.given, self.ways.rounds, self.locals = given, rounds, outer
        self.moment = moment
        self.inside.pop()


def _put_back(scope: Scope, before: dict[str, Variable | None]) -> None:
    """Gives variables the values that they had before; None for one that was not set."""
    for name, found in before.items():
        if found is None:
            scope.variables.pop(name, None)
        else:
            scope.variables[name] = found
