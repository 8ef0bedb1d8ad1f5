"""Everything that is wrong in a section.yaml, each with its place.

A file is read like this only when something is wrong with it: keeping places takes ten times as long.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from osp_compile.assets import SPECS
from osp_compile.diagnostics import Diagnostic, error, in_order
from osp_compile.spec import schema_mistakes, yaml_reader
from osp_compile.spec.coerce import UNUSABLE, Schema, coerce
from osp_compile.spec.schema import resolved
from osp_compile.spec.schema_messages import Problem, explain
from osp_compile.spec.yaml_tree import Path as Place
from osp_compile.spec.yaml_tree import Source

SCHEMA = SPECS / "section.schema.json"
CHANGE_ALONE = ("risk", "bracket", "deadline", "undo")
CHANGE_NEEDS = ("risk", "checked", "changes")


def read(file: Path) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The file with its places; without a tree, the diagnostics say why."""
    found, problems = yaml_reader.read(file, one_line=False, from_shell=False)
    name = called(file)
    return replace(found, file=name), tuple(
        replace(one, span=replace(one.span, file=name)) if one.span else one for one in problems
    )


def called(file: Path) -> str:
    """The name of a section's file in a diagnostic: templates/2.NN-name/FILE."""
    return f"templates/{file.parent.name}/{file.name}"


def converted(file: Path) -> Any:
    """What is in the file, with a number in place of a text as text, and so on; None if it cannot be read."""
    spec, _ = read(file)
    return coerce(spec, _schemas()["file"])[0] if spec.root is not None else None


def find(file: Path) -> tuple[Diagnostic, ...]:
    """Everything in the file that section.schema.json does not allow; `code` is bad-section."""
    spec, problems = read(file)
    found = [*problems]
    if spec.root is not None:
        data, nulls = coerce(spec, _schemas()["file"])
        found += nulls
        for problem in _problems(data):
            if problem.value is not UNUSABLE:
                found += explain(problem, spec)
        found += [*_shapes(data, spec), *_names(data, spec)]
    return in_order(replace(one, code="bad-section", help=_help(one.help)) for one in dict.fromkeys(found))


def _help(text: str | None) -> str | None:
    return text and text.replace("`osp-compile schema`", "specs/section.schema.json")


@cache
def _schemas() -> dict[str, Schema]:
    """The schema of the whole file but its steps, of a step, and of a group of steps."""
    document = json.loads(SCHEMA.read_text("utf-8"))
    definitions = document["$defs"]
    step = definitions["step"]
    for part, words in ((step, ("if", "then", "else")), (step["properties"]["changes"]["items"], ("if", "then"))):
        for word in words:  # _shapes and _names have the better messages
            del part[word]
    whole = resolved(document)
    step, group = (one for one in whole["properties"]["steps"]["items"]["anyOf"])
    # a value is converted in the same way in both kinds of rows
    whole["properties"]["steps"]["items"] = {"properties": {**step["properties"], **group["properties"]}}
    return {"file": whole, "step": step, "group": group}


def _problems(data: Any) -> Iterator[Problem]:
    schemas = _schemas()
    top = {**schemas["file"], "properties": {**schemas["file"]["properties"]}}
    top["properties"]["steps"] = {key: value for key, value in top["properties"]["steps"].items() if key != "items"}
    yield from schema_mistakes.find(data, top)
    for place, row in _rows(data, ("steps",)):
        kind = "group" if isinstance(row, dict) and {"for_each", "steps"} & row.keys() else "step"
        yield from schema_mistakes.find(row, schemas[kind], place)


def _rows(data: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    rows = data.get("steps") if isinstance(data, dict) else None
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        yield (*place, number), row


def _steps(data: Any) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The steps that have a `shape`, those in groups included."""
    for place, row in _rows(data, ("steps",)):
        for inner, step in (*_rows(row, (*place, "steps")), (place, row)):
            if isinstance(step, dict) and step.get("shape") in ("check", "change", "attended"):
                yield inner, step


def _names(data: Any, spec: Source) -> Iterator[Diagnostic]:
    """What a step changes has a name of its own, or words in both languages for those who read of it."""
    for place, step in _steps(data):
        rows = step.get("changes")
        for number, change in enumerate(rows if isinstance(rows, list) else ()):
            name = change.get("name") if isinstance(change, dict) else None
            if isinstance(name, str) and " " in name and "words" not in change:
                message = f"`{name}` is not a name, and the words for it are missing"
                here = spec.key((*place, "changes", number))
                yield error("bad-section", message, here, "add `words: {en: ..., ja: ...}`")


def _shapes(data: Any, spec: Source) -> Iterator[Diagnostic]:
    """A check has no risk, as it changes nothing; a change says its risk, how it is checked and what it changes."""
    for place, step in _steps(data):
        if step["shape"] == "check":
            for key in (key for key in CHANGE_ALONE if key in step):
                message = f"`{key}` belongs to a change, and this step is a check"
                yield error("bad-section", message, spec.key((*place, key)), "leave it out")
            continue
        for key in (key for key in CHANGE_NEEDS if key not in step):
            words = _schemas()["step"]["properties"][key]["description"]
            message = f"the key `{key}` is missing: this step is a {step['shape']}"
            yield error("bad-section", message, spec.key(place), f"add `{key}:` {words[0].lower()}{words[1:]}")
