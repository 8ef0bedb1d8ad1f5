"""The kinds of trials by name, and how one is run and its outcome kept."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from osp_compile.rehearse.trials import Outcome, Plan
from osp_compile.simulator.registry import load_tools

# {kind: (module, function)}: a trial is a process of its own, and takes in what its kind needs alone.
KINDS = {
    "first": ("trials", "first"),
    "second": ("trials", "second"),
    "kill": ("disturbed", "disturbed"),
    "fail": ("disturbed", "disturbed"),
    "world": ("worlds", "world"),
}


def take_in(kind: str) -> None:
    """Import what a trial of this kind needs, the simulator with it: a trial that stands ready has it already."""
    import_module(f"osp_compile.rehearse.{KINDS[kind][0]}")
    import_module("osp_compile.simulator.server")
    load_tools()


def run(folder: Path, kind: str, subject: str) -> Outcome:
    """One trial, by its kind and its subject (a section, a point, a world); its outcome is kept in outcomes/."""
    plan = Plan.load(folder)
    started = time.monotonic()
    module, function = KINDS[kind]
    outcome: Outcome = getattr(import_module(f"osp_compile.rehearse.{module}"), function)(plan, subject)
    outcome.real = time.monotonic() - started
    (folder / "outcomes").mkdir(exist_ok=True)
    place = folder / "outcomes" / f"{outcome.trial}.json"
    place.write_text(json.dumps(asdict(outcome)), "utf-8")
    return outcome
