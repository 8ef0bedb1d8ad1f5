"""`osp-compile rehearse`: gets a bundle, makes its world, plays the trials asked for and writes the report."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from osp_compile.bundle.on_disk import digest, verify
from osp_compile.diagnostics import Diagnostic, RefusedError, has_errors
from osp_compile.guide import durations
from osp_compile.guide.model import Range
from osp_compile.interruption import done
from osp_compile.rehearsal import flight_plan, foreign, needs, points, report, site, world_file
from osp_compile.rehearsal.flight_shape import Flight
from osp_compile.rehearsal.points import KILLS, Point
from osp_compile.rehearsal.schedule import Shown, run_all
from osp_compile.rehearsal.scratch import scratch
from osp_compile.rehearsal.suite import Result, Trial
from osp_compile.rehearsal.trials import Plan, prepare
from osp_compile.rehearsal.wish import Wish, WishError

REPORTS = ".rehearsal"  # appended to the bundle's name: the report is written next to the bundle, outside its digest


@dataclass(frozen=True)
class Rehearsed:
    """The result of `rehearse`; `folder` has the report, or is None if `diagnostics` say why there is no bundle."""

    diagnostics: tuple[Diagnostic, ...]
    results: tuple[Result, ...] = ()
    folder: Path | None = None
    facts: report.Facts | None = None
    flight: Flight | None = None


def rehearse(wish: Wish, begun: Callable[[int], None], shown: Shown) -> Rehearsed:
    """Rehearses a bundle; calls `begun` with the number of trials, and `shown` with each result as it arrives."""
    needs.check()
    with _folder(wish.keep) as folder:
        bundle, diagnostics = get_bundle(wish.source, folder)
        if bundle is None:
            return Rehearsed(diagnostics)
        spec = "" if wish.source.is_dir() else str(wish.source.absolute())
        plan = Plan(folder, bundle.absolute(), scripts_of(bundle, wish.sections), wish.bash, spec)
        plan.save()
        _prove_points(plan, wish)
        rehearsed = digest(bundle)
        place = report_folder(wish, bundle)
        report.make_folder(place)
        others = tuple(world_trials(plan, wish.worlds))
        prepare(plan)
        plain = plain_trials(plan, wish.sections)
        trials = (*(trial for trial in plain if not wish.plan or trial.kind == "first"), *others)
        begun(len(trials))
        results = run_all(folder, trials, wish.jobs, shown)
        # the points to cut or break at are known only after the sections have run
        chosen = choose_points(plan, wish)
        replace(plan, points=tuple(point.id for point in chosen)).save()
        disturbances = tuple(point_trials(chosen))
        if disturbances:
            begun(len(trials) + len(disturbances))
            results += run_all(folder, disturbances, wish.jobs, shown)
        if digest(bundle) != rehearsed or has_errors(tuple(verify(bundle))):
            raise RefusedError("the bundle was changed while it was rehearsed, so that nothing can be said of it")
        facts = facts_of(plan, wish)
        report.write(place, results, facts, wish.junit)
        flight = flight_plan.write(place, plan, facts)
        shutil.rmtree(place / "transcripts", ignore_errors=True)
        shutil.copytree(folder / "transcripts", place / "transcripts")
    return Rehearsed(diagnostics, tuple(results), place, facts, flight)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="osp-rehearse.", dir=scratch()) as name:
            yield Path(name)
        return
    if keep.exists() and any(keep.iterdir()):
        raise WishError(f"{keep} is not empty: --keep needs an empty or a new folder")
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


def report_folder(wish: Wish, bundle: Path) -> Path:
    """The folder of the report: as given, else next to the bundle, for a spec next to where its bundle would be."""
    usual = wish.source.resolve().parent if wish.source.is_dir() else Path("out")
    return (usual if wish.output is None else wish.output) / f"{bundle.name}{REPORTS}"


def scripts_of(bundle: Path, sections: Sequence[str]) -> dict[str, str]:
    """{section: script} in order, up to the last one asked for; those before it prepare the site."""
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    found = {row["id"]: row["script"] for row in manifest["sections"]}
    unknown = [section for section in sections if section not in found]
    if unknown:
        raise WishError(f"the bundle has no section {', '.join(unknown)}; it has {', '.join(found)}")
    if not sections:
        return found
    last = max(list(found).index(section) for section in sections)
    return dict(list(found.items())[: last + 1])


def plain_trials(plan: Plan, sections: Sequence[str]) -> Iterator[Trial]:
    """The first run of each section, in order, and a second run right after each."""
    before: tuple[str, ...] = ()
    for section in plan.scripts:
        first = f"first-{section}"
        yield Trial(first, f"{section} first run", "first", section, before)
        if not sections or section in sections:
            yield Trial(f"second-{section}", f"{section} second run changes nothing", "second", section, (first,))
        before = (first,)


def world_trials(plan: Plan, files: Sequence[Path]) -> Iterator[Trial]:
    """A trial for each world file, to run after the sections that its starting site needs."""
    for file in files:
        data = world_file.read(file)
        if "spec" in data and not plan.spec:
            raise WishError(f"{file} changes the spec: rehearse SITE.yaml instead of its bundle")
        after = world_file.begins_after(data, list(plan.scripts))
        place = file / "world.yaml" if file.is_dir() else file
        before = (f"first-{after}",) if after else ()
        yield Trial(world_file.trial_id(place), data["title"], "world", str(place.absolute()), before)


def choose_points(plan: Plan, wish: Wish) -> list[Point]:
    """The points asked for, in those sections whose first run ended well, and the shares of whole matrices."""
    found = _narrowed(plan, wish, _named(plan, wish))
    known = {point.id for point in found}
    for matrix, part in wish.shares:
        whole = [point for point in _all_points(plan, wish) if points.matrix_of(point.how) == matrix]
        found += [point for point in points.share(whole, part) if point.id not in known]
    return found


def _prove_points(plan: Plan, wish: Wish) -> None:
    """WishError for a point that no run can have, before all of them are played for it."""
    wrong = [name for name in wish.points if not points.is_an_id(name) or name.partition(":")[0] not in plan.scripts]
    if wrong:
        raise WishError(f"no such point: {', '.join(wrong)}; one reads 2.09:343:kill, --matrix all names them")


def _all_points(plan: Plan, wish: Wish) -> list[Point]:
    """Every point of every matrix, in those sections asked for whose first run ended well."""
    return [
        point
        for matrix in points.MATRICES
        for section in plan.scripts
        if (not wish.sections or section in wish.sections) and (plan.folder / f"outcomes/first-{section}.json").exists()
        for point in points.load(plan.folder, section, matrix)
    ]


def _named(plan: Plan, wish: Wish) -> list[Point]:
    """The points of the matrix that is asked for, and single ones."""
    wanted = ("kill", "fail") if wish.matrix == "all" else (wish.matrix,)
    found = [
        point for point in _all_points(plan, wish) if points.matrix_of(point.how) in wanted or point.id in wish.points
    ]
    unknown = set(wish.points) - {point.id for point in found}
    if unknown:
        raise WishError(f"no such point: {', '.join(sorted(unknown))}; --matrix all names them")
    return found


def _narrowed(plan: Plan, wish: Wish, found: list[Point]) -> list[Point]:
    """The points that remain after the share or the sample of the request is taken."""
    if wish.kinds or wish.part is not None:
        return _shares(plan, wish, found)
    if wish.sample is not None and wish.sample < len(found):
        return sorted(random.Random(wish.seed).sample(found, wish.sample), key=found.index)  # noqa: S311  no secret
    return found


def _shares(plan: Plan, wish: Wish, found: list[Point]) -> list[Point]:
    """A share of the points that represent their kind, and a share of the others."""
    kinds = _kinds(plan, wish, found)
    taken = {*points.share(kinds, wish.kinds_part or (1, 1))}
    if wish.part is not None:
        taken.update(points.share([point.id for point in found if point.id not in kinds], wish.part))
    return [point for point in found if point.id in taken]


def _kinds(plan: Plan, wish: Wish, found: list[Point]) -> list[str]:
    """The points that represent their kind, if that is asked for."""
    known = steps_of(wish.beyond, plan.folder) if wish.beyond else set()
    new = [point for point in found if point.step not in known]
    return [point.id for point in points.one_of_each_kind(new, roles_of(plan))] if wish.kinds else []


def roles_of(plan: Plan) -> dict[str, str]:
    """{name or address of a node: its role}, from the bundle's manifest."""
    manifest = json.loads((plan.bundle / "manifest.json").read_text("utf-8"))
    nodes = manifest["site"]["nodes"]
    return {str(node[key]): str(node["role"]) for node in nodes for key in ("name", "address")}


