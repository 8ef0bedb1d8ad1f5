"""The command `osp-compile`: arguments in, words and an exit status out. Only this module prints or exits."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, cast

import click

from osp_compile import __version__
from osp_compile.diagnostics import Diagnostic, has_errors
from osp_compile.exit_status import USAGE, ending_cleanly, guarded
from osp_compile.output import Report, tell

DEFAULT = "compile"
Format = Literal["text", "json"]


def _path(_: click.Context, __: click.Parameter, value: str | None) -> Path | None:
    if value is None:
        return None
    if not value:
        raise click.BadParameter("it is empty; was a shell variable meant?")
    return Path(value)


format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to report."
)
spec_argument = click.argument("spec", metavar="SITE.yaml", callback=_path)


class DefaultGroup(click.Group):
    """Without the name of a command the arguments are those of `compile`; a file named `check` is `./check`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {"--help", "-h", "--version"}
        if args and args[0] not in self.commands and args[0] not in own:
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)


@click.group(cls=DefaultGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="osp-compile")
def program() -> None:
    """Compile a site's YAML into reviewed scripts that update a Red Hat OpenStack Platform 10 site.

    `osp-compile SITE.yaml` is short for `osp-compile compile SITE.yaml`.
    """


@program.command(DEFAULT)
@spec_argument
@click.option("-o", "--output", callback=_path, default="out", show_default=True, metavar="DIR")
@click.option("--language", type=click.Choice(["en", "ja"]), help="Language of the runbook, instead of the spec's.")
@format_option
def compile_command(spec: Path, output: Path, language: Literal["en", "ja"] | None, form: Format) -> int:
    """Write the bundle of SITE.yaml to DIR/<site name>."""
    from osp_compile.pipeline import compile_site

    report = Report(form)
    result = compile_site(spec, output, language)
    if result.path is None or result.digest is None:
        report.finish(result.diagnostics)
        return 1
    bundle = str(result.path)
    report.finish(
        result.diagnostics,
        {"bundle": bundle, "digest": result.digest},
        (f"wrote {bundle}", f"digest {result.digest}", f"next: read {bundle}/README.md"),
    )
    return 0


@program.command()
@spec_argument
@format_option
def check(spec: Path, form: Format) -> int:
    """Check SITE.yaml without writing anything."""
    from osp_compile.pipeline import check_site

    return _judge(check_site(spec), form, f"{spec} is valid")


@program.command()
def schema() -> int:
    """Print the JSON Schema of a spec, each key with its description and default."""
    from osp_compile.spec.schema import text

    tell(text())
    return 0


@program.command()
@click.argument("directory", metavar="DIR", callback=_path)
@format_option
def verify(directory: Path, form: Format) -> int:
    """Check that the bundle in DIR is unmodified: its files, its SHA256SUMS, its digest."""
    from osp_compile.bundle.on_disk import verify as verify_bundle

    return _judge(verify_bundle(directory), form, f"{directory} is unmodified")


def _part(_: click.Context, __: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """K/M as numbers, with 1 <= K <= M."""
    if value is None:
        return None
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", value)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise click.BadParameter(f"{value}: a part is K/M, the K-th of M, as in 3/10")
    return int(found[1]), int(found[2])


def _shares(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, tuple[int, int]], ...]:
    """MATRIX=K/M, each."""
    found = []
    for value in values:
        matrix, _, part = value.partition("=")
        share = _part(context, parameter, part)
        if matrix not in ("kill", "fail", "answer", "change") or share is None:
            raise click.BadParameter(f"{value}: a share is MATRIX=K/M, as in answer=3/100")
        found.append((matrix, share))
    return tuple(found)


