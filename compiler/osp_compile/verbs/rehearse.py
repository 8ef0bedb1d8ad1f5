"""The command that rehearses a bundle."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from osp_compile.output import Report
from osp_compile.verbs import completion
from osp_compile.verbs.arguments import judge_rehearsal, section_ids, spec_path
from osp_compile.verbs.commands import Verb
from osp_compile.verbs.options import format_option, path


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


@click.command(
    "rehearse",
    cls=Verb,
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
    help="Also every M-th point of that matrix, from the K-th on; may be given again. "
    "Of fail: every time that a question is asked, and not only the first.",
)
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Number of matrix points to sample.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="S", help="Random seed for --sample.")
@click.option(
    "--kinds-part",
    "kinds_parts",
    callback=_shares,
    multiple=True,
    metavar="MATRIX=K/M",
    help="With --kinds: of that matrix every M-th of the kinds, from the K-th on; may be given again.",
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
@click.option(
    "--plan", is_flag=True, help="First runs alone, for the flight plan: every command that changes something."
)
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Trials to run in parallel.")
@click.option(
    "-o",
    "--output",
    callback=path,
    metavar="DIR",
    shell_complete=completion.folders,
    help="Directory of the report.  [default: out, or beside BUNDLE]",
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
def rehearse_command(context: click.Context, /, **request: Any) -> int:
    """Run the scripts of SITE.yaml, or of a BUNDLE, against a simulated site, and report whether they work."""
    judge_rehearsal(context)
    form = request.pop("form")
    from osp_compile.rehearsal import report
    from osp_compile.rehearsal.command import rehearse
    from osp_compile.rehearsal.progress import Screen
    from osp_compile.rehearsal.request import RehearsalRequest, RequestError
    from osp_compile.rehearsal.world_file import WorldError

    with Screen(form) as screen:
        try:
            done = rehearse(RehearsalRequest(**request), screen.on_start, screen.on_result)
        except (RequestError, WorldError) as problem:
            raise click.UsageError(str(problem)) from problem
    if done.folder is None or done.facts is None:
        Report(form).finish(done.diagnostics)
        return 1
    if form == "json":
        Report(form).finish(done.diagnostics, report.as_data(done.results, done.facts, done.folder))
    else:
        screen.page(done.results, done.facts, done.folder)
        if done.flight is not None:
            screen.flight(done.flight, done.folder)
    return 0 if all(result.ok for result in done.results) else 1
