"""What is wrong with a section folder beyond its section.yaml: its files, their functions, departures and brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from osp_compile.errors import Diagnostic, Span, error, nearest
from osp_compile.sections.model import Section, Step, marked_departures

SUFFIXES = ("requires", "satisfied", "apply", "verify", "check", "attend", "rescue", "shown")
FUNCTION = re.compile(r"^([a-z][a-z0-9_]*)\(\)", re.MULTILINE)


def fault(file: Path, message: str, help: str | None = None) -> Diagnostic:
    """A fault of the section folder in which `file` lies."""
    return error("bad-section", message, Span(f"templates/{file.parent.name}/{file.name}", 0, 0, 0), help)


def faults_of(section: Section) -> Iterator[Diagnostic]:
    """What in the folder of one section does not fit its section.yaml."""
    yaml_file = section.folder / "section.yaml"
    for step in section.steps:
        if not step.id.startswith(f"{section.id}/"):
            yield fault(yaml_file, f"step {step.id} does not belong to section {section.id}")
        if not step.file.exists():
            yield fault(yaml_file, f"step {step.id} has no file {step.name}.sh")
            continue
        yield from _faults_of_shell(step)
    expected = {step.file for step in section.steps}
    for file in sorted([*section.folder.glob("*.sh"), *section.folder.glob("*.sh.j2")]):
        if file not in expected:
            yield fault(yaml_file, f"{file.name} belongs to no step")
    yield from _faults_of_brackets(section, yaml_file)


def _faults_of_shell(step: Step) -> Iterator[Diagnostic]:
    text = step.file.read_text("utf-8")
    found = FUNCTION.findall(text)
    wanted = {f"{step.name}_{suffix}" for suffix in step.functions}
    for name in sorted(wanted - set(found)):
        near = nearest(name, set(found) - wanted)
        yield fault(step.file, f"step {step.id} has no function {name}", f"is {near} meant?" if near else None)
    allowed = wanted | {f"{step.name}_{suffix}" for suffix in step.optional}
    for name in found:
        if name not in allowed and name.rsplit("_", 1)[-1] in SUFFIXES:
            yield fault(
                step.file, f"{name} is no function of step {step.id} ({step.shape})", "helpers end in other words"
            )
    marked, listed = marked_departures(text), {departure.key for departure in step.departures}
    for key in sorted(marked - listed):
        yield fault(step.file, f"the departure {key} is marked but has no reason in section.yaml")
    for key in sorted(listed - marked):
        yield fault(
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
            yield fault(file, f"the bracket {word} must open once, then close once: {', '.join(verbs)}")


def repeated(sections: Iterable[Section]) -> Iterator[Diagnostic]:
    """Ids and names that two places claim."""
    seen: dict[str, str] = {}
    for section in sections:
        for word in (
            section.id,
            *(step.id for step in section.steps),
            *(f"step name {step.name}" for step in section.steps),
        ):
            place = f"{section.name}:{word}" if word.startswith("step name") else word
            if place in seen:
                yield fault(section.folder / "section.yaml", f"{word} is here and in {seen[place]}")
            seen[place] = section.name
