"""The sections of the guide as they stand under templates/: one folder each, read into frozen values.

A folder that is not as CONTRIBUTING.md says is reported with every fault at once, a missing or misnamed step
function among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import jsonschema
import yaml
from jsonschema.exceptions import best_match

from osp_compile.assets import SPECS
from osp_compile.errors import Diagnostic, Span, error, nearest
from osp_compile.model import Language
from osp_compile.wrap import unfolded

Shape = Literal["change", "check", "attended"]
FUNCTIONS: Mapping[Shape, tuple[str, ...]] = {
    "change": ("requires", "satisfied", "apply", "verify"),
    "check": ("check",),
    "attended": ("requires", "satisfied", "attend", "verify"),
}
SUFFIXES = ("requires", "satisfied", "apply", "verify", "check", "attend", "rescue", "shown")
FUNCTION = re.compile(r"^([a-z][a-z0-9_]*)\(\)", re.MULTILINE)
DEPARTURE = re.compile(r"^(?P<indent>[ ]*)# departs: (?P<key>\S+)[ ]*$", re.MULTILINE)


@dataclass(frozen=True)
class Text:
    """The same words in both languages."""

    en: str
    ja: str

    def get(self, language: Language) -> str:
        return self.ja if language == "ja" else self.en


@dataclass(frozen=True)
class Departure:
    """Where a step, or with an empty key the guide itself, is not what the guide says; `guide` is its literal text."""

    key: str
    guide: str
    reason: Text


@dataclass(frozen=True)
class Step:
    """One step; `group` is the group of nodes it runs for, or None; `bracket` is "opens flags" or None."""

    id: str
    name: str
    title: Text
    runs_on: str
    shape: Shape
    risk: str
    bracket: str | None
    group: str | None
    when: tuple[str, ...]
    covers: tuple[str, ...]
    deadline: int | str
    checked: Text | None
    changes: tuple[Mapping[str, str], ...]
    departures: tuple[Departure, ...]
    file: Path

    @property
    def functions(self) -> tuple[str, ...]:
        rescue = ("rescue",) if self.bracket and self.bracket.startswith("closes ") else ()
        return FUNCTIONS[self.shape] + rescue

    @property
    def optional(self) -> tuple[str, ...]:
        """What a step that is asked about may have besides: the facts that stand before the question."""
        return ("shown",) if self.risk != "low" else ()


@dataclass(frozen=True)
class Section:
    """One section of the guide; `name` is its folder's, such as 2.08-reboot-ceph-storage; `batches` sizes groups."""

    id: str
    name: str
    guide: str
    title: Text
    about: Text
    duration: Text | None
    go_back: Text | None
    when: str
    needs: tuple[str, ...]
    errata: tuple[Departure, ...]
    steps: tuple[Step, ...]
    folder: Path
    batches: Mapping[str, str] = field(default_factory=dict)


def read_sections(templates: Path) -> tuple[tuple[Section, ...], tuple[Diagnostic, ...]]:
    """Every section folder under `templates`, in the order of their ids."""
    sections: list[Section] = []
    faults: list[Diagnostic] = []
    for file in sorted(templates.glob("[0-9]*/section.yaml")):
        found = _read_section(file)
        if isinstance(found, Section):
            sections.append(found)
            faults += _faults_of_steps(found)
        else:
            faults += found
    faults += _repeated(sections)
    return tuple(sorted(sections, key=lambda section: section.id)), tuple(faults)


def marked_departures(text: str) -> set[str]:
    """The keys of the departures that are marked in the shell `text`."""
    return {found["key"] for found in DEPARTURE.finditer(text)}


def known_steps(sections: Iterable[Section]) -> frozenset[str]:
    return frozenset(step.id for section in sections for step in section.steps)


@cache
def _validator() -> Any:
    schema = yaml.load((SPECS / "section.schema.json").read_bytes(), Loader=yaml.CSafeLoader)
    return jsonschema.Draft202012Validator(schema)


def _fault(file: Path, message: str, help: str | None = None) -> Diagnostic:
    return error("bad-section", message, Span(f"templates/{file.parent.name}/{file.name}", 0, 0, 0), help)


def _read_section(file: Path) -> Section | tuple[Diagnostic, ...]:
    try:
        data = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as problem:
        return (_fault(file, f"cannot be read: {problem}".replace("\n", " ")),)
    deepest = (best_match([found]) or found for found in _validator().iter_errors(data))
    faults = tuple(
        _fault(file, f"{'/'.join(map(str, found.absolute_path)) or 'the file'}: {found.message}") for found in deepest
    )
    return faults or _section(file, data)


