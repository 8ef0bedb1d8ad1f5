"""Converts words of a command line to what a command needs, and refuses the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import click

from osp_compile.assets import STANDARD_INPUT

# options of rehearse, each with the options of which one is required with it
NEEDED = {
    "seed": ("sample",),
    "sample": ("matrix", "points"),
    "kinds": ("matrix", "points"),
    "part": ("kinds",),
    "kinds_parts": ("kinds",),
    "beyond": ("kinds",),
}
SCRIPTS, LISTS = ("deploy", "collected"), ("servers", "collected")
# the same of import: how a deploy script is read, and what is added to a list of servers
NEEDED_BY_IMPORT = {
    **dict.fromkeys(("command", "directory", "script_path"), SCRIPTS),
    **dict.fromkeys(("baremetal", "instackenv", "roles", "services"), LISTS),
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


def judge_import(context: click.Context) -> None:
    """Raises UsageError for an option of import that would be ignored, and where two read standard input."""
    for one in context.command.params:
        if one.name and one.name not in {"commands", "help"}:
            refuse_beside(context, one.name, ("commands",))
    for option, needed in NEEDED_BY_IMPORT.items():
        refuse_ignored(context, option, needed)
    for option in ("name", "change"):
        refuse_beside(context, option, ("update",))
    read = [name for name, value in context.params.items() for path in _paths(value) if path == STANDARD_INPUT]
    refuse_twice(context, read)


def judge_diff(context: click.Context) -> None:
    """Raises UsageError where both bundles would be read from standard input."""
    refuse_twice(context, [name for name in ("old", "new") if context.params[name] == STANDARD_INPUT])


def refuse_twice(ctx: click.Context, names: Sequence[str]) -> None:
    """Raises UsageError where several parameters (by name) read standard input, which can be read once."""
    if len(names) > 1:
        raise click.UsageError(f"standard input is one file: {' and '.join(_shown(ctx, one) for one in names)}", ctx)


def _paths(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


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
    if isinstance(found, click.Argument):
        return f"`{found.make_metavar(ctx)}`"
    return f"`{found.opts[0]}`" if found else f"`{name}`"