def steps_of(spec: Path, folder: Path) -> set[str]:
    """The steps in the bundle of another spec."""
    bundle, diagnostics = get_bundle(spec, folder / "beyond")
    if bundle is None:
        raise WishError(f"{spec}: {diagnostics[0].message}")
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    return {step["id"] for section in manifest["sections"] for step in section["steps"]}


def point_trials(chosen: Sequence[Point]) -> Iterator[Trial]:
    """A trial for each of these points; for kills, also a run before them that keeps the world at each point."""
    for section in dict.fromkeys(point.section for point in chosen if point.how in KILLS):
        yield Trial(f"moments-{section}", f"{section} kept wherever it will be killed", "moments", section)
    for point in chosen:
        killed = point.how in KILLS
        before = (f"moments-{point.section}",) if killed else ()
        yield Trial(point.id.replace(":", "-"), point.title, points.matrix_of(point.how), point.id, before)


def facts_of(plan: Plan, wish: Wish) -> report.Facts:
    manifest = json.loads((plan.bundle / "manifest.json").read_text("utf-8"))
    return report.Facts(
        site=manifest["site"]["name"],
        change=manifest["site"]["change"],
        digest=digest(plan.bundle),
        bash=f"the bash at {wish.bash}" if wish.bash else "this machine's bash",
        titles={row["id"]: row["title"]["en"] for row in manifest["sections"]},
        durations={row["id"]: row["duration"]["en"] for row in manifest["sections"] if row.get("duration")},
        window=durations.in_words(
            sum((Range(**row["minutes"]) for row in manifest["sections"]), durations.NOTHING), "en"
        ),
        steps={
            step["id"]: step["title"]["en"]
            for row in manifest["sections"]
            for step in row["steps"]
            if row["id"] in plan.scripts and step["shape"] != "check"
        },
        outcomes=report.read_outcomes(plan.folder),
    )