def _section(file: Path, data: Mapping[str, Any]) -> Section:
    return Section(
        id=data["id"],
        name=file.parent.name,
        guide=data["guide"],
        title=_text(data["title"]),
        about=_text(data["about"]),
        duration=_text(data["duration"]) if "duration" in data else None,
        go_back=_text(data["go_back"]) if "go_back" in data else None,
        when=data.get("when", "always"),
        needs=tuple(data.get("needs", ())),
        errata=_departures(data.get("errata", ())),
        steps=tuple(_steps(file.parent, data["steps"])),
        folder=file.parent,
        batches={row["for_each"]: row["batch"] for row in data["steps"] if "batch" in row},
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
    rendered = folder / f"{row['name']}.sh.j2"
    return Step(
        id=row["id"],
        name=row["name"],
        title=_text(row["title"]),
        runs_on=row["runs_on"],
        shape=row["shape"],
        risk=row.get("risk", "low"),
        bracket=row.get("bracket"),
        group=group,
        when=when,
        covers=tuple(row.get("covers", ())),
        deadline=row.get("deadline", 60),
        checked=_text(row["checked"]) if "checked" in row else None,
        changes=tuple(row.get("changes", ())),
        departures=_departures(row.get("departures", ())),
        file=rendered if rendered.exists() else folder / f"{row['name']}.sh",
    )


def _text(row: Mapping[str, str]) -> Text:
    return Text(row["en"], unfolded(row["ja"]))


def _departures(rows: Iterable[Mapping[str, str]]) -> tuple[Departure, ...]:
    return tuple(Departure(row.get("key", ""), row["guide"], _text(row)) for row in rows)


def _faults_of_steps(section: Section) -> Iterator[Diagnostic]:
    yaml_file = section.folder / "section.yaml"
    for step in section.steps:
        if not step.id.startswith(f"{section.id}/"):
            yield _fault(yaml_file, f"step {step.id} does not belong to section {section.id}")
        if not step.file.exists():
            yield _fault(yaml_file, f"step {step.id} has no file {step.name}.sh")
            continue
        yield from _faults_of_shell(step)
    expected = {step.file for step in section.steps}
    for file in sorted([*section.folder.glob("*.sh"), *section.folder.glob("*.sh.j2")]):
        if file not in expected:
            yield _fault(yaml_file, f"{file.name} belongs to no step")
    yield from _faults_of_brackets(section, yaml_file)


def _faults_of_shell(step: Step) -> Iterator[Diagnostic]:
    text = step.file.read_text("utf-8")
    found = FUNCTION.findall(text)
    wanted = {f"{step.name}_{suffix}" for suffix in step.functions}
    for name in sorted(wanted - set(found)):
        near = nearest(name, set(found) - wanted)
        yield _fault(step.file, f"step {step.id} has no function {name}", f"is {near} meant?" if near else None)
    allowed = wanted | {f"{step.name}_{suffix}" for suffix in step.optional}
    for name in found:
        if name not in allowed and name.rsplit("_", 1)[-1] in SUFFIXES:
            yield _fault(
                step.file, f"{name} is no function of step {step.id} ({step.shape})", "helpers end in other words"
            )
    marked, listed = marked_departures(text), {departure.key for departure in step.departures}
    for key in sorted(marked - listed):
        yield _fault(step.file, f"the departure {key} is marked but has no reason in section.yaml")
    for key in sorted(listed - marked):
        yield _fault(
            step.file, f"the departure {key} is listed but marked at no command", f"write `# departs: {key}` above it"
        )


def _faults_of_brackets(section: Section, file: Path) -> Iterator[Diagnostic]:
    words: dict[str, list[str]] = {}
    for step in section.steps:
        if step.bracket:
            verb, word = step.bracket.split()
            words.setdefault(word, []).append(verb)
    for word, verbs in words.items():
        if verbs[0] != "opens" or verbs[-1] != "closes" or verbs.count("opens") != 1 or verbs.count("closes") != 1:
            yield _fault(file, f"the bracket {word} must open once, then close once: {', '.join(verbs)}")


def _repeated(sections: Iterable[Section]) -> Iterator[Diagnostic]:
    seen: dict[str, str] = {}
    for section in sections:
        for word in (
            section.id,
            *(step.id for step in section.steps),
            *(f"step name {step.name}" for step in section.steps),
        ):
            place = f"{section.name}:{word}" if word.startswith("step name") else word
            if place in seen:
                yield _fault(section.folder / "section.yaml", f"{word} is here and in {seen[place]}")
            seen[place] = section.name
