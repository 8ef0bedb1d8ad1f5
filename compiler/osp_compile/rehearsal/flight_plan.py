"""The flight plan of a bundle: everything that its first runs have changed, in order, and what else they found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from osp_compile.rehearsal import flight_html, flight_lines, flight_moves, flight_text, report
from osp_compile.rehearsal.flight_lines import Line
from osp_compile.rehearsal.flight_shape import Flight, Group, Part
from osp_compile.rehearsal.steps import Steps
from osp_compile.rehearsal.trials import Plan

NAME = "flight-plan"


def flight_of(plan: Plan, facts: report.Facts) -> Flight:
    """The flight recorded by the first runs in the rehearsal's folder; runs that did not end well are included."""
    manifest = json.loads((plan.bundle / "manifest.json").read_text("utf-8"))
    nodes = [str(node["name"]) for node in manifest["site"]["nodes"] if node.get("compute", True)]
    played = [one for one in manifest["sections"] if f"first-{one['id']}" in facts.outcomes]
    rows = {one["id"]: flight_lines.read(plan.folder / "flights" / f"{one['id']}.jsonl") for one in played}
    moves = flight_moves.moves_of(chain.from_iterable(rows.values()), nodes)
    return Flight(
        facts.site, facts.change, facts.digest,
        tuple(_part(section, rows[section["id"]], facts, plan) for section in played),
        sum(facts.outcomes[f"first-{section['id']}"]["calls"] for section in played),
        tuple(tuple(note) for note in (coverage(facts), flight_moves.sentences(moves)) if note),
    )  # fmt: skip


def coverage(facts: report.Facts) -> list[str]:
    """Sentences on how many steps the first runs applied, and which they did not."""
    left = report.not_applied(facts)
    if not facts.steps:
        return ["No step of these sections changes anything."]
    count = f"{len(facts.steps) - len(left)} of {len(facts.steps)} steps were applied"
    if not left:
        return [f"{count}."]
    return [
        f"{count}; not rehearsed, because there was nothing to do:",
        *(f"{step} {title}" for step, title in left.items()),
    ]


def _part(section: Mapping[str, Any], rows: list[dict[str, Any]], facts: report.Facts, plan: Plan) -> Part:
    steps = {step["id"]: step for step in section["steps"]}
    ids = {step["name"]: identity for identity, step in steps.items()}
    lines = flight_lines.lines_of(section["id"], rows, ids, Steps(plan.world(f"after-{section['id']}")).place)
    return Part(
        section["id"], section["title"]["en"], facts.outcomes[f"first-{section['id']}"]["window"],
        tuple(_groups(lines, {identity: step["title"]["en"] for identity, step in steps.items()})),
    )  # fmt: skip


def _groups(lines: Iterator[Line], titles: Mapping[str, str]) -> Iterator[Group]:
    place: Callable[[Line], tuple[str, str]] = lambda line: (line.step, line.node)  # noqa: E731
    for (step, node), found in groupby(lines, key=place):
        yield Group(step, titles.get(step, "before its first step"), node, tuple(found))


def write(folder: Path, plan: Plan, facts: report.Facts) -> Flight:
    """The plan as Markdown and as a page, in the report's folder."""
    flight = flight_of(plan, facts)
    (folder / f"{NAME}.md").write_text(flight_text.markdown(flight), "utf-8")
    (folder / f"{NAME}.html").write_text(flight_html.page(flight), "utf-8")
    return flight
