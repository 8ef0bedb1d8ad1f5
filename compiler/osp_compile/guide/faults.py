"""What is wrong with a section folder beyond its section.yaml: its files, their functions, departures and brackets."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from osp_compile.diagnostics import Diagnostic, Span, error, nearest
from osp_compile.guide import mistakes
from osp_compile.guide.durations import INSTANCES
from osp_compile.guide.model import PARTS, Goal, Section, Step, marked_departures
from osp_compile.guide.plan import GROUPS, WHEN
from osp_compile.shell import functions
from osp_compile.spec.yaml_tree import Mapping, Node, Scalar, Sequence

COUNTED = GROUPS | {INSTANCES}  # what a duration may be told for
# The keys whose value is a word that other files define, and those words.
KNOWN: dict[str, frozenset[str]] = {"when": frozenset(WHEN), "for_each": GROUPS, "touches": GROUPS, "of": COUNTED}
OF_A_NODE = frozenset({"rebooted"})  # goals that the simulated site judges of one node


def fault(file: Path, message: str, help: str | None = None, word: str = "") -> Diagnostic:
    """A diagnostic about the section folder that contains `file`; it points at `word` if the file has it."""
    return error("bad-section", message, _place(file, word), help)


def _place(file: Path, word: str) -> Span:
    """The span of the value or line of the file that is `word`; without one, the span of the whole file."""
    whole = Span(mistakes.called(file), 0, 0, 0)
    if not word:
        return whole
    if file.name == "section.yaml":
        spec, _ = mistakes.read(file)
        found = next(_scalars(spec.root, word), None) if spec.root else None
        return spec.at(found.place) if found else whole
    lines = file.read_text("utf-8").splitlines()
    at = next((number for number, line in enumerate(lines) if re.search(rf"\b{re.escape(word)}\b", line)), None)
    if at is None:
        return whole
    return Span(whole.file, at + 1, lines[at].index(word) + 1, len(word), lines[at])


def _scalars(node: Node, word: str) -> Iterator[Scalar]:
    match node:
        case Scalar(value=value) if value == word:
            yield node
        case Sequence(items=items):
            for item in items:
                yield from _scalars(item, word)
        case Mapping(entries=entries):
            for _, item in entries.values():
                yield from _scalars(item, word)


def faults_of(section: Section) -> Iterator[Diagnostic]:
    """Everything in a section's folder that does not match its section.yaml."""
    yaml_file = section.folder / "section.yaml"
    for step in section.steps:
        if not step.id.startswith(f"{section.id}/"):
            yield fault(yaml_file, f"step {step.id} does not belong to section {section.id}", word=step.id)
        yield from faults_of_step(step, yaml_file)
    yield from left_over(section.folder, {step.file for step in section.steps})
    yield from faults_of_brackets(section.steps, yaml_file)
    yield from faults_of_goals(section.goals, yaml_file)


def faults_of_step(step: Step, yaml_file: Path) -> Iterator[Diagnostic]:
    """What a step and its shell file lack, and what they have in excess."""
    if step.risk != "low" and step.undo is None:
        yield fault(
            yaml_file,
            f"step {step.id} is {step.risk}, and does not say how to go back from it",
            "add `undo: {en: ..., ja: ...}`, and say so where there is no way back",
            step.id,
        )
    yield from missing(step, yaml_file)
    if step.file.exists():
        yield from _faults_of_shell(step)


def left_over(folder: Path, expected: Collection[Path]) -> Iterator[Diagnostic]:
    """The shell files of a section's folder that no step has."""
    for file in sorted([*folder.glob("*.sh"), *folder.glob("*.sh.j2")]):
        if file not in expected:
            yield fault(folder / "section.yaml", f"{file.name} belongs to no step")


def missing(step: Step, yaml_file: Path) -> Iterator[Diagnostic]:
    """The step's shell file, if it is not there, or those of its functions that are not there."""
    if not step.file.exists():
        yield fault(yaml_file, f"step {step.id} has no file {step.name}.sh", word=step.name)
        return
    found = {*functions.names(step.file.read_text("utf-8"))}
    wanted = {f"{step.name}_{suffix}" for suffix in step.functions}
    for name in sorted(wanted - found):
        near = nearest(name, found - wanted)
        yield fault(step.file, f"step {step.id} has no function {name}", f"is {near} meant?" if near else None)


