"""Plays a mutant's trials against a kept rehearsal, each in a process of its own, as the suite does.

The process runs a copy of the compiler whose templates are the mutated ones, so that a world with a spec of its own is
compiled of them too. The worlds are those that right scripts have left; only their bundle is the mutated one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mutants.catalogue import ROOT, TEMPLATES, Mutant, plant
from osp_compile.pipeline import CompileResult, compile_site
from osp_compile.rehearse import disturbed, kinds, points, trials, worlds
from osp_compile.rehearse.command import get_bundle, scripts_of
from osp_compile.rehearse.trials import Plan
from osp_compile.simulator import launch
from osp_compile.simulator.snapshot import snapshot

SPECS = ROOT / "specs/examples"
WORLDS = ROOT / "tests/worlds"
LIMIT = 240  # real seconds after which a trial has gone on for too long, which is as good as failing
MISSED = "the point was not reached"  # says nothing about what the scripts do


@dataclass(frozen=True)
class Refused:
    """The compiler would not have it."""

    reason: str


@dataclass(frozen=True)
class Played:
    """`trial` is the one that noticed, and `line` the first thing it says; both empty where none did."""

    trial: str = ""
    line: str = ""


def keep(site: str, folder: Path) -> None:
    """A kept rehearsal of an example in the new folder: every section's first run."""
    folder.mkdir(parents=True)
    spec = SPECS / f"{site}.yaml"
    bundle, diagnostics = get_bundle(spec, folder)
    if bundle is None:
        raise ValueError(f"{spec} does not compile: {diagnostics}")
    plan = Plan(folder, bundle.absolute(), scripts_of(bundle, ()), None, str(spec))
    plan.save()
    trials.prepare(plan)
    for section in plan.scripts:
        outcome = kinds.run(folder, "first", section)
        if outcome.wrong:
            raise ValueError(f"{site}: the right scripts fail: {outcome.trial}: {outcome.wrong}")


def play(mutant: Mutant | None, site: str, wanted: tuple[str, ...], kept: Path) -> Played | Refused:
    """The trials in turn until one notices; with None for a mutant, of the scripts as they are."""
    with TemporaryDirectory(prefix="osp-mutant.") as name:
        folder = Path(name)
        _compiler_copy(folder / "compiler/osp_compile", mutant)
        spec = SPECS / f"{site}.yaml"
        result = compile_site(spec, folder / "out", templates=folder / "compiler/osp_compile/templates")
        if result.path is None:
            return Refused(result.diagnostics[0].message)
        plan = replace(Plan.load(kept), folder=folder, bundle=result.path.absolute(), spec=str(spec))
        plan.save()
        with _ended(plan):
            for trial in wanted:
                said = _try(plan, trial, kept, result)
                if said:
                    return Played(trial, said)
    return Played()


def _compiler_copy(package: Path, mutant: Mutant | None) -> None:
    """Links to the compiler's own files beside the templates that it is to compile of."""
    package.mkdir(parents=True)
    for entry in (ROOT / "compiler/osp_compile").iterdir():
        if entry.resolve() != TEMPLATES and entry.name != "__pycache__":
            (package / entry.name).symlink_to(entry)
    plant(mutant, package / "templates")


def _try(plan: Plan, trial: str, kept: Path, result: CompileResult) -> str:
    """What is wrong, in one line; nothing where all is as it must be."""
    word, subject = trial.split(" ", 1)
    if word == "world":
        file = WORLDS / subject / "world.yaml"
        after = worlds.begins_after(worlds.read(file), list(plan.scripts))
        bases, kind, subject = [f"after-{after}" if after else "start"], "world", str(file)
    elif word in ("first", "second"):
        bases, kind = [plan.before(subject).name if word == "first" else f"after-{subject}"], word
    else:
        section, pattern = subject.split(" ", 1)
        (plan.folder / "outcomes").mkdir(exist_ok=True)
        outcome = plan.folder / f"outcomes/first-{section}.json"
        if not outcome.exists():
            shutil.copy(kept / f"outcomes/{outcome.name}", outcome)
        bases, (kind, subject) = [plan.before(section).name, f"after-{section}"], _point(plan, word, section, pattern)
    for base in bases:
        _base(kept / "worlds" / base, plan.world(base), result)
    lines = [line for line in _run(plan, kind, subject) if line != MISSED]
    return lines[0] if lines else ""


def _point(plan: Plan, how: str, section: str, pattern: str) -> tuple[str, str]:
    matrix: points.Matrix = "kill" if how in points.KILLS else "fail"
    for point in disturbed.all_points(plan, section, matrix):
        _, _, line = point["title"].partition(": ")
        if point["id"].endswith(f":{how}") and re.search(pattern, line):
            return matrix, point["id"]
    raise ValueError(f"no point {how} of {section} has a command like {pattern!r}")


def _base(kept: Path, to: Path, result: CompileResult) -> None:
    """A world that right scripts have left, with this bundle in it, approved; what is there already stays."""
    if to.exists():
        return
    snapshot(kept, to)
    state = json.loads((to / "state.json").read_text("utf-8"))
    state["bundle"] = str(result.path)
    (to / "state.json").write_text(json.dumps(state, ensure_ascii=False), "utf-8")
    for approved in to.glob("hosts/undercloud/root/home/stack/osp-runbook/*/*/approved"):
        approved.write_text(f"{result.digest}\n", "utf-8")


def _run(plan: Plan, kind: str, subject: str) -> list[str]:
    """One trial, in its own process, by the copy of the compiler."""
    environment = {**os.environ, "PYTHONPATH": str(plan.folder / "compiler"), "PYTHONDONTWRITEBYTECODE": "1"}
    line = [sys.executable, "-m", "osp_compile.rehearse", str(plan.folder), kind, subject]
    with subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as process:
        try:
            output, errors = process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return [f"it does not end: given up after {LIMIT} s"]
    if process.returncode not in (0, 1) or (process.returncode == 1 and not output):
        return [errors.strip().splitlines()[-1] if errors.strip() else f"the trial broke down: {process.returncode}"]
    return output.splitlines()


@contextmanager
def _ended(plan: Plan) -> Iterator[None]:
    """No world's server outlives its mutant."""
    try:
        yield
    finally:
        for world in (plan.folder / "worlds").glob("*"):
            launch.stop(world)
