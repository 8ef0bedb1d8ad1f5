"""What an editor shows of the schema: every key is described, has an example, and says what its values mean."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest
import yaml
from jsonschema import Draft202012Validator

from osp_compile.spec import schema
from osp_compile.spec.model import Site

EXAMPLES = schema.FILE.parent / "examples"
MODELINE = "# yaml-language-server: $schema=site.schema.json\n"


def keys(part: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any], bool]]:
    """(path, schema, whether it must be given) of every key, and of every entry of a list or a free mapping."""
    for key, inner in part.get("properties", {}).items():
        yield f"{path}{key}", inner, key in part.get("required", ())
        yield from keys(inner, f"{path}{key}.")
    for word in ("items", "additionalProperties"):
        inner = part.get(word)
        if isinstance(inner, dict):
            yield f"{path}[]", inner, True
            yield from keys(inner, f"{path}[].")


def patterns(part: Any) -> Iterator[dict[str, Any]]:
    """Every schema within one that has a pattern."""
    if isinstance(part, list):
        for entry in part:
            yield from patterns(entry)
    elif isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            yield part
        for inner in part.values():
            yield from patterns(inner)


def may_be_none(path: str) -> bool:
    """Whether the field of this key is `X | None` in the model: without the key it is None."""
    shapes: tuple[Any, ...] = (Site,)
    for name in path.split("."):
        group = next(filter(is_dataclass, shapes), None)
        shape = get_type_hints(group).get(name) if group else None
        shapes = get_args(shape) or (shape,)
    return NoneType in shapes


KEYS = list(keys(schema.load()))
# what is so unless the spec says otherwise depends on the roles or the deploy command, and its description says how
WITHOUT_DEFAULT = re.compile(r"deploy\.directory|roles\.\[\]\.\w+")


@pytest.mark.parametrize(("path", "part", "required"), KEYS, ids=[path for path, _, _ in KEYS])
def test_every_key_is_explained(path: str, part: dict[str, Any], required: bool) -> None:
    assert part["description"].endswith(".")
    assert part["examples"]
    for example in part["examples"]:
        Draft202012Validator(part).validate(example)
    assert required or "default" in part or "x-default" in part or may_be_none(path) or WITHOUT_DEFAULT.fullmatch(path)
    if "enum" in part:
        assert len(part["markdownEnumDescriptions"]) == len(part["enum"])
        assert all(words.endswith(".") for words in part["markdownEnumDescriptions"])


def test_an_example_that_is_a_mapping_or_a_list_is_published_as_a_snippet() -> None:
    published = {path: part for path, part, _ in keys(json.loads(schema.text()))}
    for path, part, _ in KEYS:
        structured = [example for example in part["examples"] if isinstance(example, dict | list)]
        snippets = published[path].get("defaultSnippets", [])
        assert [one["body"] for one in snippets] == structured
        assert all(yaml.safe_load(one["label"]) == one["body"] for one in snippets)
        assert not any(isinstance(one, dict | list) for one in published[path].get("examples", ()))
        assert "$" not in json.dumps(structured), "an editor would take it for a place to fill in"


def test_every_pattern_says_in_words_what_it_wants() -> None:
    found = list(patterns(json.loads(schema.FILE.read_text("utf-8"))))
    assert len(found) > 10
    for part in found:
        assert part["patternErrorMessage"] == f"must be {part['x-words']}"
    assert all("patternErrorMessage" in part for part in patterns(json.loads(schema.text())))


@pytest.mark.parametrize("spec", sorted(EXAMPLES.glob("*.yaml")), ids=lambda spec: str(spec.stem))
def test_an_example_names_its_schema(spec: Path) -> None:
    assert spec.read_text("utf-8").startswith(MODELINE)
    assert (EXAMPLES / "site.schema.json").read_bytes() == schema.FILE.read_bytes()


@pytest.mark.parametrize(
    ("key", "value", "right"),
    [
        (("site", "change"), 42137, True),
        (("site", "change"), True, False),
        (("site", "stack"), 7, False),
        (("mongodb",), False, True),
        (("mongodb",), "false", True),
        (("mongodb",), 1, False),
        (("services", "haproxy"), True, True),
        (("deploy", "extra_args"), ["--compute-scale", 3], True),
    ],
)
def test_an_editor_takes_a_plain_word_where_the_compiler_reads_text(
    key: tuple[str, ...], value: object, right: bool
) -> None:
    """`change: 0042137` is a number for an editor."""
    spec: object = value
    for word in reversed(key):
        spec = {word: spec}
    published = Draft202012Validator(json.loads(schema.text()))
    refused = [error for error in published.iter_errors(spec) if tuple(error.path) == key]
    assert (refused == []) is right
