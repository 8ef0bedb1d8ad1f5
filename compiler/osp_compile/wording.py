"""What the schema refuses, in words that say where it is wrong and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from osp_compile.coerce import Schema, describe, types_of
from osp_compile.errors import Diagnostic, error, nearest, quoted
from osp_compile.tree import Path, Source

TYPES = {
    "object": "a mapping `key: value`",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}
YES_AND_NO = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


@dataclass(frozen=True)
class Problem:
    """A value at `path`, or the key `key` of a mapping there, that breaks the rule `keyword` of its schema."""

    keyword: str
    path: Path
    key: str | None
    value: Any
    limit: Any
    schema: Schema


def explain(problem: Problem, source: Source) -> Iterator[Diagnostic]:
    """The diagnostics for one problem: as many as there are mistakes in it."""
    if problem.keyword == "required":
        yield from _missing(problem, source)
    elif problem.keyword == "additionalProperties":
        yield from _unknown(problem, source)
    elif problem.key is not None:
        yield _key(problem, source)
    else:
        yield _value(problem, source)


def _missing(problem: Problem, source: Source) -> Iterator[Diagnostic]:
    known = problem.schema["properties"]
    unknown = [key for key in problem.value if key not in known]
    meant = {nearest(key, known) for key in unknown}
    for key in problem.schema["required"]:
        # a misspelt key is one mistake, told where it is misspelt
        if key not in problem.value and key not in meant:
            span = source.key(problem.path) if problem.path else source.whole()
            words = known[key].get("x-words") or known[key]["description"].rstrip(".")
            yield error(
                "missing-key", f"the key `{key}` is missing", span, f"add `{key}:` {words[:1].lower()}{words[1:]}"
            )


def _unknown(problem: Problem, source: Source) -> Iterator[Diagnostic]:
    known = problem.schema["properties"]
    where = f" in {describe(problem.path)}" if problem.path else ""
    for key in problem.value:
        if key not in known:
            near = nearest(key, known)
            all_keys = (
                f"the keys here are {_listed(known, 'and')}" if len(known) < 10 else "`osp-compile schema` lists all"
            )
            help = f"did you mean `{near}`?" if near else all_keys
            yield error("unknown-key", f"unknown key {quoted(key)}{where}", source.key((*problem.path, key)), help)


def _key(problem: Problem, source: Source) -> Diagnostic:
    words = str(problem.schema.get("x-words"))
    if problem.keyword == "maxLength":
        words = f"at most {problem.limit} characters long"
    key = problem.key or ""
    span = source.key((*problem.path, key))
    return error("invalid-key", f"a key of {describe(problem.path)} must be {words}, not {quoted(key)}", span)


def _value(problem: Problem, source: Source) -> Diagnostic:
    name, value, limit = describe(problem.path), problem.value, problem.limit
    span = source.value(problem.path)
    match problem.keyword:
        case "type":
            wanted = " or ".join(TYPES[word] for word in types_of(problem.schema))
            message = f"{name} must be {wanted}, not {_shown(value)}"
            return error("wrong-type", message, span, _type_help(value, problem.schema))
        case "enum":
            choices = [str(choice) for choice in limit]
            near = nearest(str(value), choices)
            message = f"{name} must be {_listed(choices, 'or')}, not {_shown(value)}"
            return error(
                "invalid-value", message, span, f"did you mean `{near}`?" if near and len(choices) > 1 else None
            )
        case "pattern":
            words = problem.schema["x-words"]
            message = f"{name} must be {words}, not {quoted(value)}"
            return error("invalid-value", message, span, _pattern_help(value, words))
        case "minimum" | "maximum":
            bound = "least" if problem.keyword == "minimum" else "most"
            return error("out-of-range", f"{name} must be at {bound} {limit}, not {value}", span)
        case "maxLength":
            return error("too-long", f"{name} has {len(value)} characters, at most {limit} are allowed", span)
        case "maxItems":
            return error("too-long", f"{name} has {len(value)} entries, at most {limit} are allowed", span)
        case _:
            help = f"the schema says: {problem.schema.get('description', problem.keyword)}"
            return error("empty-value", f"{name} is empty", span, help.rstrip("."))


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, str) and value.strip("-").replace(".", "", 1).isdigit():
        return f"the text {quoted(value)}"
    return quoted(str(value).lower() if isinstance(value, bool) else str(value))


def _type_help(value: Any, schema: Schema) -> str | None:
    wanted = types_of(schema)
    if not isinstance(value, str):
        return None
    if "boolean" in wanted and value.lower() in {*YES_AND_NO, "true", "false"}:
        return f"write `{YES_AND_NO.get(value.lower(), value.lower())}` without quotes"
    if {"integer", "number"} & set(wanted) and value.strip("-").replace(".", "", 1).isdigit():
        return "write a decimal number without quotes and leading zeros"
    if "array" in wanted:
        return f"write `[{value}]`" if len(value) <= 40 and value.isprintable() else "write each entry after `- `"
    return None


def _pattern_help(value: str, words: str) -> str | None:
    if "absolute" not in words:
        return None
    if value.startswith("~") or "$" in value[:1]:
        return "nothing is expanded here; write the path out"
    if value.startswith("-"):
        return "what begins with `-` would be read as an option"
    if any(part in {".", ".."} for part in value.split("/")[1:]):
        return "write the path without `.` and `..`"
    return "name the file, not its directory" if value.endswith("/") else "begin it with `/`"


def _listed(words: Iterable[str], last: str) -> str:
    shown = [f"`{word}`" for word in words]
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}" if len(shown) > 1 else shown[0]