def _faults_of_shell(step: Step) -> Iterator[Diagnostic]:
    text = step.file.read_text("utf-8")
    found = functions.names(text)
    wanted = {f"{step.name}_{suffix}" for suffix in step.functions}
    allowed = wanted | {f"{step.name}_{suffix}" for suffix in step.optional}
    for name in found:
        if name not in allowed and name.rsplit("_", 1)[-1] in PARTS:
            message = f"step {step.id} ({step.shape}) has no use for {name}"
            yield fault(step.file, message, "helpers end in other words", name)
    yield from _faults_of_departures(step, text)


def _faults_of_departures(step: Step, text: str) -> Iterator[Diagnostic]:
    marked, listed = marked_departures(text), {departure.key for departure in step.departures}
    for key in sorted(marked - listed):
        yield fault(step.file, f"the departure {key} is marked but has no reason in section.yaml", word=key)
    for key in sorted(listed - marked):
        yield fault(
            step.file, f"the departure {key} is listed but marked at no command", f"write `# departs: {key}` above it"
        )


def faults_of_brackets(steps: Iterable[Step], file: Path) -> Iterator[Diagnostic]:
    """The brackets that these steps, all of a section, do not open and close once."""
    words: dict[str, list[str]] = {}
    for step in steps:
        if step.bracket:
            verb, word = step.bracket.split()
            words.setdefault(word, []).append(verb)
    for word, verbs in words.items():
        if verbs[0] != "opens" or verbs[-1] != "closes" or verbs.count("opens") != 1 or verbs.count("closes") != 1:
            message = f"the bracket {word} must open once, then close once: {', '.join(verbs)}"
            yield fault(file, message, word=f"{verbs[0]} {word}")


def unknown_words(file: Path, data: Any) -> Iterator[Diagnostic]:
    """The words of a section.yaml that are not properties of a site or groups of nodes, whatever its form."""
    for key, word in dict.fromkeys(_named(data)):
        if word not in KNOWN[key]:
            what = "a property of a site" if key == "when" else "a group of nodes"
            yield fault(file, f"`{key}: {word}` is not {what}", _near(word, KNOWN[key]), word)


def _named(data: Any) -> Iterator[tuple[str, str]]:
    """(key, word) wherever a key of KNOWN has a text; a goal's `then` has names of the site for its keys."""
    for key, value in data.items() if isinstance(data, dict) else ():
        if key in KNOWN and isinstance(value, str):
            yield key, value
        elif key != "then":
            yield from _named(value)
    for value in data if isinstance(data, list) else ():
        yield from _named(value)


def faults_of_goals(goals: Iterable[Goal], file: Path) -> Iterator[Diagnostic]:
    """A goal has either `is` or `then`; one about a node has `for_each`, and in the paths of `then` also `<node>`."""
    for goal in goals:
        if bool(goal.judge) == bool(goal.then):
            yield fault(file, "a goal has either `is` or `then`", word=goal.judge)
        elif goal.judge and (goal.judge in OF_A_NODE) != (goal.group is not None):
            of = (
                "a node: say of which, with `for_each`" if goal.judge in OF_A_NODE else "the site: leave `for_each` out"
            )
            yield fault(file, f"`is: {goal.judge}` is judged of {of}", word=goal.judge)
        elif goal.then and any("<node>" in path for path in goal.then) != (goal.group is not None):
            yield fault(file, "`<node>` in a goal's path and `for_each` go together", word=goal.group or "")


def _near(word: str, known: Iterable[str]) -> str:
    near = nearest(word, known)
    return f"did you mean `{near}`?" if near else f"one of: {', '.join(sorted(known))}"


def repeated(sections: Iterable[Section]) -> Iterator[Diagnostic]:
    """Ids and names that occur twice."""
    seen: dict[str, str] = {}
    for section in sections:
        for word in (
            *(["closes: true"] if section.closes else []),
            section.id,
            *(step.id for step in section.steps),
            *(f"step name {step.name}" for step in section.steps),
        ):
            place = f"{section.name}:{word}" if word.startswith("step name") else word
            if place in seen:
                message = f"{word} is here and in {seen[place]}"
                yield fault(section.folder / "section.yaml", message, word=word.removeprefix("step name "))
            seen[place] = section.name
