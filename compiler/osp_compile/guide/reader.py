"""Reads the sections of the guide, one folder each under templates/, into frozen values.

If a folder does not follow docs/how-to/section.md, every fault is reported at once, with its place; a missing or
misnamed step function is a fault too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from osp_compile.diagnostics import Diagnostic, in_order
from osp_compile.guide import mistakes
from osp_compile.guide.faults import (
    fault,
    faults_of,
    faults_of_brackets,
    faults_of_goals,
    faults_of_step,
    left_over,
    missing,
    repeated,
    unknown_words,
)  # fmt: skip
from osp_compile.guide.model import (
    FUNCTIONS,
    Change,
    Departure,
    Duration,
    Goal,
    Impact,
    Range,
    Section,
    Step,
    Text,
    VariedText,
)
from osp_compile.guide.unique_keys import UniqueKeys
from osp_compile.text_width import unfolded


def read_sections(templates: Path) -> tuple[tuple[Section, ...], tuple[Diagnostic, ...]]:
    """Every section folder under `templates`, in the order of their ids."""
    sections: list[Section] = []
    faults: list[Diagnostic] = []
    for file in sorted(templates.glob("[0-9]*/section.yaml")):
        section, found = _read_section(file)
        faults += found
        if section:
            sections.append(section)
            faults += faults_of(section)
    faults += repeated(sections)
    return tuple(sorted(sections, key=lambda section: section.id)), tuple(faults)


@cache
def _validator(part: str = "") -> Any:
    """The schema of a section.yaml, or of the `part` of it that is defined under this name."""
    whole = json.loads(mistakes.SCHEMA.read_text("utf-8"))
    schema = {"$ref": f"#/$defs/{part}", "$defs": whole["$defs"]} if part else whole
    return jsonschema.Draft202012Validator(schema)


def _read_section(file: Path) -> tuple[Section | None, tuple[Diagnostic, ...]]:
    """The section, unless its file cannot be read or is not as the schema says; and what is wrong in the file, or, as
    far as can be said then, in its folder.
    """
    words: tuple[Diagnostic, ...] = ()
    folder: tuple[Diagnostic, ...] = ()
    try:
        data = UniqueKeys(file.read_bytes()).get_single_data()
        words = tuple(unknown_words(file, data))
        if not _validator().is_valid(data) and not mistakes.find(file):
            data = mistakes.converted(file)
        if _validator().is_valid(data):
            return _section(file, data), words
        folder = tuple(_faults_of_the_rest(file, data))
        reason = "it is not as specs/section.schema.json says"
    except (OSError, ValueError, yaml.YAMLError) as problem:
        reason = str(problem).replace("\n", " ")
    found = mistakes.find(file) or (fault(file, f"cannot be read: {reason}"),)
    return None, (*in_order((*found, *words)), *folder)


def _faults_of_the_rest(file: Path, data: Any) -> Iterator[Diagnostic]:
    """What is wrong in the folder of a section.yaml that is itself wrong, as far as it follows from the rest.

    A step whose row is wrong must still have its file and its functions, but its risk, bracket and departures are not
    known; without a step's name no file is known to be left over, and without all steps no bracket to be open.
    """
    rows = [*_rows_of(data)]
    named = [row for row in rows if _has_functions(row)]
    steps = []
    for row in named:
        if _validator("step").is_valid(row):
            steps.append(_step(file.parent, row, None, ()))
            yield from faults_of_step(steps[-1], file)
        else:
            yield from missing(_step(file.parent, _known(row), None, ()), file)
    if rows and len(named) == len(rows):
        yield from left_over(file.parent, {_file(file.parent, row["name"]) for row in named})
    if rows and len(steps) == len(rows):
        yield from faults_of_brackets(steps, file)
    yield from faults_of_goals(map(_goal, filter(_validator("goal").is_valid, _goals_of(data))), file)


def _has_functions(row: Any) -> bool:
    """Whether it is known of this row which functions its step has at least."""
    name, shape = (row.get("name"), row.get("shape")) if isinstance(row, dict) else (None, None)
    return isinstance(name, str) and name.isidentifier() and isinstance(shape, str) and shape in FUNCTIONS


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a step with nothing but what its file and its functions are called."""
    named = row["id"] if isinstance(row.get("id"), str) else row["name"]
    return {"id": named, "name": row["name"], "shape": row["shape"], "title": {"en": "", "ja": ""}, "runs_on": ""}


