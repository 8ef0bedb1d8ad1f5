"""`osp-compile rehearse`: gets a bundle, makes its world, plays the trials asked for and writes the report."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from osp_compile.bundle.on_disk import digest, verify
from osp_compile.diagnostics import Diagnostic, RefusedError, has_errors
from osp_compile.guide import durations
from osp_compile.guide.model import Range
from osp_compile.interruption import done
from osp_compile.rehearsal import flight_plan, foreign, injection_points, report, requirements, site, world_file
from osp_compile.rehearsal.flight_model import Flight
from osp_compile.rehearsal.injection_points import KILLS, InjectionPoint
from osp_compile.rehearsal.request import RehearsalRequest, RequestError
from osp_compile.rehearsal.schedule import OnResult, run_all
from osp_compile.rehearsal.scratch import delete, scratch
from osp_compile.rehearsal.suite import Result, Trial
from osp_compile.rehearsal.trials import Rehearsal, prepare

REPORTS = ".rehearsal"  # appended to the bundle's name: the report is written next to the bundle, outside its digest


@dataclass(frozen=True)
class RehearsalResult:
    """The result of `rehearse`; `folder` has the report, or is None if `diagnostics` say why there is no bundle."""

    diagnostics: tuple[Diagnostic, ...]
    results: tuple[Result, ...] = ()
    folder: Path | None = None
    facts: report.ReportHeader | None = None
    flight: Flight | None = None


def rehearse(request: RehearsalRequest, on_start: Callable[[int], None], on_result: OnResult) -> RehearsalResult:
    """Rehearses a bundle; calls `on_start` with the number of trials, `on_result` with each result as it arrives."""
    requirements.check()
    with _folder(request.keep) as folder:
        bundle, diagnostics = get_bundle(request.source, folder)
        if bundle is None:
            return RehearsalResult(diagnostics)
        spec = "" if request.source.is_dir() else str(request.source.absolute())
        rehearsal = Rehearsal(folder, bundle.absolute(), scripts_of(bundle, request.sections), request.bash, spec)
        rehearsal.save()
        expect_sections(rehearsal, request)
        rehearsed = digest(bundle)
        place = report_folder(request, bundle)
        report.make_folder(place)
        others = tuple(world_trials(rehearsal, request.worlds))
        prepare(rehearsal)
        plain = plain_trials(rehearsal, request.sections)
        trials = (*(trial for trial in plain if not request.plan or trial.kind == "first"), *others)
        on_start(len(trials))
        results = run_all(folder, trials, request.jobs, on_result)
        # the points to cut or break at are known only after the sections have run
        chosen = choose_points(rehearsal, request)
        replace(rehearsal, points=tuple(point.id for point in chosen)).save()
        disturbances = tuple(point_trials(chosen))
        if disturbances:
            on_start(len(trials) + len(disturbances))
            results += run_all(folder, disturbances, request.jobs, on_result)
        if digest(bundle) != rehearsed or has_errors(tuple(verify(bundle))):
            raise RefusedError("the bundle was changed while it was rehearsed, so that nothing can be said of it")
        facts = facts_of(rehearsal, request)
        report.write(place, results, facts, request.junit)
        flight = flight_plan.write(place, rehearsal, facts)
        shutil.rmtree(place / "transcripts", ignore_errors=True)
        shutil.copytree(folder / "transcripts", place / "transcripts")
    return RehearsalResult(diagnostics, tuple(results), place, facts, flight)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        folder = Path(tempfile.mkdtemp(prefix="osp-rehearse.", dir=scratch()))
        try:
            yield folder
        finally:
            delete(folder)
        return
    if keep.exists() and any(keep.iterdir()):
        raise RequestError(f"{keep} is not empty: --keep needs an empty or a new folder")
    keep.mkdir(parents=True, exist_ok=True)
    yield keep.absolute()


def get_bundle(source: Path, folder: Path) -> tuple[Path | None, tuple[Diagnostic, ...]]:
    """A bundle below `folder`: a copy of the bundle `source` if that is unmodified, or one compiled from a spec."""
    if source.is_dir():
        diagnostics = tuple(verify(source))
        if has_errors(diagnostics):
            return None, diagnostics
        foreign.prove(source)
        # neither the rehearsal nor a world file may write to the bundle itself
        copy = folder / "out" / source.resolve().name
        shutil.copytree(source, copy, symlinks=True)
        site.take_as_signed(copy)
        return copy, diagnostics
    from osp_compile.pipeline import compile_site

    result = compile_site(source, folder / "out")
    if result.path:
        site.take_as_signed(result.path)
    done.clear()  # this bundle is deleted with its rehearsal, so its path is not shown
    return result.path, result.diagnostics


def report_folder(request: RehearsalRequest, bundle: Path) -> Path:
    """The folder of the report: as given, else next to the bundle, for a spec next to where its bundle would be."""
    usual = request.source.resolve().parent if request.source.is_dir() else Path("out")
    return (usual if request.output is None else request.output) / f"{bundle.name}{REPORTS}"


def scripts_of(bundle: Path, sections: Sequence[str]) -> dict[str, str]:
    """{section: script} in order, up to the last one asked for; those before it prepare the site."""
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    found = {row["id"]: row["script"] for row in manifest["sections"]}
    unknown = [section for section in sections if section not in found]
    if unknown:
        raise RequestError(f"the bundle has no section {', '.join(unknown)}; it has {', '.join(found)}")
    if not sections:
        return found
    last = max(list(found).index(section) for section in sections)
    return dict(list(found.items())[: last + 1])


def expect_sections(rehearsal: Rehearsal, request: RehearsalRequest) -> None:
    """Raises RequestError for a point of a section that is not rehearsed, before hours are spent on the others."""
    played = [section for section in rehearsal.scripts if not request.sections or section in request.sections]
    for name in request.points:
        if name.partition(":")[0] not in played:
            raise RequestError(
                f"{name} is a point of a section that is not rehearsed here: these are {', '.join(played)}"
            )


def plain_trials(rehearsal: Rehearsal, sections: Sequence[str]) -> Iterator[Trial]:
    """The first run of each section, in order, and a second run right after each."""
    before: tuple[str, ...] = ()
    for section in rehearsal.scripts:
        first = f"first-{section}"
        yield Trial(first, f"{section} first run", "first", section, before)
        if not sections or section in sections:
            yield Trial(f"second-{section}", f"{section} second run changes nothing", "second", section, (first,))
        before = (first,)


def world_trials(rehearsal: Rehearsal, files: Sequence[Path]) -> Iterator[Trial]:
    """A trial for each world file, to run after the sections that its starting site needs."""
    for file in files:
        data = world_file.read(file)
        if "spec" in data and not rehearsal.spec:
            raise RequestError(f"{file} changes the spec: rehearse SITE.yaml instead of its bundle")
        after = world_file.begins_after(data, list(rehearsal.scripts))
        place = file / "world.yaml" if file.is_dir() else file
        before = (f"first-{after}",) if after else ()
        yield Trial(world_file.trial_id(place), data["title"], "world", str(place.absolute()), before)


def choose_points(rehearsal: Rehearsal, request: RehearsalRequest) -> list[InjectionPoint]:
    """The points asked for, in those sections whose first run ended well, and the shares of whole matrices."""
    found = _narrowed(rehearsal, request, _named(rehearsal, request))
    known = {point.id for point in found}
    for matrix, part in request.shares:
        whole = _all_points(rehearsal, request, (matrix,))
        found += [point for point in injection_points.share(whole, part) if point.id not in known]
    return found


def _all_points(rehearsal: Rehearsal, request: RehearsalRequest, matrices: Collection[str]) -> list[InjectionPoint]:
    """Every point of these matrices, in those sections asked for whose first run ended well."""
    return [
        point
        for matrix in injection_points.MATRICES
        if matrix in matrices
        for section in rehearsal.scripts
        if (not request.sections or section in request.sections)
        and (rehearsal.folder / f"outcomes/first-{section}.json").exists()
        for point in injection_points.load(rehearsal.folder, section, matrix)
    ]


def _named(rehearsal: Rehearsal, request: RehearsalRequest) -> list[InjectionPoint]:
    """The points of the matrix that is asked for, and single ones."""
    wanted = ("kill", "fail") if request.matrix == "all" else (request.matrix,)
    # to name those that nobody asks for would take seconds
    matrices = {*wanted, *(injection_points.matrix_of(name.rpartition(":")[2]) for name in request.points)}
    found = [
        point
        for point in _all_points(rehearsal, request, matrices)
        if (injection_points.matrix_of(point.how) in wanted and not point.again) or point.id in request.points
    ]
    unknown = set(request.points) - {point.id for point in found}
    if unknown:
        raise RequestError(f"no such point: {', '.join(sorted(unknown))}; --matrix all names them")
    return found


def _narrowed(rehearsal: Rehearsal, request: RehearsalRequest, found: list[InjectionPoint]) -> list[InjectionPoint]:
    """The points that remain after the share or the sample of the request is taken."""
    if request.kinds or request.part is not None:
        return _shares(rehearsal, request, found)
    if request.sample is not None and request.sample < len(found):
        return sorted(random.Random(request.seed).sample(found, request.sample), key=found.index)  # noqa: S311  no secret
    return found


def _shares(rehearsal: Rehearsal, request: RehearsalRequest, found: list[InjectionPoint]) -> list[InjectionPoint]:
    """A share of the points that represent their kind, and a share of the others."""
    kinds = _kinds(rehearsal, request, found)
    taken = {name for matrix in injection_points.MATRICES for name in _share_of_kinds(kinds, matrix, request)}
    if request.part is not None:
        represented = {*kinds}
        taken.update(injection_points.share([point.id for point in found if point.id not in represented], request.part))
    return [point for point in found if point.id in taken]


def _share_of_kinds(kinds: list[str], matrix: str, request: RehearsalRequest) -> Iterator[str]:
    """Of these points those of the matrix, or the parts of them that are asked for."""
    of_matrix = [name for name in kinds if injection_points.matrix_of(name.split(":")[-1]) == matrix]
    for part in [part for named, part in request.kinds_parts if named == matrix] or [(1, 1)]:
        yield from injection_points.share(of_matrix, part)


def _kinds(rehearsal: Rehearsal, request: RehearsalRequest, found: list[InjectionPoint]) -> list[str]:
    """The points that represent their kind, if that is asked for."""
    known = steps_of(request.beyond, rehearsal.folder) if request.beyond else set()
    new = [point for point in found if point.step not in known]
    return [point.id for point in injection_points.one_of_each_kind(new, roles_of(rehearsal))] if request.kinds else []


def roles_of(rehearsal: Rehearsal) -> dict[str, str]:
    """{name or address of a node: its role}, from the bundle's manifest."""
    manifest = json.loads((rehearsal.bundle / "manifest.json").read_text("utf-8"))
    nodes = manifest["site"]["nodes"]
    return {str(node[key]): str(node["role"]) for node in nodes for key in ("name", "address")}


