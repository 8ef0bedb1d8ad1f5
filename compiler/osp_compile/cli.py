"""The command `osp-compile`: arguments in, words and an exit status out. Only this module prints or exits."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, cast

import click

from osp_compile import __version__
from osp_compile.diagnostics import has_errors
from osp_compile.exit_status import USAGE, ending_cleanly, guarded
from osp_compile.output import Report, tell
from osp_compile.verbs import completion
from osp_compile.verbs.arguments import judge_rehearsal, section_ids, spec_path, spec_paths
from osp_compile.verbs.commands import DEFAULT, Program

Format = Literal["text", "json"]
Judgement = Literal["text", "json", "sarif", "github"]


def _path(_: click.Context, __: click.Parameter, value: str | None) -> Path | None:
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


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="osp-compile")
def program() -> None:
    """Compile a site's YAML into reviewed scripts that update a Red Hat OpenStack Platform 10 site.

    `osp-compile SITE.yaml` is short for `osp-compile compile SITE.yaml`.
    """


@program.command(
    DEFAULT,
    examples=("osp-compile site.yaml", "osp-compile site.yaml -o /srv/bundles --language ja"),
    good="the bundle is written",
    bad="the spec has errors; nothing is written",
)
@spec_argument
@click.option(
    "-o",
    "--output",
    callback=_path,
    default="out",
    show_default=True,
    metavar="DIR",
    shell_complete=completion.folders,
    help="Where the bundle's folder is put.",
)
@click.option("--language", type=click.Choice(["en", "ja"]), help="Language of the runbook, instead of the spec's.")
@judgement_option
def compile_command(spec: Path, output: Path, language: Literal["en", "ja"] | None, form: Judgement) -> int:
    """Write the bundle of SITE.yaml to DIR/<site name>; `-` reads the spec from standard input."""
    from osp_compile.pipeline import compile_site
    from osp_compile.verbs.annotations import Annotations

    report = Annotations(form)
    result = compile_site(spec, output, language)
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


@program.command(
    examples=("osp-compile check site.yaml", "osp-compile check --format github sites/*.yaml"),
    good="every spec is valid",
    bad="a spec has errors",
)
@click.argument(
    "specs", metavar="SITE.yaml|-...", nargs=-1, required=True, callback=spec_paths, shell_complete=completion.files
)
@judgement_option
def check(specs: tuple[Path, ...], form: Judgement) -> int:
    """Check each SITE.yaml without writing anything; `-` reads one from standard input."""
    from osp_compile.pipeline import examine
    from osp_compile.verbs.annotations import Annotations

    found = {spec: examine(spec) for spec in specs}
    diagnostics = [one for examined in found.values() for one in examined.diagnostics]
    good = [spec for spec, examined in found.items() if not has_errors(examined.diagnostics)]
    rows = [
        {"file": str(spec), "ok": spec in good, "sections": list(examined.sections)} for spec, examined in found.items()
    ]
    lines = [f"{spec} is valid" for spec in good]
    Annotations(form).finish(diagnostics, {"ok": len(good) == len(found), "specs": rows}, lines)
    return 0 if len(good) == len(found) else 1


@program.command(examples=("osp-compile schema > site.schema.json",), good="it is printed", bad="")
def schema() -> int:
    """Print the JSON Schema of a spec, for editors: each key with its description, default and examples."""
    from osp_compile.spec.schema import text

    tell(text())
    return 0


@program.command(
    "completion",
    examples=("osp-compile completion bash > ~/.local/share/bash-completion/completions/osp-compile",),
    good="it is printed",
    bad="",
)
@click.argument("shell", type=click.Choice(completion.SHELLS))
def completion_command(shell: str) -> int:
    """Print what makes a shell complete commands, options, files and sections."""
    tell(completion.script(program, shell) + "\n")
    return 0


@program.command(
    examples=("osp-compile verify out/tokyo-1",),
    good="the bundle is unmodified",
    bad="it was modified, or it is not a bundle",
)
@click.argument("directory", metavar="DIR", callback=_path, shell_complete=completion.folders)
@format_option
def verify(directory: Path, form: Format) -> int:
    """Check that the bundle in DIR is unmodified: its files, its SHA256SUMS, its digest."""
    from osp_compile.bundle import on_disk

    diagnostics = on_disk.verify(directory)
    wrong = has_errors(diagnostics)
    facts: dict[str, object] = {"ok": not wrong}
    if not wrong:
        sections = json.loads((directory / "manifest.json").read_text("utf-8"))["sections"]
        facts |= {"digest": on_disk.digest(directory), "sections": [section["id"] for section in sections]}
    Report(form).finish(diagnostics, facts, () if wrong else (f"{directory} is unmodified",))
    return 1 if wrong else 0


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


@program.command(
    "rehearse",
    examples=(
        "osp-compile rehearse site.yaml",
        "osp-compile rehearse out/tokyo-1 --section 2.8",
        "osp-compile rehearse site.yaml --matrix kill --sample 50 --seed 7",
    ),
    good="every trial went well",
    bad="a trial failed, or the spec has errors",
)
@click.argument("source", metavar="SITE.yaml|BUNDLE|-", callback=spec_path, shell_complete=completion.files)
@click.option(
    "--section",
    "sections",
    multiple=True,
    metavar="2.NN",
    callback=section_ids,
    shell_complete=completion.sections,
    help="This section only; may be given again.",
)
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
@format_option
@click.pass_context
def rehearse_command(context: click.Context, /, **wish: Any) -> int:
    """Run the scripts of SITE.yaml, or of a BUNDLE, against a simulated site, and report whether they work."""
    judge_rehearsal(context)
    form = wish.pop("form")
    from osp_compile.rehearsal import report
    from osp_compile.rehearsal.command import rehearse
    from osp_compile.rehearsal.screen import Screen
    from osp_compile.rehearsal.wish import Wish, WishError
    from osp_compile.rehearsal.world_file import WorldError

    with Screen(form) as screen:
        try:
            done = rehearse(Wish(**wish), screen.begun, screen.shown)
        except (WishError, WorldError) as problem:
            raise click.UsageError(str(problem)) from problem
    if done.folder is None or done.facts is None:
        Report(form).finish(done.diagnostics)
        return 1
    if form == "json":
        Report(form).finish(done.diagnostics, report.as_data(done.results, done.facts, done.folder))
    else:
        screen.page(done.results, done.facts, done.folder)
    return 0 if all(result.ok for result in done.results) else 1


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
