"""The commands that write a spec: from what a site already has, or to be filled in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from osp_compile.assets import STANDARD_INPUT
from osp_compile.diagnostics import RefusedError, has_errors
from osp_compile.output import Report, on_terminal, tell
from osp_compile.verbs import completion
from osp_compile.verbs.arguments import judge_import
from osp_compile.verbs.commands import Verb
from osp_compile.verbs.options import Format, format_option, path

# A word of the command line, or an answer, as what it means; BadParameter for a wrong one.
Judge = Callable[[Any], Any]


def _file(context: click.Context, parameter: click.Parameter, value: str | None) -> Path | None:
    """A path to read; `-` is standard input."""
    return STANDARD_INPUT if value == "-" else path(context, parameter, value)


def _files(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[Path, ...]:
    return tuple(path for value in values if (path := _file(context, parameter, value)))


# options that take a file or a folder, to read or to write
A_FILE: dict[str, Any] = {"callback": _file, "shell_complete": completion.files, "metavar": "FILE"}
FILES: dict[str, Any] = {**A_FILE, "callback": _files, "multiple": True}
FOLDERS: dict[str, Any] = {**FILES, "shell_complete": completion.folders, "metavar": "DIR"}
TO_WRITE: dict[str, Any] = {**A_FILE, "callback": path}


def _refusing(judge: Judge) -> Judge:
    """`judge` for click, which reports what is refused as a wrong option, or as a wrong answer."""

    def judged(value: Any) -> Any:
        try:
            return judge(value)
        except RefusedError as problem:
            raise click.BadParameter(str(problem)) from problem

    return judged


@_refusing
def _name(word: str) -> str:
    from osp_compile.importing.skeleton import site_word

    return site_word("name", word)


@_refusing
def _change(word: str) -> str:
    from osp_compile.importing.skeleton import site_word

    return site_word("change", word)


@_refusing
def _roles(words: Sequence[str]) -> dict[str, int]:
    from osp_compile.importing.skeleton import roles_of

    return roles_of(words)


def _answered_roles(answer: str) -> Any:
    return _roles(answer.split())


def _judged(judge: Judge) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """The callback of an option that `judge` takes; None where it was not given, or is only completed."""
    return lambda context, _, value: None if context.resilient_parsing or value in (None, ()) else judge(value)


@click.command(
    "import",
    cls=Verb,
    short_help="Write SITE.yaml from what the site already has.",
    examples=(
        "osp-compile import --deploy deploy.sh --servers servers.json --change CHG0042",
        "osp-compile import --commands > collect.sh",
        "osp-compile import --from osp-compile-site.txt",
        "osp-compile import --from site.txt --update site.yaml --force -o site.yaml",
    ),
    good="the spec is written, and nothing in it is unresolved",
    bad="it is written with what is unresolved marked, or not at all",
)
@click.option("--deploy", **A_FILE, help="Deploy script, or lines of the shell's history.")
@click.option("--command", type=click.IntRange(1), metavar="N", help="Which deploy command of it.  [default: the last]")
@click.option("--servers", **A_FILE, help="`openstack server list` of the undercloud, any form.")
@click.option("--baremetal", **A_FILE, help="`openstack baremetal node list`, with properties.")
@click.option("--instackenv", **A_FILE, help="instackenv.json, for the profiles of machines.")
@click.option("--roles", **A_FILE, help="The site's roles_data.yaml.")
@click.option("--services", **FILES, help="Compute service or agent list.")
@click.option("--templates", **FOLDERS, help="Copies of the environment files.")
@click.option("--from", "collected", **A_FILE, help="What the script of --commands has made.")
@click.option("--commands", is_flag=True, help="Print the script to run on the undercloud; read-only, no secrets.")
@click.option(
    "--update", **{**A_FILE, "metavar": "SITE.yaml"}, help="Refresh this spec; its comments and choices stay."
)
@click.option("--name", metavar="NAME", help="Name of the site.  [default: the stack's]")
@click.option("--change", metavar="NUMBER", help="Number of the approved change.")
@click.option("--directory", metavar="DIR", help="Folder on the undercloud in which the deploy command was run.")
@click.option("--script-path", metavar="PATH", help="Where the deploy script lies on the undercloud (its `$0`).")
@click.option("--user", default="stack", show_default=True, metavar="USER", help="The undercloud's user.")
@click.option("--home", metavar="DIR", help="That user's home there.  [default: /home/USER]")
@click.option("-o", "--output", default="site.yaml", show_default=True, **TO_WRITE)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@format_option
@click.pass_context
def import_command(context: click.Context, /, commands: bool, form: Format, **request: Any) -> int:
    """Write a commented SITE.yaml from the deploy script, the lists of servers, roles and environment files.

    Files are read; nothing in them is run, and no cloud is called. What is not known is marked, never guessed.
    """
    judge_import(context)
    if commands:
        from osp_compile.importing.collection import commands as script

        tell(script())
        return 0
    if not any(request[key] for key in ("deploy", "servers", "collected", "templates")):
        raise click.UsageError("nothing to import from: --from FILE, or --deploy FILE and --servers FILE; see --help")
    from osp_compile.pipeline import import_spec

    result = import_spec(**request)
    facts: dict[str, object] = {
        "spec": str(result.path) if result.path else None,
        "nodes": result.nodes,
        "sections": list(result.sections),
    }
    lines = (
        ()
        if result.path is None
        else (f"wrote {result.path}: {result.nodes} nodes; environment files: {result.files}",)
    )
    wrong = has_errors(result.diagnostics)
    if result.path is not None:
        settle = f"settle what is marked UNRESOLVED in {result.path}, then: osp-compile check {result.path}"
        lines = (*lines, f"next: {settle if wrong else f'read it, then osp-compile {result.path}'}")
        lines = (*lines, *_editors_hint(result.path))
    Report(form).finish(result.diagnostics, facts, lines)
    return 1 if wrong else 0


@click.command(
    "init",
    cls=Verb,
    short_help="Write a commented SITE.yaml to fill in.",
    examples=("osp-compile init", "osp-compile init --name tokyo-1 --role Controller=3 --role Compute=12"),
    good="it is written",
    bad="",
)
@click.option("--name", callback=_judged(_name), metavar="NAME", help="Name of the site.")
@click.option("--change", callback=_judged(_change), metavar="NUMBER", help="Number of the approved change.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    callback=_judged(_roles),
    metavar="ROLE=N",
    help="So many nodes of a role; may be given again.",
)
@click.option("-o", "--output", default="site.yaml", show_default=True, **TO_WRITE)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def init_command(name: str | None, change: str | None, roles: dict[str, int] | None, output: Path, force: bool) -> int:
    """Write a commented SITE.yaml to fill in; on a terminal, ask for what was not said."""
    from osp_compile.importing import on_disk, skeleton

    on_disk.check_place(output, force)
    # questions go to standard error: with that in a file, a question would not be seen
    ask = _ask if all(on_terminal(stream) for stream in (sys.stdin, sys.stdout, sys.stderr)) else _unasked
    name = name or ask("Name of the site", "site-1", _name)
    change = change or ask("Number of the approved change", "CHG0000000", _change)
    counts = roles or ask("Nodes of each role", "Controller=3 CephStorage=0 Compute=2", _answered_roles)
    on_disk.write(output, skeleton.text(name, change, counts), force)
    lines = (f"wrote {output}", f"next: fill it in, then osp-compile check {output}", *_editors_hint(output))
    tell("".join(f"{line}\n" for line in lines))
    return 0


def _editors_hint(spec: Path) -> tuple[str, ...]:
    """How the schema that a new spec names in its first line comes to lie beside it, unless it does already."""
    schema = spec.with_name("site.schema.json")
    return () if schema.exists() else (f"for an editor that explains each key: osp-compile schema > {schema}",)


def _ask(question: str, default: str, judge: Judge) -> Any:
    """The answer on the terminal, as `judge` makes it; what it refuses is asked again, with the reason."""
    try:
        return click.prompt(question, default=default, value_proc=judge, err=True)
    except BaseException:
        # the next message begins a new line; the terminal may be gone
        with suppress(OSError):
            click.echo(err=True)
        raise


def _unasked(_: str, default: str, judge: Judge) -> Any:
    return judge(default)
