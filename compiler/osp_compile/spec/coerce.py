"""Converts plain words to values by the type that the schema has at their place, never by their looks alone.

So `change: 0042137`, `name: 2.10` and `not_after: 12:30` stay text, and only `true` and `false` are booleans.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingType
from typing import Any

from osp_compile.diagnostics import Diagnostic, error
from osp_compile.spec.yaml_composer import NULLS
from osp_compile.spec.yaml_tree import Broken, Mapping, Node, Path, Scalar, Sequence, Source

INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?")
LEAVE_OUT = "give it a value, `{}` or `[]` for an empty one, or leave the key out"

Schema = MappingType[str, Any]


class Unusable:
    """A placeholder in the data for a value that was already refused."""

    def __repr__(self) -> str:
        return "UNUSABLE"


UNUSABLE = Unusable()


def coerce(source: Source, schema: Schema) -> tuple[Any, tuple[Diagnostic, ...]]:
    """The tree as dicts, lists and scalars; nulls are refused. References in `schema` must be resolved."""
    diagnostics: list[Diagnostic] = []

    def convert(node: Node, schema: Schema, path: Path) -> Any:
        if isinstance(node, Scalar):
            if node.plain and node.value in NULLS:
                help = LEAVE_OUT if path else "describe the site; specs/examples/minimal.yaml is a beginning"
                span = source.value(path) if node.value else source.key(path)
                diagnostics.append(error("null", f"{describe(path)} has no value", span, help))
                return UNUSABLE
            return _scalar(node, schema)
        if isinstance(node, Mapping):
            properties, others = schema.get("properties", {}), schema.get("additionalProperties") or {}
            return {
                key: convert(value, properties.get(key, others), (*path, key))
                for key, (_, value) in node.entries.items()
            }
        if isinstance(node, Sequence):
            items = schema.get("items", {})
            return [convert(item, items, (*path, index)) for index, item in enumerate(node.items)]
        return UNUSABLE

    root = source.root
    return (UNUSABLE if root is None or isinstance(root, Broken) else convert(root, schema, ())), tuple(diagnostics)


def _scalar(node: Scalar, schema: Schema) -> str | bool | int | float:
    wanted = types_of(schema)
    value = node.value
    if not node.plain or "string" in wanted or not wanted:
        return value
    if "boolean" in wanted and value in {"true", "false"}:
        return value == "true"
    if "integer" in wanted and INTEGER.fullmatch(value):
        return int(value)
    if "number" in wanted and NUMBER.fullmatch(value):
        return int(value) if INTEGER.fullmatch(value) else float(value)
    return value


def types_of(schema: Schema) -> tuple[str, ...]:
    wanted = schema.get("type", ())
    return (wanted,) if isinstance(wanted, str) else tuple(wanted)


def describe(path: Path) -> str:
    """The name of the value at `path` in a message: `` `user` `` or `` entry 2 of `options` ``."""
    if not path:
        return "the file"
    last = path[-1]
    if isinstance(last, str):
        return f"`{last[:60]}`"
    return f"entry {last + 1} of `{path[-2]}`" if len(path) > 1 else f"entry {last + 1}"
