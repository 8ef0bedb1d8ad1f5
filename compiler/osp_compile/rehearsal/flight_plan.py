"""The flight plan of a bundle: everything that its first runs have changed, in order, and what else they found."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from osp_compile.rehearsal import flight_html, flight_lines, flight_moves, flight_text, report
from osp_compile.rehearsal.flight_lines import Line
from osp_compile.rehearsal.flight_model import Flight, Group, Part
from osp_compile.rehearsal.flight_wording import Language, said
from osp_compile.rehearsal.steps import Steps
from osp_compile.rehearsal.trials import Rehearsal

NAME = "flight-plan"


def flight_of(rehearsal: Rehearsal, facts: report.ReportHeader) -> Flight:
    """The flight recorded by the first runs in the rehearsal's folder; runs that did not end well are included."""
    manifest = json.loads((rehearsal.bundle / "manifest.json").read_text("utf-8"))
    played = [one for one in manifest["sections"] if f"first-{one['id']}" in facts.outcomes]
    rows = {one["id"]: flight_lines.read(rehearsal.folder / "flights" / f"{one['id']}.jsonl") for one in played}
    moves = flight_moves.moves_of(chain.from_iterable(rows.values()), _computes(manifest))
    language: Language = manifest["site"]["language"]
    parts = tuple(_part(section, rows[section["id"]], facts, rehearsal, language) for section in played)
    notes = (coverage(facts, _titles(manifest, language), parts, language), flight_moves.sentences(moves, language))
    return Flight(
        facts.site, facts.change, facts.digest, parts,
        sum(facts.outcomes[f"first-{section['id']}"]["calls"] for section in played),
        tuple(tuple(note) for note in notes if note), language, not_played(manifest["sections"], played, language),
    )  # fmt: skip


def _computes(manifest: Mapping[str, Any]) -> list[str]:
    """The names of the nodes that may have instances; of a manifest that does not say which do, every node's."""
    return [str(node["name"]) for node in manifest["site"]["nodes"] if node.get("compute", True)]


def _titles(manifest: Mapping[str, Any], language: Language) -> dict[str, str]:
    """{id: title} of every step."""
    return {step["id"]: step["title"][language] for section in manifest["sections"] for step in section["steps"]}


def not_played(
    sections: Sequence[Mapping[str, Any]], played: Sequence[Mapping[str, Any]], language: Language = "en"
) -> tuple[str, ...]:
    """Sentences on the sections of the manifest that no run has played: the plan has nothing of what they do."""
    left = [f"{one['id']} {one['title'][language]}" for one in sections if one not in played]
    return (said(language, "not_played"), *left) if left else ()


def coverage(
    facts: report.ReportHeader, titles: Mapping[str, str], parts: Sequence[Part], language: Language = "en"
) -> list[str]:
    """Sentences on how many steps the first runs applied, which they did not, and which have no line in `parts`.

    `titles` are the steps' in the language.
    """
    if not facts.steps:
        return [said(language, "no_steps")]
    left = report.not_applied(facts)
    listed = {group.step for part in parts for group in part.groups}
    counts = {"count": len(facts.steps) - len(left), "all": len(facts.steps)}
    return [
        said(language, "not_applied" if left else "all_applied", **counts),
        *(f"{step} {titles[step]}" for step in left),
        *(
            said(language, "only_waited", step=f"{step} {titles[step]}")
            for step in facts.steps
            if step not in left and step not in listed
        ),
    ]


def _part(
    section: Mapping[str, Any],
    rows: list[dict[str, Any]],
    facts: report.ReportHeader,
    rehearsal: Rehearsal,
    language: Language,
) -> Part:
    steps = {step["id"]: step for step in section["steps"]}
    ids = {step["name"]: identity for identity, step in steps.items()}
    place = Steps(rehearsal.world(f"after-{section['id']}")).place
    lines = flight_lines.lines_of(section["id"], rows, ids, place, language)
    titles = {identity: step["title"][language] for identity, step in steps.items()}
    seconds = facts.outcomes[f"first-{section['id']}"]["window"]
    return Part(section["id"], section["title"][language], seconds, tuple(_groups(lines, titles, language)))


def _groups(lines: Iterator[Line], titles: Mapping[str, str], language: Language) -> Iterator[Group]:
    for (step, node), found in groupby(lines, key=_step_and_node):
        yield Group(step, titles.get(step, said(language, "before")), node, tuple(found))


def _step_and_node(line: Line) -> tuple[str, str]:
    return line.step, line.node


def write(folder: Path, rehearsal: Rehearsal, facts: report.ReportHeader) -> Flight:
    """The plan as Markdown and as a page, in the report's folder."""
    flight = flight_of(rehearsal, facts)
    (folder / f"{NAME}.md").write_text(flight_text.markdown(flight), "utf-8")
    (folder / f"{NAME}.html").write_text(flight_html.page(flight), "utf-8")
    return flight
