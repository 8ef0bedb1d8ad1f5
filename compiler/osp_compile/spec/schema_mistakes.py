"""Finds every mistake that data makes against a schema, walking down both at once.

jsonschema judges each value. The walk from a value to those within it is done here, because jsonschema makes a new
validator for each of them, which takes longer than judging it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from osp_compile.spec.coerce import Schema
from osp_compile.spec.schema_messages import Problem
from osp_compile.spec.yaml_tree import Path


def find(data: Any, schema: Schema, path: Path = ()) -> list[Problem]:
    """The mistakes, outer ones before inner ones. References in `schema` must be resolved; `path` leads to `data`."""
    walk = _Walk()
    walk.visit(data, schema, path)
    return walk.found


def _elsewhere(*_: Any) -> Iterator[ValidationError]:
    """Finds nothing: values further down are visited by the walk."""
    return iter(())


def _closed(_: Any, others: Any, value: Any, schema: Schema) -> Iterator[ValidationError]:
    if others is False and isinstance(value, dict) and not value.keys() <= schema["properties"].keys():
        yield ValidationError("unknown keys")


# A test makes sure that the schema uses no other keyword that applies to inner values.
FLAT: Any = extend(  # type: ignore[no-untyped-call]  # its stub says no types
    Draft202012Validator,
    {"properties": _elsewhere, "items": _elsewhere, "propertyNames": _elsewhere, "additionalProperties": _closed},
)


class _Walk:
    """One walk; it caches a validator for each part of the schema, by identity, so the schema must outlive it."""

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self._validators: dict[int, Any] = {}

    def visit(self, value: Any, schema: Schema, path: Path) -> None:
        self._judge(value, schema, path)
        if isinstance(value, dict):
            self._enter(value, schema, path)
        elif isinstance(value, list) and "items" in schema:
            for index, item in enumerate(value):
                self.visit(item, schema["items"], (*path, index))

    def _enter(self, value: dict[str, Any], schema: Schema, path: Path) -> None:
        properties = schema.get("properties", {})
        names, others = schema.get("propertyNames"), schema.get("additionalProperties")
        for key, inner in value.items():
            if names is not None:
                self._judge(key, names, path, key)
            part = properties.get(key, others)
            if isinstance(part, dict):
                self.visit(inner, part, (*path, key))

    def _judge(self, value: Any, schema: Schema, path: Path, key: str | None = None) -> None:
        validator = self._validators.get(id(schema))
        if validator is None:
            validator = self._validators[id(schema)] = FLAT(schema)
        for error in validator.iter_errors(value):
            self.found.append(Problem(str(error.validator), path, key, value, error.validator_value, schema))
