"""The command `osp-compile`: arguments in, words and an exit status out. Only this and `verbs/` print or exit."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from osp_compile import __version__
from osp_compile.assets import STANDARD_INPUT
from osp_compile.diagnostics import has_errors, render_text
from osp_compile.exit_status import USAGE, ending_cleanly, guarded
from osp_compile.output import show, tell
from osp_compile.verbs import completion, shells
from osp_compile.verbs.arguments import spec_paths
from osp_compile.verbs.commands import DEFAULT, Program
from osp_compile.verbs.of_bundle import diff_command, explain_command, pack_command, verify_command
from osp_compile.verbs.options import Judgement, judgement_option, path, spec_argument
from osp_compile.verbs.rehearse import rehearse_command
from osp_compile.verbs.writing import import_command, init_command

if TYPE_CHECKING:
    from osp_compile.pipeline import Added, Examined


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="osp-compile")
def program() -> None:
    """Compile a site's YAML into reviewed scripts that update a Red Hat OpenStack Platform 10 site.

    `osp-compile SITE.yaml` is short for `osp-compile compile SITE.yaml`.
    """


@program.command(
    DEFAULT,
    examples=(
        "osp-compile site.yaml",
        "osp-compile site.yaml -o /srv/bundles --language ja",
        "osp-compile site.yaml --previous approved.tar.gz",
    ),
    good="the bundle is written",
    bad="the spec has errors; nothing is written",
)
@spec_argument
@click.option(
    "-o",
    "--output",
    callback=path,
    default="out",
    show_default=True,
    metavar="DIR",
    shell_complete=completion.folders,
    help="Where the bundle's folder is put.",
)
@click.option("--language", type=click.Choice(["en", "ja"]), help="Language of the runbook, instead of the spec's.")
@click.option(
    "--previous",
    callback=path,
    metavar="OLD",
    shell_complete=completion.files,
    help="Write into the page what changed since this bundle, archive or spec.",
)
@judgement_option
def compile_command(
    spec: Path, output: Path, language: Literal["en", "ja"] | None, previous: Path | None, form: Judgement
) -> int:
    """Write the bundle of SITE.yaml to DIR/<site name>; `-` reads the spec from standard input."""
    from osp_compile.pipeline import compile_site
    from osp_compile.verbs.annotations import Annotations

    report = Annotations(form)
    result = compile_site(spec, output, language, added=_changes_since(previous) if previous else None)
    if result.path is None or result.digest is None:
        report.finish(result.diagnostics)
        return 1
    bundle = str(result.path)
    report.finish(
        result.diagnostics,
        {"bundle": bundle, "digest": result.digest, "sections": list(result.sections)},
        (f"wrote {bundle}", f"digest {result.digest}", f"next: read {bundle}/README.md"),
    )
    return 0


def _changes_since(previous: Path) -> Added:
    """What writes the changes since `previous` into the page; says what is wrong with that if it is a faulty spec."""
    from osp_compile.ticket.reading import UnreadableError
    from osp_compile.ticket.since import since

    try:
        return since(previous)
    except UnreadableError as problem:
        show(render_text(problem.diagnostics))
        raise


@program.command(
    examples=(
        "osp-compile check site.yaml",
        "osp-compile check --format github sites/*.yaml",
        "osp-compile check site.yaml --against osp-compile-site.txt",
    ),
    good="every spec is valid, and as the site is",
    bad="a spec has errors, or the site differs from it",
)
@click.argument(
    "specs", metavar="SITE.yaml|-...", nargs=-1, required=True, callback=spec_paths, shell_complete=completion.files
)
@click.option(
    "--against",
    callback=path,
    metavar="FILE",
    shell_complete=completion.files,
    help="Compare the spec with the site as the script of `osp-compile import --commands` has found it.",
)
@judgement_option
def check(specs: tuple[Path, ...], against: Path | None, form: Judgement) -> int:
    """Check each SITE.yaml without writing anything; `-` reads one from standard input."""
    from osp_compile.pipeline import examine
    from osp_compile.verbs.annotations import Annotations

    if against and (len(specs) > 1 or specs[0] == STANDARD_INPUT):
        raise click.UsageError("--against compares one spec, by its file")
    found = {spec: examine(spec, against=against) for spec in specs}
    diagnostics = [one for examined in found.values() for one in examined.diagnostics]
    facts, lines = _judgement(found)
    Annotations(form).finish(diagnostics, facts, lines)
    return 0 if facts["ok"] else 1


def _judgement(found: Mapping[Path, Examined]) -> tuple[dict[str, Any], list[str]]:
    """(what JSON says of the specs, a line for each that is valid)."""
    good = [spec for spec, examined in found.items() if not has_errors(examined.diagnostics)]
    rows = [
        {"file": str(spec), "ok": spec in good, "sections": list(examined.sections)} for spec, examined in found.items()
    ]
    sections = sorted({one for examined in found.values() for one in examined.sections})
    facts = {"ok": len(good) == len(found), "specs": rows, "sections": sections}
    return facts, [f"{spec} is valid" for spec in good]


@program.command(examples=("osp-compile schema > site.schema.json",), good="it is printed", bad="")
def schema() -> int:
    """Print the JSON Schema of a spec, for editors: each key with its description, default and examples."""
    from osp_compile.spec.schema import text

    tell(text())
    return 0


@program.command(
    "completion",
    examples=("osp-compile completion bash > ~/.osp-compile.bash", "osp-compile completion zsh > _osp-compile"),
    good="it is printed",
    bad="",
)
@click.argument("shell", type=click.Choice(shells.SHELLS))
def completion_command(shell: str) -> int:
    """Print what makes a shell complete commands, options, files and sections."""
    tell(shells.script(program, shell) + "\n")
    return 0


for command in (
    import_command, init_command, verify_command, pack_command, explain_command, diff_command, rehearse_command,
):  # fmt: skip
    program.add_command(command)


def _fill_standard_streams() -> None:
    """Opens those of the descriptors 0 to 2 that are closed, lest a file that is written gets one of their numbers."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script: runs the command and exits with its status."""
    _fill_standard_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # a terminal without Japanese must not make the command fail
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdin, TextIOWrapper):
        # nor is an answer that is not in its encoding: it is refused like any other
        sys.stdin.reconfigure(errors="backslashreplace")
    words = list(sys.argv[1:] if arguments is None else arguments)
    with ending_cleanly():
        status = guarded(
            lambda: cast(int, program.main(words or ["--help"], "osp-compile", standalone_mode=False)),
            as_json="--format=json" in words or ("--format", "json") in pairwise(words),
        )
    sys.exit(status if words else USAGE)
