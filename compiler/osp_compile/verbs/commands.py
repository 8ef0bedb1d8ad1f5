"""The program and its commands for click: help with examples and exit codes, and the default command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from osp_compile.diagnostics import nearest, quoted

DEFAULT = "compile"
EXITS = {2: "wrong usage", 3: "what the command cannot help, such as a full disk", 130: "interrupted"}


class Verb(click.Command):
    """A command whose help ends with its examples and its exit codes.

    `examples` are command lines; `good` and `bad` say what the statuses 0 and 1 mean, `bad` empty where there is no 1.
    """

    def __init__(
        self, *args: Any, examples: Sequence[str] = (), good: str = "done", bad: str = "not done", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.examples, self.good, self.bad = tuple(examples), good, bad

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        write_examples(formatter, self.examples)
        write_exits(formatter, self.good, self.bad)


def write_examples(formatter: click.HelpFormatter, examples: Sequence[str]) -> None:
    if examples:
        with formatter.section("Examples"):
            # a line to copy must not be wrapped
            formatter.write("".join(f"{' ' * formatter.current_indent}{line}\n" for line in examples))


def write_exits(formatter: click.HelpFormatter, good: str, bad: str) -> None:
    known = {0: good, **({1: bad} if bad else {}), **EXITS}
    with formatter.section("Exit codes"):
        formatter.write_dl([(str(code), words) for code, words in known.items()])


class Program(click.Group):
    """The program; without a command's name the arguments are those of `compile`. A file named `check` is `./check`."""

    command_class = Verb
    examples = ("osp-compile site.yaml", "osp-compile check site.yaml", "osp-compile rehearse site.yaml")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {"--help", "-h", "--version"}
        if args and args[0] not in self.commands and args[0] not in own:
            if not ctx.resilient_parsing:
                self._refuse_mistyped(ctx, args[0])
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def _refuse_mistyped(self, ctx: click.Context, word: str) -> None:
        """Refuses a word without `.` and `/` that names neither a command nor a file."""
        if not word or word.startswith("-") or "/" in word or "." in word or Path(word).exists():
            return
        near = nearest(word, self.commands)
        meant = f"; did you mean `{near}`?" if near else ""
        raise click.UsageError(
            f"no command and no file {quoted(word)}{meant}; commands: {', '.join(sorted(self.commands))}", ctx
        )

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the commands, each with the whole first sentence of its help."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, command.get_short_help_str(limit=1000))
                    for name, command in sorted(self.commands.items())
                    if not command.hidden
                ]
            )

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        write_examples(formatter, self.examples)
        write_exits(formatter, "done", "something is wrong with what was given, and all of it was reported")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Completes commands, and files to compile."""
        files = [] if incomplete.startswith("-") else [CompletionItem(incomplete, type="file")]
        # the completion script for bash drops the items before one that means files
        return [*files, *super().shell_complete(ctx, incomplete)]
