"""A deploy command that was found, and the choice of the one that deployed the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from osp_compile.diagnostics import Diagnostic, Span, error, quoted
from osp_compile.importing.bash.values import Item
from osp_compile.importing.bash.words import Word
from osp_compile.importing.text import said
from osp_compile.spec.rules import client

TRIES = frozenset(("--help", "-h", "--dry-run"))  # with these, nothing is deployed


@dataclass(frozen=True)
class Command:
    """One `openstack overcloud deploy`: the words after these three, and those between `openstack` and `overcloud`."""

    words: tuple[Word, ...]
    span: Span
    folder: Item
    condition: int | None = None
    uncalled: str | None = None
    cut_at: Span | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(word.raw if word.item.problem else word.text for word in self.words)

    @property
    def stack(self) -> str:
        """The stack that it deploys; of an option given twice, the last value counts."""
        given = client.given((number, text) for number, text in enumerate(self.texts))
        return next((one.value for one in reversed(given) if one.option.name == "--stack" and one.value), "overcloud")

    @property
    def tries(self) -> bool:
        """Whether the client deploys nothing: it was asked for its help, or for a dry run."""
        return not TRIES.isdisjoint(word.text for word in self.words)


def choose(commands: Sequence[Command], number: int | None) -> tuple[Command | None, list[Diagnostic]]:
    """The command that the site is deployed with: the last one, or number `number` (from 1)."""
    if number is not None:
        return _numbered(commands, number)
    commands = [command for command in commands if not command.tries] or commands
    different = list({command.texts: command for command in commands}.values())
    last = commands[-1]
    if len(different) < 2:
        return last, _uncertain(last)
    message = _undecided(commands, different)
    if message:
        return None, [error("several-deploy-commands", message, last.span, "say which with `--command NUMBER`, from 1")]
    message = (
        f"there are {len(commands)} deploy commands ({_lines(commands)}):"
        " the last one is taken, which left the cloud so"
    )
    return last, [said(message, last.span, "`--command NUMBER` takes another one, from 1", "several-deploy-commands")]


def _numbered(commands: Sequence[Command], number: int) -> tuple[Command | None, list[Diagnostic]]:
    if 1 <= number <= len(commands):
        return commands[number - 1], []
    message = f"there are {len(commands)} deploy commands, and no number {number}"
    return None, [error("no-deploy-command", message, commands[-1].span, "--command counts them from 1")]


def _undecided(commands: Sequence[Command], different: Sequence[Command]) -> str | None:
    """Why the last of the commands need not be the one that deployed the site; None if it is."""
    lines = _lines(commands)
    stacks = list(dict.fromkeys(command.stack for command in different))
    if len(stacks) > 1:
        names = ", ".join(quoted(stack) for stack in stacks[:6])
        return f"there are deploy commands of {len(stacks)} stacks, {names} ({lines}), and each is a site of its own"
    if any(command.condition or command.uncalled for command in different):
        return f"there are {len(commands)} deploy commands ({lines}), and which one ran last is not in the script"
    return None


def _lines(commands: Sequence[Command]) -> str:
    """`lines 3, 7` of one file; of several files each with its own."""
    if len({command.span.file for command in commands}) > 1:
        return ", ".join(f"{command.span.file}:{command.span.line}" for command in commands)
    return f"lines {', '.join(str(command.span.line) for command in commands)}"


def _uncertain(command: Command) -> list[Diagnostic]:
    if command.uncalled:
        message = f"the command is in the function {quoted(command.uncalled)}, which this script does not call"
        return [said(message, command.span, "what its caller sets is not known here")]
    return []
