"""The kinds of trials by name; runs one and keeps its outcome."""

from __future__ import annotations

import json
import time
from importlib import import_module
from pathlib import Path

from osp_compile.rehearsal.trials import Outcome, Rehearsal
from osp_simulator.engine.lifecycle import real_programs
from osp_simulator.engine.registry import load_tools

# {kind: (module, function)}: a trial by hand is its own process, and imports only what its kind needs.
KINDS = {
    "first": ("trials", "first"),
    "second": ("trials", "second"),
    "moments": ("moments", "kept_at_each_cut"),
    "kill": ("fault_trials", "killed"),
    "fail": ("fault_trials", "run_with_fault"),
    "answer": ("fault_trials", "run_with_fault"),
    "change": ("fault_trials", "changed"),
    "world": ("worlds", "world"),
}


def import_all() -> None:
    """Imports the modules of every kind and the simulator, for a process that forks itself for each trial."""
    for module, _ in KINDS.values():
        import_module(f"osp_compile.rehearsal.{module}")
    import_module("osp_simulator.engine.server")
    load_tools()
    real_programs()


def run(folder: Path, kind: str, subject: str) -> Outcome:
    """Runs one trial, given its kind and subject (a section, a point, a world); keeps its outcome in outcomes/."""
    return run_of(Rehearsal.load(folder), kind, subject)


def run_of(rehearsal: Rehearsal, kind: str, subject: str) -> Outcome:
    """The same of a rehearsal that is read already."""
    started = time.monotonic()
    module, function = KINDS[kind]
    outcome: Outcome = getattr(import_module(f"osp_compile.rehearsal.{module}"), function)(rehearsal, subject)
    outcome.real = time.monotonic() - started
    (rehearsal.folder / "outcomes").mkdir(exist_ok=True)
    place = rehearsal.folder / "outcomes" / f"{outcome.trial}.json"
    place.write_text(json.dumps(vars(outcome)), "utf-8")
    return outcome
