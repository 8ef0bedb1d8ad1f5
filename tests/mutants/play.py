"""Plays a mutant's trials against a kept rehearsal, each on the stage, as a rehearsal's are.

A world with a spec of its own is compiled of the mutated templates too. The worlds are those that right scripts have
left; only their bundle is the mutated one. The suites are played in a tree of their own, beside the mutated templates.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mutants.catalogue import ROOT, Mutant, plant
from osp_compile.pipeline import CompileResult, compile_site
from osp_compile.rehearsal import injection_points, trial_kinds, trials, world_file
from osp_compile.rehearsal.command import get_bundle, scripts_of
from osp_compile.rehearsal.scratch import scratch
from osp_compile.rehearsal.trials import Rehearsal
from osp_simulator.engine import lifecycle
from osp_simulator.engine.snapshot import snapshot

SPECS = ROOT / "specs/examples"
WORLDS = ROOT / "tests/worlds"
SUITE_LIMIT = 900  # real seconds of a suite
LIMIT = 240  # real seconds after which a trial has gone on for too long, which is as good as failing
# (a rehearsal's folder, kind, subject) to (status, lines) of that trial; TimeoutError when it has taken LIMIT
Ask = Callable[[Path, str, str], tuple[int, list[str]]]
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
    rehearsal = Rehearsal(folder, bundle.absolute(), scripts_of(bundle, ()), None, str(spec))
    rehearsal.save()
    trials.prepare(rehearsal)
    for section in rehearsal.scripts:
        outcome = trial_kinds.run(folder, "first", section)
        if outcome.wrong:
            raise ValueError(f"{site}: the right scripts fail: {outcome.trial}: {outcome.wrong}")


def play(mutant: Mutant | None, site: str, wanted: tuple[str, ...], kept: Path, ask: Ask) -> Played | Refused:
    """The trials in turn until one notices; with None for a mutant, of the scripts as they are."""
    with TemporaryDirectory(prefix="osp-mutant.", dir=scratch()) as name:
        folder = Path(name)
        plant(mutant, folder / "templates")
        spec = SPECS / f"{site}.yaml"
        result = compile_site(spec, folder / "out", templates=folder / "templates")
        if result.path is None:
            return Refused(result.diagnostics[0].message)
        rehearsal = replace(
            Rehearsal.load(kept), folder=folder, bundle=result.path.absolute(), spec=str(spec),
            templates=str(folder / "templates"),
        )  # fmt: skip
        rehearsal.save()
        with _ended(rehearsal):
            for trial in wanted:
                said = _try(rehearsal, trial, kept, result, ask)
                if said:
                    return Played(trial, said)
    return Played()


def _try(rehearsal: Rehearsal, trial: str, kept: Path, result: CompileResult, ask: Ask) -> str:
    """What is wrong, in one line; nothing where all is as it must be."""
    word, subject = trial.split(" ", 1)
    if word == "bats":
        return _suite(rehearsal.folder, *subject.split(" ", 1))
    if word == "world":
        file = next(WORLDS.glob(f"*/{subject}.yaml"))
        after = world_file.begins_after(world_file.read(file), list(rehearsal.scripts))
        bases, kind, subject = [f"after-{after}" if after else "start"], "world", str(file)
    elif word in ("first", "second"):
        bases, kind = [rehearsal.before(subject).name if word == "first" else f"after-{subject}"], word
    else:
        section, pattern = subject.split(" ", 1)
        (rehearsal.folder / "outcomes").mkdir(exist_ok=True)
        outcome = rehearsal.folder / f"outcomes/first-{section}.json"
        if not outcome.exists():
            shutil.copy(kept / f"outcomes/{outcome.name}", outcome)
        bases, (kind, subject) = (
            [rehearsal.before(section).name, f"after-{section}"],
            _point(rehearsal, word, section, pattern),
        )
    for base in bases:
        _base(kept / "worlds" / base, rehearsal.world(base), result)
    lines = [line for line in _run(rehearsal, kind, subject, ask) if line != MISSED]
    return lines[0] if lines else ""


def _suite(folder: Path, suite: str, pattern: str) -> str:
    """The first test of these that fails, as bats words it; ValueError where none has such a name."""
    tree = _tree(folder)
    try:
        # its output goes to files: what a test leaves running would hold a pipe for ever
        with (folder / "bats.out").open("w+") as said:
            ended = subprocess.run(
                ["bats", "--tap", "--filter", pattern, f"tests/bats/{suite}"], cwd=tree, stdin=subprocess.DEVNULL,
                stdout=said, stderr=said, timeout=SUITE_LIMIT, check=False,
                env={**os.environ, "PYTHONPATH": f"{tree}/compiler:{tree}/tests"},
            )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"it does not end: given up after {SUITE_LIMIT} s"
    lines = (folder / "bats.out").read_text("utf-8", "replace").splitlines()
    if "1..0" in lines:
        raise ValueError(f"no test of {suite} has a name like {pattern!r}")
    failed = [line for line in lines if line.startswith("not ok ")]
    if failed or not ended.returncode:
        return next(iter(failed), "")
    return next(iter(lines), f"bats ended with {ended.returncode} and no word")


def _tree(folder: Path) -> Path:
    """A repository beside the mutated templates: suites and compiler look for what they need from where they lie."""
    tree = folder / "tree"
    if not tree.exists():
        without = shutil.ignore_patterns("__pycache__")
        for name in ("compiler", "specs", "tests/bats", "tests/data"):
            shutil.copytree(ROOT / name, tree / name, symlinks=True, ignore=without)
        (tree / "templates").symlink_to(folder / "templates")
    return tree


def _point(rehearsal: Rehearsal, how: str, section: str, pattern: str) -> tuple[str, str]:
    matrix = injection_points.matrix_of(how)
    for point in injection_points.load(rehearsal.folder, section, matrix):
        if point.how == how and any(re.search(pattern, line) for line in (point.line, f"{point.step}: {point.line}")):
            return matrix, point.id
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


def _run(rehearsal: Rehearsal, kind: str, subject: str, ask: Ask) -> list[str]:
    """What one trial says is wrong."""
    try:
        status, lines = ask(rehearsal.folder, kind, subject)
    except TimeoutError:
        return [f"it does not end: given up after {LIMIT} s"]
    return lines or ([f"the trial ended with {status} and no word"] if status else [])


@contextmanager
def _ended(rehearsal: Rehearsal) -> Iterator[None]:
    """No world's server outlives its mutant."""
    try:
        yield
    finally:
        for world in (rehearsal.folder / "worlds").glob("*"):
            lifecycle.stop(world)