@program.command("rehearse")
@click.argument("source", metavar="SITE.yaml|BUNDLE", callback=_path)
@click.option("--section", "sections", multiple=True, metavar="2.NN", help="This section only; may be given again.")
@click.option("--world", "worlds", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help="A world file.")
@click.option(
    "--matrix",
    type=click.Choice(["kill", "fail", "answer", "change", "all"]),
    help="Kill or fail each run at every command; answer questions with hostile texts; or change the site meanwhile. "
    "All: kill and fail.",
)
@click.option(
    "--share",
    "shares",
    callback=_shares,
    multiple=True,
    metavar="MATRIX=K/M",
    help="Also every M-th point of that matrix, from the K-th on; may be given again.",
)
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Number of matrix points to sample.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="S", help="Random seed for --sample.")
@click.option(
    "--kinds-part", callback=_part, metavar="K/M", help="With --kinds: every M-th of the kinds, from the K-th on."
)
@click.option("--kinds", is_flag=True, help="One point of each group that differs only by the node.")
@click.option(
    "--part", callback=_part, metavar="K/M", help="With --kinds: every M-th of the other points, from the K-th on."
)
@click.option(
    "--beyond",
    type=click.Path(path_type=Path),
    metavar="SITE.yaml",
    help="With --kinds: only of steps that this site lacks.",
)
@click.option(
    "--kill", "--fail", "points", multiple=True, metavar="POINT", help="This point of the matrix; may be given again."
)
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Trials to run in parallel.")
@click.option(
    "-o", "--output", callback=_path, metavar="DIR", help="Directory of the report.  [default: out, or beside BUNDLE]"
)
@click.option(
    "--junit", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Also write JUnit there."
)
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Keep suite and worlds there."
)
@click.option(
    "--bash", type=click.Path(exists=True, dir_okay=False), metavar="PATH", help="Another bash for the simulated site."
)
def rehearse_command(**wish: Any) -> int:
    """Run the scripts of SITE.yaml, or of a BUNDLE, against a simulated site, and report whether they work."""
    from osp_compile.rehearsal.command import rehearse
    from osp_compile.rehearsal.screen import Screen
    from osp_compile.rehearsal.wish import Wish, WishError
    from osp_compile.rehearsal.world_file import WorldError

    with Screen() as screen:
        try:
            done = rehearse(Wish(**wish), screen.begun, screen.shown)
        except (WishError, WorldError) as problem:
            raise click.UsageError(str(problem)) from problem
    if done.folder is None or done.facts is None:
        Report("text").finish(done.diagnostics)
        return 1
    screen.page(done.results, done.facts, done.folder)
    return 0 if all(result.ok for result in done.results) else 1


IMPORT_EXAMPLES = """
\b
Examples:
  osp-compile import --deploy overcloud-deploy.sh --servers servers.json --change CHG0042137
  osp-compile import --commands > collect.sh      run it on the undercloud: bash collect.sh
  osp-compile import --from osp-compile-site.txt  read what it made
  osp-compile import --from osp-compile-site.txt --update site.yaml --force -o site.yaml

\b
Exit status: 0 written and complete, 1 something has to be settled (or the input was refused, and nothing
written), 2 usage, 3 the file cannot be written. What has to be settled is marked UNRESOLVED in the spec.
"""
INIT_EXAMPLES = """
\b
Examples:
  osp-compile init                                          asks, on a terminal
  osp-compile init --name osaka-2 --role Controller=3 --role Compute=12 -o osaka-2.yaml

\b
Exit status: 0 written, 2 usage, 3 refused: the file is there already, or cannot be written.
"""


def _file(context: click.Context, parameter: click.Parameter, value: str | None) -> Path | None:
    """A path to read; `-` is standard input."""
    return Path("/dev/stdin") if value == "-" else _path(context, parameter, value)


def _files(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[Path, ...]:
    return tuple(path for value in values if (path := _file(context, parameter, value)))


@program.command("import", epilog=IMPORT_EXAMPLES, short_help="Write SITE.yaml from what the site already has.")
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
@click.option("--update", callback=_path, metavar="SITE.yaml", help="Refresh this spec; its comments and choices stay.")
@click.option("--name", metavar="NAME", help="Name of the site.  [default: the stack's]")
@click.option("--change", metavar="NUMBER", help="Number of the approved change.")
@click.option("--directory", metavar="DIR", help="Folder on the undercloud in which the deploy command was run.")
@click.option("--script-path", metavar="PATH", help="Where the deploy script lies on the undercloud (its `$0`).")
@click.option("--user", default="stack", show_default=True, metavar="USER", help="The undercloud's user.")
@click.option("--home", metavar="DIR", help="That user's home there.  [default: /home/USER]")
@click.option("-o", "--output", callback=_path, default="site.yaml", show_default=True, metavar="FILE")
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


@program.command(epilog=INIT_EXAMPLES, short_help="Write a commented SITE.yaml to fill in.")
@click.option("--name", metavar="NAME", help="Name of the site.")
@click.option("--change", metavar="NUMBER", help="Number of the approved change.")
@click.option("--role", "roles", multiple=True, metavar="ROLE=N", help="So many nodes of a role; may be given again.")
@click.option("-o", "--output", callback=_path, default="site.yaml", show_default=True, metavar="FILE")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def init(name: str | None, change: str | None, roles: tuple[str, ...], output: Path, force: bool) -> int:
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


def _judge(diagnostics: Sequence[Diagnostic], form: Format, good: str) -> int:
    wrong = has_errors(diagnostics)
    Report(form).finish(diagnostics, {"ok": not wrong}, () if wrong else (good,))
    return 1 if wrong else 0


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script: runs the command and exits with its status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # a terminal that knows no Japanese is no reason to fail
            stream.reconfigure(errors="backslashreplace")
    words = list(sys.argv[1:] if arguments is None else arguments)
    with ending_cleanly():
        status = guarded(
            lambda: cast(int, program.main(words or ["--help"], "osp-compile", standalone_mode=False)),
            as_json="--format=json" in words or ("--format", "json") in pairwise(words),
        )
    sys.exit(status if words else USAGE)
