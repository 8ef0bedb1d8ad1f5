"""The JSON Schema of a spec: checks data against it and fills in its defaults."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from osp_compile.assets import SPECS
from osp_compile.diagnostics import Diagnostic
from osp_compile.spec import schema_mistakes
from osp_compile.spec.coerce import UNUSABLE, Schema, types_of
from osp_compile.spec.schema_messages import COMPARED, Problem, explain, meant
from osp_compile.spec.yaml_tree import Path, Source

FILE = SPECS / "site.schema.json"
# Paths of keys, below `properties`, that may be relative if `deploy.directory` is set.
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
    "maxLength": 4095,
    "pattern": "^[^/~$-]",
    "patternErrorMessage": "must be an absolute path, or with `deploy: {directory: ...}` one that is relative to it",
}


def text() -> str:
    """The schema that is published for editors, which check a spec as it is written, with its relative files."""
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
    _offer_examples(document)
    document["if"] = {"properties": {"deploy": {"required": ["directory"]}}, "required": ["deploy"]}
    document["else"] = {"properties": absolute}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _widen(part: Any) -> None:
    """Allows numbers and booleans wherever the schema has text: the compiler reads such a plain word as text."""
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
    """Adds each description in Markdown, with the default value, which editors would not show."""
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


def _offer_examples(part: Any) -> None:
    """Makes snippets of examples that are mappings or lists, and shows them in the description.

    Left as examples, editors offer them by the name "[object Object]".
    """
    if not isinstance(part, dict):
        return
    structured = [example for example in part.get("examples", ()) if isinstance(example, dict | list)]
    if structured:
        del part["examples"]
        part["defaultSnippets"] = [{"label": _in_a_line(example), "body": example} for example in structured]
        told = "".join(f"```yaml\n{_in_yaml(example)}```\n" for example in structured)
        part["markdownDescription"] += f"\n\nExample:\n\n{told}"
    for one in (part.get("items"), part.get("additionalProperties"), *part.get("properties", {}).values()):
        _offer_examples(one)


def _in_a_line(example: Any) -> str:
    return yaml.safe_dump(example, default_flow_style=True, sort_keys=False, width=math.inf).rstrip("\n")


def _in_yaml(example: Any) -> str:
    return yaml.safe_dump(example, default_flow_style=False, sort_keys=False, width=math.inf)


@cache
def load() -> dict[str, Any]:
    """The schema of a spec, with its references resolved."""
    return resolved(json.loads(FILE.read_text(encoding="utf-8")))


def resolved(document: dict[str, Any]) -> dict[str, Any]:
    """The schema with each reference replaced by the definition in its $defs."""
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
    """The usable data of a spec, with defaults. A refused value is UNUSABLE, an unknown key is removed.

    `broken` has the top-level keys with refused content: a key that seems absent there may only be misspelt.
    """

    data: Any
    broken: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]


def validate(data: Any, source: Source) -> Checked:
    """Checks `data` against the schema, with all diagnostics; `data` itself is changed."""
    schema = load()
    problems = _problems(data, schema)
    # a value under a refused key is not reported as a second mistake
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
    """The validator's errors; two missing keys of one mapping are two errors, but are explained once."""
    problems: dict[tuple[str, Path, str], Problem] = {}
    for problem in schema_mistakes.find(data, schema):
        problems.setdefault((problem.keyword, problem.path, problem.key or ""), problem)
    return list(problems.values())


def _is_under(path: Path, refused: Container[Path]) -> bool:
    return any(path[:length] in refused for length in range(1, len(path) + 1))


def _touched(problem: Problem) -> set[str]:
    """The top-level keys whose content `problem` makes unreliable."""
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
    """Removes the subject of `problem` from `data`, unless the problem is that it is missing."""
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
    """`data` with the schema's defaults for missing keys; `true` for a mapping means all its defaults."""
    if data is True and {"boolean", "object"} <= set(types_of(schema)):
        data = {}
    if isinstance(data, list):
        items = schema.get("items", {})
        # only entries with defaults of their own are visited
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
    """A default that names other keys, with their values put in; UNUSABLE if one of those is."""
    unusable = any(values.get(name) is UNUSABLE for name in known if f"{{{name}}}" in default)
    return UNUSABLE if unusable else default.format_map(values)
