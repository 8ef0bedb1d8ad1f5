"""The commands that write a spec: from what a site already has, or to be filled in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from osp_compile.diagnostics import has_errors
from osp_compile.output import Report, tell
from osp_compile.verbs.commands import Verb
from osp_compile.verbs.options import Format, format_option, path


def _file(context: click.Context, parameter: click.Parameter, value: str | None) -> Path | None:
    """A path to read; `-` is standard input."""
    return Path("/dev/stdin") if value == "-" else path(context, parameter, value)


def _files(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[Path, ...]:
    return tuple(path for value in values if (path := _file(context, parameter, value)))


@click.command(
    "import",
    cls=Verb,
    short_help="Write SITE.yaml from what the site already has.",
    examples=(
        "osp-compile import --deploy overcloud-deploy.sh --servers servers.json --change CHG0042137",
        "osp-compile import --commands > collect.sh",
        "osp-compile import --from osp-compile-site.txt",
        "osp-compile import --from osp-compile-site.txt --update site.yaml --force -o site.yaml",
    ),
    good="the spec is written, and nothing in it is unresolved",
    bad="it is written with what is unresolved marked, or not at all",
)
@click.option("--deploy", callback=_file, metavar="FILE", help="Deploy script, or lines of the shell's history.")
@click.option("--command", type=click.IntRange(1), metavar="N", help="Which deploy command of it.  [default: the last]")
@click.option("--servers", callback=_file, metavar="FILE", help="`openstack server list` of the undercloud, any form.")
@click.option("--baremetal", callback=_file, metavar="FILE", help="`openstack baremetal node list`, with properties.")
@click.option("--instackenv", callback=_file, metavar="FILE", help="instackenv.json, for the profiles of machines.")
@click.option("--roles", callback=_file, metavar="FILE", help="The site's roles_data.yaml.")
@click.option("--services", callback=_files, multiple=True, metavar="FILE", help="Compute service or agent list.")
@click.option("--templates", callback=_files, multiple=True, metavar="DIR", help="Copies of the environment files.")
@click.option("--from", "collected", callback=_file, metavar="FILE", help="What the script of --commands has made.")
@click.option("--commands", is_flag=True, help="Print the script to run on the undercloud; read-only, no secrets.")
@click.option("--update", callback=path, metavar="SITE.yaml", help="Refresh this spec; its comments and choices stay.")
@click.option("--name", metavar="NAME", help="Name of the site.  [default: the stack's]")
@click.option("--change", metavar="NUMBER", help="Number of the approved change.")
@click.option("--directory", metavar="DIR", help="Folder on the undercloud in which the deploy command was run.")
@click.option("--script-path", metavar="PATH", help="Where the deploy script lies on the undercloud (its `$0`).")
@click.option("--user", default="stack", show_default=True, metavar="USER", help="The undercloud's user.")
@click.option("--home", metavar="DIR", help="That user's home there.  [default: /home/USER]")
@click.option("-o", "--output", callback=path, default="site.yaml", show_default=True, metavar="FILE")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@format_option
def import_command(commands: bool, form: Format, **wish: Any) -> int:
    """Write a commented SITE.yaml from the deploy script, the lists of servers, roles and environment files.

    Files are read; nothing in them is run, and no cloud is called. What is not known is marked, never guessed.
    """
    if commands:
        from osp_compile.importing.collection import commands as script

        tell(script())
        return 0
    if not any(wish[key] for key in ("deploy", "servers", "collected", "roles", "templates")):
        raise click.UsageError("nothing to import from: --from FILE, or --deploy FILE and --servers FILE; see --help")
    from osp_compile.pipeline import import_spec

    result = import_spec(**wish)
    facts: dict[str, object] = {"spec": str(result.path) if result.path else None, "nodes": result.nodes}
    lines = (
        () if result.path is None else (f"wrote {result.path}: {result.nodes} nodes, {result.files} environment files",)
    )
    wrong = has_errors(result.diagnostics)
    if result.path is not None:
        settle = f"settle what is marked UNRESOLVED in {result.path}, then: osp-compile check {result.path}"
        lines = (*lines, f"next: {settle if wrong else f'read it, then osp-compile {result.path}'}")
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
@click.option("--name", metavar="NAME", help="Name of the site.")
@click.option("--change", metavar="NUMBER", help="Number of the approved change.")
@click.option("--role", "roles", multiple=True, metavar="ROLE=N", help="So many nodes of a role; may be given again.")
@click.option("-o", "--output", callback=path, default="site.yaml", show_default=True, metavar="FILE")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def init_command(name: str | None, change: str | None, roles: tuple[str, ...], output: Path, force: bool) -> int:
    """Write a commented SITE.yaml to fill in; on a terminal, ask for what was not said."""
    from osp_compile.importing import on_disk, skeleton

    on_disk.check_place(output, force)
    if sys.stdin.isatty() and sys.stdout.isatty():
        name = name or click.prompt("Name of the site", default="site-1", err=True)
        change = change or click.prompt("Number of the approved change", default="CHG0000000", err=True)
        if not roles:
            answer = click.prompt("Nodes of each role", default="Controller=3 CephStorage=0 Compute=2", err=True)
            roles = tuple(answer.split())
    counts = skeleton.roles_of(roles or ("Controller=3", "Compute=2"))
    on_disk.write(output, skeleton.text(name or "site-1", change or "CHG0000000", counts), force)
    tell(f"wrote {output}\nnext: fill it in, then osp-compile check {output}\n")
    return 0
