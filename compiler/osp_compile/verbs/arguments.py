"""Converts words of a command line to what a command needs, and refuses the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import click

STANDARD_INPUT = Path("/dev/stdin")
# options of rehearse, each with the options of which one is required with it
NEEDED = {
    "seed": ("sample",),
    "sample": ("matrix", "points"),
    "kinds": ("matrix", "points"),
    "part": ("kinds",),
    "kinds_part": ("kinds",),
    "beyond": ("kinds",),
}


def spec_path(_: click.Context, __: click.Parameter, value: str) -> Path:
    """A spec's path; `-` is standard input, and a file of that name is `./-`."""
    if not value:
        raise click.BadParameter("it is empty; was a shell variable meant?")
    return STANDARD_INPUT if value == "-" else Path(value)


def spec_paths(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[Path, ...]:
    """Several of them, each once."""
    return tuple(dict.fromkeys(spec_path(context, parameter, value) for value in values))


def section_ids(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Sections as bundles name them: the guide's 2.8 is 2.08."""
    return tuple(re.sub(r"\A2\.([0-9])\Z", r"2.0\1", value) for value in values)


def judge_rehearsal(context: click.Context) -> None:
    """Raises UsageError for an option of rehearse that would be ignored."""
    for option, needed in NEEDED.items():
        refuse_ignored(context, option, needed)
    refuse_beside(context, "sample", ("kinds", "part"))
    if context.params["source"] == STANDARD_INPUT and context.params["worlds"]:
        raise click.UsageError("`--world` needs the spec as a file: a world may change it", context)


def refuse_ignored(ctx: click.Context, option: str, needed: Sequence[str]) -> None:
    """Raises UsageError for an option (by parameter name) that has no effect without one of the others."""
    if _given(ctx, option) and not any(_given(ctx, name) for name in needed):
        words = " or ".join(_shown(ctx, name) for name in needed)
        raise click.UsageError(f"{_shown(ctx, option)} has no effect without {words}", ctx)


def refuse_beside(ctx: click.Context, option: str, others: Sequence[str]) -> None:
    """Raises UsageError for an option that another one would leave without effect."""
    for other in others:
        if _given(ctx, option) and _given(ctx, other):
            raise click.UsageError(f"{_shown(ctx, option)} has no effect beside {_shown(ctx, other)}", ctx)


def _given(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) not in {None, click.core.ParameterSource.DEFAULT}


def _shown(ctx: click.Context, name: str) -> str:
    """An option as it is typed, such as `--matrix`."""
    found = next((one for one in ctx.command.params if one.name == name), None)
    return f"`{found.opts[0]}`" if found else f"`{name}`"
