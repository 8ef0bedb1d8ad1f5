"""What the command prints: diagnostics as text on stderr or as JSON on stdout, in colour on a terminal only."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Literal

import click

from osp_compile.errors import Diagnostic, as_data, render_text

STYLES = (
    (re.compile(r"^error\[[a-z0-9-]+\]", re.MULTILINE), "bold red"),
    (re.compile(r"^warning\[[a-z0-9-]+\]", re.MULTILINE), "bold yellow"),
    (re.compile(r"^ *--> |^ *\d* \|", re.MULTILINE), "blue"),
    (re.compile(r"(?<=\| )\s*\^+$", re.MULTILINE), "bold red"),
    (re.compile(r"^ *= help:", re.MULTILINE), "cyan"),
)


class Report:
    """Tells the outcome of one command, once."""

    def __init__(self, form: Literal["text", "json"]) -> None:
        self.form = form

    def finish(
        self, diagnostics: Sequence[Diagnostic], facts: Mapping[str, object] | None = None, lines: Sequence[str] = ()
    ) -> None:
        """`facts` join the JSON document, `lines` follow the text."""
        # a file that several scripts share is judged with each of them
        diagnostics = list(dict.fromkeys(diagnostics))
        if self.form == "json":
            document = {"diagnostics": [as_data(diagnostic) for diagnostic in diagnostics], **(facts or {})}
            click.echo(json.dumps(document, ensure_ascii=False, indent=2))
            return
        text = render_text(diagnostics)
        if text:
            show(text)
        for line in lines:
            click.echo(line)


def show(text: str) -> None:
    """`text` on stderr: as it is, or coloured where a person reads it on a terminal and NO_COLOR is not set."""
    if not sys.stderr.isatty() or os.environ.get("NO_COLOR"):
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
