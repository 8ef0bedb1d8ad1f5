"""The JSON Schema of a spec: data against it, with its defaults filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from osp_compile.assets import SPECS
from osp_compile.diagnostics import Diagnostic
from osp_compile.spec import schema_mistakes
from osp_compile.spec.coerce import UNUSABLE, Schema, types_of
from osp_compile.spec.schema_messages import COMPARED, Problem, explain, meant
from osp_compile.spec.yaml_tree import Path, Source

FILE = SPECS / "site.schema.json"
# Below `properties`, what may be relative where `deploy.directory` says the folder of the call.
FROM_THE_CALL = (
    ("env_files", "items"),
    ("deploy", "properties", "templates"),
    ("deploy", "properties", "roles_file"),
    ("deploy", "properties", "environment_directories", "items"),
    ("deploy", "properties", "answers_file"),
)
RELATIVE = {
    "type": "string",
    "minLength": 1,
    "maxLength": 1024,
    "pattern": "^[^/~$-]",
    "patternErrorMessage": "must be an absolute path, or with `deploy: {directory: ...}` one that is relative to it",
}


def text() -> str:
    """The schema as the product publishes it, for editors: they see a spec as it is written, its relative files too."""
    document = json.loads(FILE.read_text(encoding="utf-8"))
    absolute: dict[str, Any] = {}
    for *place, last in FROM_THE_CALL:
        part, strict = document["properties"], absolute
        for word in place:
            part, strict = part[word], strict.setdefault(word, {})
        strict[last] = {"$ref": part[last]["$ref"]}
        part[last]["anyOf"] = [{"$ref": part[last].pop("$ref")}, {"$ref": "#/$defs/relative"}]
    document["$defs"]["relative"] = RELATIVE
    _widen(document)
    _describe_in_markdown(document)
    document["if"] = {"properties": {"deploy": {"required": ["directory"]}}, "required": ["deploy"]}
    document["else"] = {"properties": absolute}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _widen(part: Any) -> None:
    """Lets a text be a plain word that YAML reads as a number or a boolean: the compiler reads such a word as text."""
    if isinstance(part, list):
        for entry in part:
            _widen(entry)
    if not isinstance(part, dict):
        return
    for key, inner in part.items():
        if key not in {"examples", "default", "enum"}:
            _widen(inner)
    if part.get("type") != "string":
        return
    if "true" in part.get("enum", ()):
        part["type"] = ["string", "boolean"]
        part["enum"] += [True, False]
        part["markdownEnumDescriptions"] += part["markdownEnumDescriptions"][-2:]
    elif "enum" not in part and re.search(part.get("pattern", ""), "1"):
        part["type"] = ["string", "number"]


def _describe_in_markdown(part: Any) -> None:
    """Adds each description as an editor renders it, and each default: no editor shows that otherwise."""
    if not isinstance(part, dict):
        return
    if "description" in part:
        default = part.get("x-default", part.get("default"))
        told = ""
        if default is not None and not isinstance(default, dict | list):
            told = f" Default: `{default if isinstance(default, str) else json.dumps(default)}`."
        part["markdownDescription"] = part["description"].replace("<", r"\<") + told
    inner = [part.get("items"), part.get("additionalProperties"), *part.get("properties", {}).values()]
    for one in inner:
        _describe_in_markdown(one)


@cache
def load() -> dict[str, Any]:
    """The schema of a spec with its references put in place of them."""
    return resolved(json.loads(FILE.read_text(encoding="utf-8")))


def resolved(document: dict[str, Any]) -> dict[str, Any]:
    """A schema whose references to its own $defs are put in place of them."""
    definitions = document.pop("$defs")

    def resolve(part: Any) -> Any:
        if isinstance(part, list):
            return [resolve(item) for item in part]
        if not isinstance(part, dict):
            return part
        reference = part.get("$ref")
        if isinstance(reference, str):
            part = {**definitions[reference.removeprefix("#/$defs/")], **part}
            del part["$ref"]
        return {key: resolve(value) for key, value in part.items()}

    whole: dict[str, Any] = resolve(document)
    return whole


@dataclass(frozen=True)
class Checked:
    """What of a spec can be used, with defaults. A refused value is UNUSABLE, an unknown key is gone.

    `broken` names the top-level keys in which something was refused: what seems absent there may only be misspelt.
    """

    data: Any
    broken: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]


def validate(data: Any, source: Source) -> Checked:
    """Everything in `data` that the schema does not allow; `data` itself is used up."""
    schema = load()
    problems = _problems(data, schema)
    # what stands under a key that is refused is no second mistake
    refused = {(*problem.path, problem.key) for problem in problems if problem.key is not None}
    diagnostics = [
        diagnostic
        for problem in problems
        if problem.value is not UNUSABLE and not _is_under(problem.path, refused)
        for diagnostic in explain(problem, source)
    ]
    broken = frozenset(key for problem in problems for key in _touched(problem))
    for problem in problems:
        _take_out(data, problem)
    return Checked(fill(data, schema), broken, tuple(diagnostics))


def _problems(data: Any, schema: Schema) -> list[Problem]:
    """What the validator finds; a mapping that lacks two keys is two errors for it, and one place to explain."""
    problems: dict[tuple[str, Path, str], Problem] = {}
    for problem in schema_mistakes.find(data, schema):
        problems.setdefault((problem.keyword, problem.path, problem.key or ""), problem)
    return list(problems.values())


def _is_under(path: Path, refused: Container[Path]) -> bool:
    return any(path[:length] in refused for length in range(1, len(path) + 1))


def _touched(problem: Problem) -> set[str]:
    """The top-level keys that `problem` leaves in doubt."""
    if problem.path:
        return {str(problem.path[0])}
    known = problem.schema["properties"]
    if not isinstance(problem.value, dict):
        return set(known)
    near = meant(problem.value, known)
    if len(near) > COMPARED:
        return set(known)
    absent = {key for key in problem.schema["required"] if key not in problem.value}
    return {key for key in near.values() if key} | absent


def _take_out(data: Any, problem: Problem) -> None:
    """Removes from `data` what `problem` is about; what is missing cannot be removed."""
    if problem.keyword == "required":
        return
    if problem.keyword == "additionalProperties":
        for key in set(problem.value).difference(problem.schema["properties"]):
            del problem.value[key]
        return
    if not problem.path:
        return
    *outer, last = problem.path
    container = data
    for step in outer:
        container = container.get(step, UNUSABLE) if isinstance(container, dict) else container[step]
        if container is UNUSABLE:
            return
    if problem.key is not None:
        container[last].pop(problem.key, None)
    else:
        container[last] = UNUSABLE


def fill(data: Any, schema: Schema) -> Any:
    """`data` with the schema's defaults where it says nothing; `true` for a mapping means all its defaults."""
    if data is True and {"boolean", "object"} <= set(types_of(schema)):
        data = {}
    if isinstance(data, list):
        items = schema.get("items", {})
        # only entries that have defaults of their own need a visit
        return [fill(item, items) for item in data] if '"default"' in json.dumps(items) else data
    return _fill_mapping(data, schema.get("properties", {})) if isinstance(data, dict) else data


def _fill_mapping(data: Mapping[str, Any], properties: Mapping[str, Schema]) -> dict[str, Any]:
    filled = {key: fill(value, properties.get(key, {})) for key, value in data.items()}
    for key, part in properties.items():
        if key in filled:
            continue
        if "default" in part:
            filled[key] = fill(json.loads(json.dumps(part["default"])), part)
        elif "x-default" in part:
            filled[key] = _made_of(filled, part["x-default"], properties)
    return filled


def _made_of(values: Mapping[str, Any], default: str, known: Iterable[str]) -> Any:
    """A default that names other keys, with their values; UNUSABLE where it names one that is."""
    unusable = any(values.get(name) is UNUSABLE for name in known if f"{{{name}}}" in default)
    return UNUSABLE if unusable else default.format_map(values)
