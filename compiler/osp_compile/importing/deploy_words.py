"""The words of a deploy command as the client's parser reads them, and what each means for the spec."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from posixpath import normpath

from osp_compile.diagnostics import Diagnostic, error, quoted
from osp_compile.importing.bash.values import Item
from osp_compile.importing.bash.words import Word
from osp_compile.importing.deploy_command import Command
from osp_compile.importing.text import Entry, Note, said, unresolved
from osp_compile.spec.rules import client
from osp_compile.spec.rules.arguments import IN_STACKRC, REFUSED, SCALES
from osp_compile.spec.rules.client import Option

DROPPED = frozenset(("--update-plan-only", "--dry-run", "--help", "--version"))
STOCK = "/usr/share/openstack-tripleo-heat-templates"
DOTS = re.compile(r"/\.\.?(/|$)")
# characters of copied pages that are where bash and the client need others: dashes, blanks and quotes
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
QUOTES = "\u2018\u2019\u201c\u201d"
BLANKS = "\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff"  # (as a class of a pattern has them)
COPIED = re.compile(rf"^[{DASHES}]|^-[{DASHES}]|^[{QUOTES}]|[{QUOTES}]$|[{BLANKS}]")
# an expansion that may become any number of words
ALONE = re.compile(r"\$(?:\w+|[@*#]|\{[^}]*\}|\(.*\))|`[^`]*`|\"\$(?:@|\{\w+\[@\]\})\"", re.DOTALL)
SECRET = frozenset((*(name for name, why in REFUSED.items() if why == IN_STACKRC), "--reg-activation-key"))
HELD_BY_OTHERS = frozenset(("--rhel-reg", "--reg-activation-key"))


@dataclass
class Deploy:
    """The content of a deploy command, each value with its place; `counts` is {role: number of nodes}.

    `folder` is where it ran, if what the client reads there depends on it: what an answers file lists may be relative.
    """

    folder: Entry | None = None
    stack: Entry | None = None
    templates: Entry | None = None
    roles_file: Entry | None = None
    answers_file: Entry | None = None
    directories: list[Entry] = field(default_factory=list)
    env_files: list[Entry] = field(default_factory=list)
    extra: list[Entry] = field(default_factory=list)
    counts: dict[str, Entry] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, command: Command) -> None:
        self.command = command
        self.rest = list(command.words)
        self.deploy = Deploy()

    def all(self) -> Deploy:
        while self.rest:
            word = self.rest.pop(0)
            if COPIED.search(word.text):
                self._copied(word)
            elif word.item.problem and client.is_value(word.text):
                self._lost(word, "a word of the deploy command")
            elif client.is_value(word.text):
                self._stray(word)
            else:
                self._option(word)
        return self.deploy

    def _option(self, word: Word) -> None:
        meant = client.meanings(word.text)
        if len(meant) > 1:
            names = " or ".join(f"`{option.name}`" for option in meant[:4])
            self._refuse(word, f"{quoted(word.text)} may mean {names}, and the client refuses it", "write it out")
        elif not meant:
            self._unknown(word)
        else:
            self._known(word, meant[0])

    def _known(self, word: Word, option: Option) -> None:
        value = self._value(word, option)
        if option.name in SECRET:
            self._secret(word, option, value)
        elif option.name == "--rhel-reg":
            self._note(word, f"`{option.name}`: {REFUSED[option.name]}")
        elif option.name in DROPPED:
            pass
        elif option.value and value is None and option.name != "--templates":
            self._refuse(word, f"`{option.name}` needs a value, and none follows", "give the command as it ran")
        else:
            keep = KEYS.get(option.name, _Reader._further)
            keep(self, word, option, value)

    def _value(self, word: Word, option: Option) -> Word | None:
        own = client.own_value(word.text) if "=" in word.text or not word.text.startswith("--") else ""
        if own:
            return Word(Item(own, word.item.problem, word.item.assumed), word.raw, word.span)
        follows = bool(self.rest) and _may_be_value(self.rest[0])
        if not option.value or not follows:
            return None
        value = self.rest.pop(0)
        if COPIED.search(value.text):
            self._copied(value)
        return None if self._of_template(value) else value

    def _entry(self, value: Word) -> Entry:
        if value.item.assumed:
            message = f"{quoted(value.raw)} is taken for {quoted(value.text)}: {value.item.assumed}"
            self.deploy.diagnostics.append(said(message, value.span, "check that the shell it ran in had no other"))
        return Entry(value.raw if value.item.problem else value.text, value.span, value.item.problem)

    def _path(self, value: Word) -> Entry:
        """A path on the undercloud; a relative one starts in the folder where the command ran."""
        entry, folder = self._entry(value), self.command.folder
        if entry.text.startswith("~") and not entry.problem:
            message = f"bash leaves the `~` of {quoted(entry.text)} as it is here, and the client finds no such file"
            help = "bash replaces it at the beginning of a word without quotes: give the command as it ran"
            self._refuse(value, message, help)
        if entry.problem or entry.text.startswith("/"):
            path = normpath(entry.text) if DOTS.search(entry.text) and not entry.problem else entry.text
            return Entry(path, entry.span, entry.problem)
        if folder.problem:
            help = "say `--directory /home/stack`, or add `deploy: {directory: ...}` to the spec"
            return Entry(entry.text, entry.span, folder.problem, help)
        return Entry(normpath(f"{folder.text}/{entry.text}"), entry.span)

    def _stack(self, _: Word, __: Option, value: Word | None) -> None:
        self.deploy.stack = self._entry(value) if value else None

    def _templates(self, word: Word, _: Option, value: Word | None) -> None:
        self.deploy.templates = self._path(value) if value else Entry(STOCK, word.span)
        if value and value.item.problem and ALONE.fullmatch(value.raw):
            help = "write into the script what it was, and import it again: options and files may be in it"
            self.deploy.templates = Entry(value.raw, value.span, value.item.problem, help)

    def _roles_file(self, _: Word, __: Option, value: Word | None) -> None:
        self.deploy.roles_file = self._path(value) if value else None

    def _answers_file(self, _: Word, __: Option, value: Word | None) -> None:
        self.deploy.answers_file = self._path(value) if value else None
        if value and not self.command.folder.problem:
            self.deploy.folder = Entry(self.command.folder.text, value.span)

    def _directory(self, _: Word, __: Option, value: Word | None) -> None:
        if value:
            self.deploy.directories.append(self._path(value))

    def _environment(self, _: Word, __: Option, value: Word | None) -> None:
        if value:
            self.deploy.env_files.append(self._path(value))

    def _scale(self, _: Word, option: Option, value: Word | None) -> None:
        if value:
            entry = self._entry(value)
            self.deploy.counts[SCALES[option.name]] = entry
            self.deploy.extra += [Entry(option.name, value.span), entry]

    def _log_file(self, _: Word, option: Option, value: Word | None) -> None:
        """Keeps the client's log file unless its name is unknown, as with a date in it; the plan does not need it."""
        if value and not value.item.problem:
            self._further(value, option, value)

    def _further(self, word: Word, option: Option, value: Word | None) -> None:
        self.deploy.extra.append(Entry(option.name, word.span))
        if value:
            self.deploy.extra.append(self._entry(value))

    def _secret(self, word: Word, option: Option, value: Word | None) -> None:
        if value:
            self.deploy.secrets += [value.text, value.raw]
        if option.name in HELD_BY_OTHERS:
            self._note(word, f"`{option.name}`: {REFUSED[option.name]}")
        else:
            message = f"`{option.name}` is left out: {REFUSED[option.name]}"
            self.deploy.diagnostics.append(said(message, word.span, None, "secret-left-out"))

    def _unknown(self, word: Word) -> None:
        if word.text == "--" or " " in word.text.partition("=")[0]:
            self._refuse(word, f"{quoted(word.text)} is not an option of the client", "give the command as it ran")
            return
        message = f"`openstack overcloud deploy` of this release has no option {quoted(word.text.partition('=')[0])}"
        help = "it is kept; the client of OSP 10 refuses it unless it was extended"
        self.deploy.diagnostics.append(said(message, word.span, help, "unknown-argument"))
        self.deploy.extra.append(self._entry(word))
        if self.rest and "=" not in word.text and client.is_value(self.rest[0].text):
            self.deploy.extra.append(self._entry(self.rest.pop(0)))

    def _stray(self, word: Word) -> None:
        if self._of_template(word):
            return
        if not word.text.strip() and word.raw.startswith("\\"):
            message = "a blank follows the `\\`, so the command ends here, and the client refuses the blank"
            self._refuse(word, message, "the command cannot have run like this: remove what follows the `\\`")
        else:
            message = f"{quoted(word.text)} is not preceded by an option, and the client refuses it"
            self._refuse(word, message, "give the command as it ran")

    def _of_template(self, word: Word) -> bool:
        """Refuses a placeholder of Ansible or Jinja, and all that follows it."""
        if not word.raw.startswith(("{{", "{%")):
            return False
        message = f"{quoted(word.raw)} is of a template, which Ansible or another tool fills in"
        self._refuse(word, message, "give the script that was made of it")
        self.rest.clear()
        return True

    def _copied(self, word: Word) -> None:
        """Refuses a word with a character that a web page or a word processor has put in."""
        found = COPIED.search(word.text)
        character = found[0][-1] if found else ""
        name = f"{unicodedata.name(character, 'a character')} (U+{ord(character):04X})"
        message = f"{quoted(word.text)} has {name} in it, as copied pages have"
        self._refuse(word, message, "type `-`, a blank or a quote in its place, as the command had it when it ran")

    def _lost(self, word: Word, what: str) -> None:
        message = f"{what} is not known: {word.item.problem}"
        help = "write into the script what it was, or complete the spec with the options and files that it held"
        self.deploy.diagnostics.append(unresolved(message, word.span, help))
        self.deploy.notes.append(Note(f"`{word.raw}`: {word.item.problem}", word.span))

    def _refuse(self, word: Word, message: str, help: str) -> None:
        self.deploy.diagnostics.append(error("deploy-command", message, word.span, help))

    def _note(self, word: Word, message: str) -> None:
        self.deploy.diagnostics.append(unresolved(message, word.span))
        self.deploy.notes.append(Note(message, word.span))


