"""Prints results: diagnostics as text on stderr or as JSON on stdout; colour only on a terminal."""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Literal, TextIO

import click

from osp_compile.diagnostics import Diagnostic, RefusedError, as_data, error, render_text, visible

STYLES = (
    (re.compile(r"^error\[[a-z0-9-]+\]", re.MULTILINE), "bold red"),
    (re.compile(r"^warning\[[a-z0-9-]+\]", re.MULTILINE), "bold yellow"),
    (re.compile(r"^ *--> |^ *\d* \|", re.MULTILINE), "blue"),
    (re.compile(r"(?<=\| )\s*\^+$", re.MULTILINE), "bold red"),
    (re.compile(r"^ *= help:", re.MULTILINE), "cyan"),
)


def on_terminal(stream: TextIO | None) -> bool:
    """Whether a terminal shows the stream; it is None if it was closed before the start, as by `2>&-`."""
    return stream is not None and stream.isatty()


class Report:
    """Reports the outcome of one command, once."""

    def __init__(self, form: Literal["text", "json", "sarif", "github"]) -> None:
        self.form = form

    def finish(
        self, diagnostics: Sequence[Diagnostic], facts: Mapping[str, object] | None = None, lines: Sequence[str] = ()
    ) -> None:
        """Prints the diagnostics; `facts` go into the JSON document (see `document`), `lines` come after the text."""
        # a file that several scripts share is checked with each of them, so a finding may come twice
        diagnostics = list(dict.fromkeys(diagnostics))
        if self.form == "json":
            tell(_as_json(document(diagnostics, facts or {})))
            return
        text = render_text(diagnostics)
        if text:
            show(text)
        tell("".join(f"{visible(line)}\n" for line in lines))


def tell(text: str) -> None:
    """Prints `text` on standard output. Ignores EPIPE (the reader has left); reports a full disk."""
    try:
        click.echo(text, nl=False)
    except BrokenPipeError:
        # no second complaint when Python flushes at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as problem:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise RefusedError(f"the result cannot be printed: {os.strerror(problem.errno or errno.EIO)}") from problem


@contextmanager
def stderr_failures_ignored() -> Iterator[None]:
    """Drops what standard error does not take, as on a full disk: the exit status says it to those who cannot hear."""
    try:
        yield
        if sys.stderr is not None:  # as it is where it was closed before the start
            sys.stderr.flush()
    except OSError:
        # no second complaint when Python flushes at its end, which would be its exit status
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def tell_refusal(message: str, as_json: bool) -> None:
    """Prints why the command stopped: a line on stderr, and with `as_json` a document on stdout as well."""
    # a file's name in it may contain control characters
    message = visible(message)
    if as_json:
        # standard output may be what went wrong
        with suppress(RefusedError):
            tell(_as_json(document([error("refused", message, None)], {})))
    with stderr_failures_ignored():
        click.echo(f"osp-compile: {message}", err=True)


def document(diagnostics: Sequence[Diagnostic], facts: Mapping[str, object]) -> dict[str, object]:
    """What every command's JSON document has, and the `facts` of this one.

    {diagnostics: [...], counts: {errors, warnings}, sections: [ids], digest}: the sections are those of the bundle, or
    those that the spec needs; the digest is the bundle's. [] and null where there is nothing that has them.
    """
    errors = sum(diagnostic.severity == "error" for diagnostic in diagnostics)
    return {
        "diagnostics": [as_data(diagnostic) for diagnostic in diagnostics],
        "counts": {"errors": errors, "warnings": len(diagnostics) - errors},
        "sections": [],
        "digest": None,
        **facts,
    }


def _as_json(document: Mapping[str, object]) -> str:
    # a terminal without Unicode would replace letters and break the JSON
    ascii_only = (getattr(sys.stdout, "encoding", None) or "ascii").lower() not in {"utf-8", "utf8"}
    return json.dumps(document, ensure_ascii=ascii_only, indent=2) + "\n"


def show(text: str) -> None:
    """Prints `text` on stderr, in colour if that is a terminal and NO_COLOR is not set."""
    if not on_terminal(sys.stderr) or os.environ.get("NO_COLOR"):
        with stderr_failures_ignored():
            click.echo(text, err=True, nl=False)
        return
    # only a terminal needs it, and its import takes longer than most checks
    from rich.console import Console
    from rich.text import Text

    styled = Text(text)
    for pattern, style in STYLES:
        for match in pattern.finditer(text):
            styled.stylize(style, *match.span())
    Console(stderr=True, soft_wrap=True, highlight=False).print(styled, end="")


def show_shell(text: str) -> None:
    """Prints bash `text` on standard output, highlighted if that is a terminal and NO_COLOR is not set."""
    text = "\n".join(visible(line) for line in text.split("\n"))
    if not on_terminal(sys.stdout) or os.environ.get("NO_COLOR"):
        tell(text)
        return
    from rich.console import Console
    from rich.syntax import Syntax

    console = Console(soft_wrap=True, highlight=False)
    with console.capture() as shown:
        console.print(Syntax(text.rstrip("\n"), "bash", theme="ansi_dark", background_color="default", word_wrap=True))
    tell(shown.get())
