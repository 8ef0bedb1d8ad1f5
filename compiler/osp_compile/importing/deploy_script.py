"""Finds the deploy commands in a script, a history or a copied terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from posixpath import basename

from osp_compile.diagnostics import Diagnostic, Span, error, has_errors, quoted
from osp_compile.importing import other_language, playbook
from osp_compile.importing.bash import history, tree
from osp_compile.importing.bash.beside import Beside
from osp_compile.importing.bash.commands import Call, Heredoc
from osp_compile.importing.bash.history import Part
from osp_compile.importing.bash.tree import Script
from osp_compile.importing.bash.values import Aliases, Item, Scope, Undercloud
from osp_compile.importing.bash.walk import TooMuchError, Walk
from osp_compile.importing.bash.words import Word
from osp_compile.importing.bash.wrappers import INHERIT, begins_at_home, inner_script, reads_script
from osp_compile.importing.deploy_command import Command
from osp_compile.importing.playbook import Task
from osp_compile.importing.text import Text, said, unresolved
from osp_compile.spec.rules import client

WANTED = "overcloud deploy"
MENTION = re.compile(r"\bovercloud(?:\s|\\\n)+deploy\b")
POSIX = re.compile(r"#!\s*(/usr)?/bin/(env\s+)?sh\b")  # such a shell expands aliases
DEEPEST = 4
CUT_OFF = "cut-off"
A_FILE = re.compile(r"[^\s'\"-]\S*\.ya?ml")
# (a longer word is not looked at: no file is called so)
SCRIPT = re.compile(r"[^\s\0]{0,255}(?:deploy|/)[^\s\0]{0,255}\.sh", re.IGNORECASE)
NO_FOLDER = "the folder in which the command ran is not in the script: --directory"


@dataclass
class _Search:
    """The results of walking through one file."""

    text: Text
    undercloud: Undercloud
    commands: list[Command] = field(default_factory=list)
    in_text: list[Span] = field(default_factory=list)
    others: list[Word] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    depth: int = 0
    ends: bool = True
    beside: Beside = field(default_factory=Beside)
    lost: Diagnostic | None = None

    def script(self, script: Script, scope: Scope, place: Span | None = None) -> None:
        walk = Walk(script, self.told, place, self.beside)
        walk.ways.ends = self.ends
        try:
            walk.row(scope, script.statements)
            self._uncalled(walk, scope)
        except TooMuchError:
            message = "the script goes round too often to be followed"
            self.problems.append(error("shell-loop", message, self.text.whole(), "give the command that ran, alone"))
        except RecursionError:
            self.problems.append(error("shell-syntax", "the script is nested too deeply", self.text.whole()))

    def _uncalled(self, walk: Walk, scope: Scope) -> None:
        """Walks functions that this file never calls, perhaps because the file that calls them was not given."""
        scope.over = False
        for name, function in list(scope.functions.items()):
            before = len(self.commands)
            if name not in walk.called and WANTED.split()[0] in walk.script.raw(function.body):
                walk.statement(scope.fork(), function.body)
                self.commands[before:] = [replace(one, uncalled=name) for one in self.commands[before:]]

    def told(self, call: Call, scope: Scope) -> None:
        words = _after_deploy(call.words)
        if words is not None:
            self._add(Command(tuple(words), call.span, call.folder, call.condition, None, call.cut_at))
            return
        if call.words[0].item.problem:
            message = f"which command {quoted(call.words[0].raw)} is, is not known: {call.words[0].item.problem}"
            help = "write into the script what it was, and import it again"
            self.lost = unresolved(message, call.words[0].span, help)
        inner = inner_script(call.words) or _piped(call, scope)
        if inner is not None and MENTION.search(inner.text):
            self._inner(call, inner, scope)
            return
        for heredoc in call.heredocs:
            self._heredoc(call, heredoc, scope)
        self.others += [word for word in call.words[:2] if SCRIPT.fullmatch(word.text)][:1]

    def _add(self, command: Command) -> None:
        """Notes a command, once: the words of one may be worked out several times, as in `[ "$(...)" ]`."""
        if command.cut_at is not None and A_FILE.match(command.cut_at.text, command.cut_at.column - 1):
            message = (
                "the deploy command may be cut off before this line: it begins with a file, or the rest of its name"
            )
            help = "write the whole command on one line, as it was before a terminal or a mail wrapped it"
            self.problems.append(error(CUT_OFF, message, command.cut_at, help))
        last = self.commands[-1] if self.commands else None
        if last is None or (last.span, last.words, last.condition) != (command.span, command.words, command.condition):
            self.commands.append(command)

    def _inner(self, call: Call, script: Word, scope: Scope) -> None:
        """A script within a word of another script; its diagnostics point at that word."""
        if script.item.problem:
            self.problems.append(
                unresolved(f"this runs a script that is not known: {script.item.problem}", script.span)
            )
            return
        text = Text(self.text.file, tuple(script.text.split("\n")))
        self.nested(tree.parse(text), _begun(call, scope), script.span, script.span)

    def _heredoc(self, call: Call, heredoc: Heredoc, scope: Scope) -> None:
        """A here-document that a shell runs; its lines are those of this file."""
        if not MENTION.search(heredoc.item.text):
            return
        if not reads_script(call.words):
            self.in_text.append(self.text.at(heredoc.line))
        elif heredoc.item.problem:
            message = f"this here-document is a script, and a part of it is not known: {heredoc.item.problem}"
            place = heredoc.wrong or self.text.at(heredoc.line)
            self.problems.append(unresolved(message, place, "give the command as it ran"))
        else:
            lines = heredoc.item.text.removesuffix("\n").split("\n")
            text = Text(self.text.file, (*self.text.lines[: heredoc.line - 1], *lines))
            parsed = tree.parse(text, heredoc.item.text, heredoc.line)
            self.nested(parsed, _begun(call, scope), call.span, None)

    def nested(self, parsed: Script | Diagnostic, scope: Scope, span: Span, place: Span | None) -> None:
        if isinstance(parsed, Diagnostic):
            self.problems.append(replace(parsed, span=place or parsed.span or span))
        elif self.depth < DEEPEST:
            self.depth += 1
            self.script(parsed, scope, place)
            self.depth -= 1


def _piped(call: Call, scope: Scope) -> Word | None:
    """The script that a shell reads from the command before a `|`; None for anything else."""
    if scope.input is None or call.heredocs or not reads_script(call.words):
        return None
    return Word(scope.input, scope.input.text, call.span)


def _begun(call: Call, scope: Scope) -> Scope:
    """The state with which a shell begins that this command starts."""
    inner = scope.inner(basename(call.words[0].text) in INHERIT)
    if begins_at_home(call.words):
        inner.folder = Item(scope.undercloud.home)
    return inner


def _after_deploy(words: Sequence[Word]) -> list[Word] | None:
    """The options of `openstack [OPTION...] overcloud deploy [OPTION...]`; None where it is another command."""
    if not words or words[0].text.rsplit("/", 1)[-1] != "openstack":
        return None
    at, before = 1, list[Word]()
    while at < len(words) and words[at].text.startswith("-"):
        found = client.meanings(words[at].text)
        valued = len(found) == 1 and found[0].value and not client.own_value(words[at].text)
        before += words[at : at + 1 + valued]
        at += 1 + valued
    if [word.text for word in words[at : at + 2]] != WANTED.split():
        return None
    return [*before, *words[at + 2 :]]


def find(text: Text, undercloud: Undercloud, folder: Path | None = None) -> tuple[list[Command], list[Diagnostic]]:
    """Every deploy command of the file, in the order in which they would run.

    Files that the script reads are looked for in `folder`, in which it lies on this machine.
    """
    search = _Search(text, undercloud)
    search.beside = Beside(folder, search.problems.append)
    if text.windows:
        message = "the lines end as those of Windows do: they are read as if each ended as bash needs it"
        search.problems.append(said(message, text.at(1), "see that the file on the undercloud has no CR in it"))
    return _of_playbook(search) if playbook.is_yaml(text) else _of_script(search)


def _of_script(search: _Search) -> tuple[list[Command], list[Diagnostic]]:
    """The commands of a script, a history or a copied terminal."""
    text = search.text
    _parts(search)
    if not search.commands and not has_errors(search.problems) and MENTION.search(text.all):
        search.commands += _after_exit(search)
    if not search.commands and not has_errors(search.problems):
        search.problems.append(search.lost or _none(text, search.in_text, search.others))
    # beside one that is cut off, which one was the last is not known
    return [] if any(one.code == CUT_OFF for one in search.problems) else search.commands, search.problems


def _of_playbook(search: _Search) -> tuple[list[Command], list[Diagnostic]]:
    tasks, problems = playbook.tasks(search.text)
    search.problems += problems
    for task in tasks:
        _task(search, task)
    if not search.commands and not search.problems:
        search.problems.append(search.lost or _none(search.text, search.in_text, search.others))
    # beside one that is not read, which one was the last is not known
    return [] if any(one.code == "playbook" for one in problems) else search.commands, search.problems


def _task(search: _Search, task: Task) -> None:
    """Walks the script of a task; a condition on the task is one on each command in it."""
    before = len(search.commands)
    parsed = tree.parse(search.text, task.script, task.first, task.indent)
    folder = search.undercloud.folder or task.folder
    scope = Scope(search.undercloud, Item(folder) if folder else Item("", NO_FOLDER))
    search.nested(parsed, scope, search.text.at(task.first), task.place)
    search.commands[before:] = [
        replace(one, condition=one.condition or task.condition) for one in search.commands[before:]
    ]


def _after_exit(search: _Search) -> list[Command]:
    """The commands after an `exit`: none runs in a script, but the file may be a list of what was typed."""
    again = _Search(search.text, search.undercloud, ends=False, beside=search.beside)
    for part in history.parts(search.text):
        _part(again, part)
    if again.commands:
        message = "an `exit` comes before this command: the file is taken for a list of commands that were typed"
        search.problems.append(said(message, again.commands[-1].span, "if it is a script, it never ran this one"))
    return again.commands


def _parts(search: _Search) -> None:
    """Walks the parts of the file that mention a deploy command; a script is one part, with whatever it holds."""
    for part in history.parts(search.text):
        if MENTION.search(part.text) or search.text.all == part.text:
            _part(search, part)


def _part(search: _Search, part: Part) -> None:
    other = other_language.of(search.text)
    if other is not None:
        search.problems.append(other)
        return
    before = len(search.commands)
    _walk(search, part)
    if part.lost and len(search.commands) > before:
        line = search.text.at(part.last, 1, len(search.text.at(part.last).text))
        help = "write the whole command on this line, or give the script"
        search.problems.append(error(CUT_OFF, f"the deploy command may be cut off here: {part.lost}", line, help))


def _walk(search: _Search, part: Part) -> None:
    parsed = tree.parse(search.text, part.text, part.first)
    if isinstance(parsed, Diagnostic):
        search.problems.append(other_language.unparsed(search.text) or parsed)
        return
    begins = Scope(search.undercloud, _folder(search.undercloud, part))
    if search.text.lines and POSIX.match(search.text.lines[0]):
        begins.aliases = Aliases(expanded=True)
    search.script(parsed, begins)


def _folder(undercloud: Undercloud, part: Part) -> Item:
    if undercloud.folder:
        return Item(undercloud.folder)
    if part.folder and (part.folder == "~" or part.folder.startswith("~/")):
        return Item(undercloud.home + part.folder[1:])
    return Item(part.folder) if part.folder else Item("", NO_FOLDER)


def _none(text: Text, in_text: Sequence[Span], others: Sequence[Word]) -> Diagnostic:
    """The diagnostic of a file without a deploy command; `others` are the scripts that it calls."""
    code = "no-deploy-command"
    if in_text:
        message = "the deploy command is in a here-document, which is a file's text and is not run here"
        return error(code, message, in_text[0], "give the script that is written there, as a file of its own")
    mentioned = MENTION.search(text.all)
    if mentioned:
        place = text.all.count("\n", 0, mentioned.start()) + 1
        help = "give the script or the line of the history that runs it"
        return error(code, f"`{WANTED}` is only mentioned here, and no command runs it", text.at(place), help)
    help = "give the script with `openstack overcloud deploy`, or the line of the shell's history"
    if others:
        names = basename(others[-1].text)
        message = f"there is no `openstack {WANTED}` in it, and this calls {quoted(names)}, which may have it"
        return error(
            code, message, others[-1].span, "give that script, with the words that it is called with written in"
        )
    return error(code, "there is no `openstack overcloud deploy` in it", text.whole(), help)