def _may_be_value(word: Word) -> bool:
    """Whether the word is a value, or may be one: a word that is not known counts, unless it begins as an option."""
    return not word.raw.startswith("-") if word.item.problem else client.is_value(word.text)


Keep = Callable[[_Reader, Word, Option, Word | None], None]
KEYS: dict[str, Keep] = {
    "--stack": _Reader._stack,
    "--templates": _Reader._templates,
    "--roles-file": _Reader._roles_file,
    "--answers-file": _Reader._answers_file,
    "--environment-directory": _Reader._directory,
    "--environment-file": _Reader._environment,
    "--log-file": _Reader._log_file,
    **dict.fromkeys(SCALES, _Reader._scale),
}


def read(command: Command) -> Deploy:
    """The meaning of the command; a diagnostic for every word that is unknown or that the client refuses."""
    deploy = _Reader(command).all()
    if command.cut_at is not None:
        message = "the command ended before this line: the words here were never part of it, and are left out"
        help = "an empty line, a comment or a line without `\\` ends a command; compare with the stack's own parameters"
        deploy.diagnostics.append(said(message, command.cut_at, help, "cut-command"))
        deploy.notes.append(Note("not part of the deploy command, which ended before it", command.cut_at))
    refused = any(one.code == "deploy-command" for one in deploy.diagnostics)
    if deploy.templates is None and deploy.answers_file is None and not refused:
        message = "the command has neither `--templates` nor `--answers-file`, and the client refuses it"
        deploy.diagnostics.append(error("deploy-command", message, command.span, "give the command as it ran"))
    _tell_of_files_given_twice(deploy)
    _tell(deploy)
    return deploy


def _tell(deploy: Deploy) -> None:
    """One diagnostic for each unknown path; an unknown folder is reported only once."""
    single = (deploy.stack, deploy.templates, deploy.roles_file, deploy.answers_file)
    entries = [*(entry for entry in single if entry), *deploy.directories, *deploy.env_files, *deploy.extra]
    seen: set[str] = set()
    for entry in entries:
        if entry.problem and not (entry.help and entry.problem in seen):
            seen.add(entry.problem)
            message = f"{quoted(entry.text)} is not known as it was: {entry.problem}"
            deploy.diagnostics.append(unresolved(message, entry.span, entry.help or "write what it was into the spec"))


def _tell_of_files_given_twice(deploy: Deploy) -> None:
    """A diagnostic for each file that is given again: it stays, and the last place counts for its parameters."""
    last = {normpath(entry.text): number for number, entry in enumerate(deploy.env_files)}
    for number, entry in enumerate(deploy.env_files):
        if last[normpath(entry.text)] != number:
            again = deploy.env_files[last[normpath(entry.text)]].span.line
            message = f"{quoted(entry.text)} is given again on line {again}: that place counts for its parameters"
            deploy.diagnostics.append(said(message, entry.span))