def _goals_of(data: Any) -> list[Any]:
    """The rows of goals, whatever the form of the file."""
    goals = data.get("goal") if isinstance(data, dict) else None
    return goals if isinstance(goals, list) else []


def _rows_of(data: Any) -> Iterator[Any]:
    """The rows of steps, those of groups one by one, whatever the form of the file."""
    steps = data.get("steps") if isinstance(data, dict) else None
    for row in steps if isinstance(steps, list) else ():
        if isinstance(row, dict) and isinstance(row.get("steps"), list):
            yield from _rows_of(row)
        else:
            yield row


def _section(file: Path, data: Mapping[str, Any]) -> Section:
    return Section(
        id=data["id"],
        name=file.parent.name,
        guide=data["guide"],
        title=_text(data["title"]),
        about=_text(data["about"]),
        duration=_duration(data["duration"]) if "duration" in data else None,
        go_back=_text(data["go_back"]) if "go_back" in data else None,
        when=data.get("when", "always"),
        needs=tuple(data.get("needs", ())),
        errata=_departures(data.get("errata", ())),
        steps=tuple(_steps(file.parent, data["steps"])),
        folder=file.parent,
        goals=tuple(map(_goal, data.get("goal", ()))),
        closes=data.get("closes", False),
        batches={row["for_each"]: row["batch"] for row in data["steps"] if "batch" in row},
        impacts=tuple(Impact(on, row["level"], _text(row)) for on, row in data.get("impact", {}).items()),
    )


def _steps(folder: Path, rows: Iterable[Mapping[str, Any]]) -> Iterator[Step]:
    for row in rows:
        when = (row["when"],) if "when" in row else ()
        if "for_each" in row:
            for inner in row["steps"]:
                inner_when = when + ((inner["when"],) if "when" in inner else ())
                yield _step(folder, inner, row["for_each"], inner_when)
        else:
            yield _step(folder, row, None, when)


def _step(folder: Path, row: Mapping[str, Any], group: str | None, when: tuple[str, ...]) -> Step:
    file = _file(folder, row["name"])
    return Step(
        id=row["id"],
        name=row["name"],
        title=_text(row["title"]),
        runs_on=row["runs_on"],
        shape=row["shape"],
        risk=row.get("risk", "low"),
        bracket=row.get("bracket"),
        group=group,
        touches=row.get("touches"),
        when=when,
        covers=tuple(row.get("covers", ())),
        deadline=row.get("deadline", 60),
        checked=_text(row["checked"]) if "checked" in row else None,
        undo=_text(row["undo"]) if "undo" in row else None,
        changes=tuple(_change(one) for one in row.get("changes", ())),
        departures=_departures(row.get("departures", ())),
        file=file,
        source=_source(row, file),
    )


def _file(folder: Path, name: str) -> Path:
    """The shell file of the step of this name, which is rendered if there is one to render."""
    rendered = folder / f"{name}.sh.j2"
    return rendered if rendered.exists() else folder / f"{name}.sh"


def _source(row: Mapping[str, Any], file: Path) -> str:
    """A digest of a step's row and of its shell before rendering; one that has no shell yet is refused later."""
    shell = file.read_bytes() if file.is_file() else b""
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode() + shell).hexdigest()[:16]


def _goal(row: Mapping[str, Any]) -> Goal:
    return Goal(row.get("for_each"), row.get("is", ""), row.get("then", {}))


def _change(row: Mapping[str, Any]) -> Change:
    return Change(row["kind"], row["name"], _text(row["words"]) if "words" in row else None, row.get("when", "always"))


def _duration(row: Mapping[str, Any]) -> Duration:
    each = row.get("each")
    return Duration(
        once=Range(*row.get("once", (0, 0))),
        each=Range(*each["minutes"]) if each else None,
        of=each["of"] if each else "",
        note=_text(row["note"]) if "note" in row else None,
    )


def _text(row: Mapping[str, Any]) -> Text:
    text = Text(row["en"], unfolded(row["ja"]))
    if "instead" not in row:
        return text
    return VariedText(text.en, text.ja, tuple((other["when"], _text(other)) for other in row["instead"]))


def _departures(rows: Iterable[Mapping[str, str]]) -> tuple[Departure, ...]:
    return tuple(Departure(row.get("key", ""), row["guide"], _text(row)) for row in rows)
