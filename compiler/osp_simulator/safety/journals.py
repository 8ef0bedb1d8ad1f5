"""Rules: every change is in the journal, every finding in the evidence, and nobody else can read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from osp_simulator.engine.watching import rule
from osp_simulator.hosts import users

if TYPE_CHECKING:
    from osp_simulator.engine.run import Run
    from osp_simulator.engine.world import World

CHANGED = re.compile(r"(\d+) steps? changed something, exit 0")


def state_folder(world: World) -> Path:
    """The folder in which the scripts keep their records of this change on the undercloud."""
    site = world.state["site"]
    return world.files.root("undercloud") / users.records_of(site) / str(site["name"]) / str(site["change"])


def rows_of(world: World, section: str) -> list[list[str]]:
    """The rows of the section's last run in the journal, from `begin` on, each as a list of columns."""
    journal = state_folder(world) / "journal.tsv"
    if not journal.exists():
        return []
    rows = [line.split("\t") for line in journal.read_text("utf-8", errors="replace").splitlines()]
    rows = [row for row in rows if len(row) > 8 and row[4] == section]
    begins = [at for at, row in enumerate(rows) if row[7] == "begin"]
    return rows[begins[-1] :] if begins else []


def is_whole(world: World, section: str) -> bool:
    """Whether the last run played the whole section: without such options, and without an attested step."""
    rows = rows_of(world, section)
    attested = state_folder(world) / "attested.tsv"
    words = attested.read_text("utf-8", errors="replace") if attested.exists() else ""
    return bool(rows) and rows[0][8] == "-" and f"\t{section}/" not in words


@rule("work-not-recorded", "run", "what a run has changed is in the journal, and what it has found in the evidence")
def work_not_recorded(world: World, run: Run) -> Iterator[str]:
    said = CHANGED.search(run.output)
    if run.status != 0 or said is None:
        return
    rows = rows_of(world, run.section)
    events = [row[7] for row in rows]
    if events.count("done") != int(said[1]):
        yield f"{run.section} changed something in {said[1]} steps, and journalled {events.count('done')} as done"
    if events.count("start") < events.count("done"):
        yield f"{run.section} journalled {events.count('done')} steps as done, and {events.count('start')} as begun"
    if not rows or rows[0][8] != "-":
        return
    for step in _checks_of(run):
        name = step.replace("/", "-")
        if not any((state_folder(world) / "evidence").glob(f"{name}*.tsv")):
            yield f"{run.section} kept no evidence of {step}"


def _checks_of(run: Run) -> list[str]:
    """The ids of the checks of the run's section."""
    sections = [section for section in run.manifest.get("sections", ()) if section["id"] == run.section]
    return [step["id"] for section in sections for step in section["steps"] if step["shape"] == "check"]


def _is_open(place: Path) -> bool:
    return place.exists() and bool(place.stat().st_mode & 0o077)


def _pieces(backups: Path) -> Iterator[Path]:
    """The files of the backups below a folder, by their lists of checksums."""
    for sums in sorted(backups.glob("*/SHA256SUMS")):
        yield from (sums.parent / line[66:] for line in sums.read_text("utf-8").splitlines())


@rule("record-open", "run", "records and backups are for their owner alone")
def record_open(world: World, run: Run) -> Iterator[str]:
    site = world.state["site"]
    backups = str((site.get("backup") or {}).get("directory") or "").strip("/")
    places = [state_folder(world)]
    if backups:
        places.append(world.files.root("undercloud") / backups / str(site["change"]))
    for place in places:
        if _is_open(place):
            yield f"{run.section} left {place.name} under {place.parent.name} open to others"
    # (each piece by itself too: it is carried to where the folder above it is another's)
    for file in _pieces(places[-1]) if backups else ():
        if _is_open(file):
            yield f"{run.section} left {file.parent.name}/{file.name} open to others"
