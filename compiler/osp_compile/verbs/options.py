"""Arguments and options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from osp_compile.verbs import completion
from osp_compile.verbs.arguments import spec_path

Format = Literal["text", "json"]
Judgement = Literal["text", "json", "sarif", "github"]


def path(_: click.Context, __: click.Parameter, value: str | None) -> Path | None:
    if value is None:
        return None
    if not value:
        raise click.BadParameter("it is empty; was a shell variable meant?")
    return Path(value)


format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to report."
)
judgement_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="How to report; `github` marks the lines in a pull request.",
)
spec_argument = click.argument("spec", metavar="SITE.yaml|-", callback=spec_path, shell_complete=completion.files)
