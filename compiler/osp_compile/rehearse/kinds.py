"""The kinds of trials by name, and how one is run and its outcome kept."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from osp_compile.rehearse.disturbed import disturbed
from osp_compile.rehearse.trials import Outcome, Plan, first, second
from osp_compile.rehearse.worlds import world

KINDS: Mapping[str, Callable[[Plan, str], Outcome]] = {
    "first": first,
    "second": second,
    "kill": disturbed,
    "fail": disturbed,
    "world": world,
}


def run(folder: Path, kind: str, subject: str) -> Outcome:
    """One trial, by its kind and its subject (a section, a point, a world); its outcome is kept in outcomes/."""
    plan = Plan.load(folder)
    started = time.monotonic()
    outcome = KINDS[kind](plan, subject)
    outcome.real = time.monotonic() - started
    (folder / "outcomes").mkdir(exist_ok=True)
    place = folder / "outcomes" / f"{outcome.trial}.json"
    place.write_text(json.dumps(asdict(outcome)), "utf-8")
    return outcome