def steps_of(spec: Path, folder: Path) -> set[str]:
    """The steps in the bundle of another spec."""
    bundle, diagnostics = get_bundle(spec, folder / "beyond")
    if bundle is None:
        raise RequestError(f"{spec}: {diagnostics[0].message}")
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    return {step["id"] for section in manifest["sections"] for step in section["steps"]}


def point_trials(chosen: Sequence[InjectionPoint]) -> Iterator[Trial]:
    """A trial for each of these points; for kills, also a run before them that keeps the world at each point."""
    for section in dict.fromkeys(point.section for point in chosen if point.how in KILLS):
        yield Trial(f"moments-{section}", f"{section} kept wherever it will be killed", "moments", section)
    for point in chosen:
        killed = point.how in KILLS
        before = (f"moments-{point.section}",) if killed else ()
        yield Trial(point.id.replace(":", "-"), point.title, injection_points.matrix_of(point.how), point.id, before)


def facts_of(rehearsal: Rehearsal, request: RehearsalRequest) -> report.ReportHeader:
    manifest = json.loads((rehearsal.bundle / "manifest.json").read_text("utf-8"))
    return report.ReportHeader(
        site=manifest["site"]["name"],
        change=manifest["site"]["change"],
        digest=digest(rehearsal.bundle),
        bash=f"the bash at {request.bash}" if request.bash else "this machine's bash",
        titles={row["id"]: row["title"]["en"] for row in manifest["sections"]},
        durations={row["id"]: row["duration"]["en"] for row in manifest["sections"] if row.get("duration")},
        window=durations.in_words(
            sum((Range(**row["minutes"]) for row in manifest["sections"]), durations.NOTHING), "en"
        ),
        steps={
            step["id"]: step["title"]["en"]
            for row in manifest["sections"]
            for step in row["steps"]
            if row["id"] in rehearsal.scripts and step["shape"] != "check"
        },
        outcomes=report.read_outcomes(rehearsal.folder),
    )
