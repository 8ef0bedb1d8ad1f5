"""docs/spec.md: every key of a spec, from specs/site.schema.json, each with its value in tests/cases/valid/every-key/."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from osp_compile.spec.schema import load

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/spec.md"
EXAMPLE = ROOT / "tests/cases/valid/every-key/site.yaml"
INTRODUCTION = """\
# Every key of the spec

A spec is one YAML file that describes the site. Four keys must be there: `version`, `site`, `nodes` and `env_files`. Every other key has a
default, which is the guide's own way wherever the guide has one. `osp-compile check SITE.yaml` says what is wrong, with the line.

The examples are the lines of [one spec that has every key](../tests/cases/valid/every-key/site.yaml). A site needs few of them. Start from
[the smallest](../specs/examples/minimal.yaml).

Made from `specs/site.schema.json`: `pytest --update` writes it.
"""
# a key whose name the site gives, and the entries of a list
ANY, ENTRY = "NAME", "[]"


@dataclass(frozen=True)
class Key:
    """`path` is the way to it, such as ("nodes", "[]", "name"); `schema` what the schema says of it."""

    path: tuple[str, ...]
    schema: Mapping[str, Any]
    required: bool

    @property
    def name(self) -> str:
        """As it is written in a heading: nodes[].name, roles.NAME."""
        return ".".join(self.path).replace(f".{ENTRY}", ENTRY)


def keys(schema: Mapping[str, Any] | None = None, path: tuple[str, ...] = ()) -> Iterator[Key]:
    """Every key, in the schema's order, what is inside a key right after it."""
    part = load() if schema is None else schema
    for name, inner in part.get("properties", {}).items():
        yield Key((*path, name), inner, name in part.get("required", ()))
        yield from keys(inner, (*path, name))
    if isinstance(more := part.get("additionalProperties"), dict):
        yield Key((*path, ANY), more, False)
        yield from keys(more, (*path, ANY))
    if isinstance(items := part.get("items"), dict):
        yield from keys(items, (*path, ENTRY))


def markdown() -> str:
    """The whole page."""
    example = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    return INTRODUCTION + "".join(_section(key, example) for key in keys())


def _section(key: Key, example: Any) -> str:
    level = "##" if len(key.path) == 1 else "###"
    # of angle brackets and asterisks Markdown would make markup
    about = re.sub(r"([<*])", r"\\\1", key.schema.get("description", ""))
    facts = f"Type: {_kind(key.schema)}. {_default(key)}"
    return f"\n{level} `{key.name}`\n\n{about}\n\n{facts}\n\n```yaml\n{_example(example, key.path)}```\n"


def _kind(schema: Mapping[str, Any]) -> str:
    """What may be written, in words."""
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    types = [schema["type"]] if isinstance(schema["type"], str) else list(schema["type"])
    return " or ".join(_words(kind, schema) for kind in types)


def _words(kind: str, schema: Mapping[str, Any]) -> str:
    if kind in ("integer", "number"):
        name = "a whole number" if kind == "integer" else "a number"
        return f"{name} from {schema['minimum']} to {schema['maximum']}"
    if kind == "array":
        items = schema["items"]
        return "a list, each entry " + _kind(items)
    if kind == "string":
        return str(schema.get("x-words", "text"))
    return {"boolean": "`true` or `false`", "object": "a mapping"}[kind]


def _default(key: Key) -> str:
    """What holds where the key is left out, as a sentence."""
    if key.required:
        return "It must be there."
    default = key.schema.get("default", key.schema.get("x-default"))
    if default is None:
        return "It may be left out."
    if default in ([], {}):
        return "Default: empty." if default == [] or "properties" not in key.schema else "Default: those of its keys."
    return f"Default: `{default if isinstance(default, str) else json.dumps(default)}`."


def _example(example: Any, path: tuple[str, ...]) -> str:
    """The key with its value in the example, and the keys that it is under."""
    text = yaml.safe_dump(
        picked(example, path), sort_keys=False, allow_unicode=True, default_flow_style=None, width=110
    )
    # a key alone with a plain value needs no braces
    return re.sub(r"^\{(.*)\}$", r"\1", text, flags=re.MULTILINE)


def picked(example: Any, path: tuple[str, ...]) -> Any:
    """The part of the example along `path`, KeyError where it has none: a spec in which nothing but that key is said."""
    if not path:
        return _shortened(example)
    first, *rest = path
    if first not in (ENTRY, ANY):
        return {first: picked(example[first], tuple(rest))}
    # the first entry that has it
    for name, entry in example.items() if first == ANY else enumerate(example):
        try:
            found = picked(entry, tuple(rest))
        except (KeyError, TypeError):
            continue
        return {name: found} if first == ANY else [found]
    raise KeyError(path)


def _shortened(value: Any) -> Any:
    """Of a long list the first two entries: the example's nodes would fill the page."""
    return value[:2] if isinstance(value, list) else value
