"""Messages for what the schema refuses: where it is wrong and what to write instead."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from osp_compile.diagnostics import Diagnostic, Span, error, nearest, quoted
from osp_compile.spec.coerce import INTEGER, NUMBER, Schema, describe, types_of
from osp_compile.spec.yaml_tree import Path, Source

TYPES = {
    "object": "a mapping `key: value`",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}
YES_AND_NO = {
    **dict.fromkeys(("yes", "on", "y", "true", "1"), "true"),
    **dict.fromkeys(("no", "off", "n", "false", "0"), "false"),
}
FROM_ROOT = "begin it with `/`"
BOOLEAN = re.compile("true|false")
# the most unknown keys of one mapping that get a suggestion, since comparing takes time
COMPARED = 100


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
    """The diagnostics for one problem, which may hold several mistakes."""
    if problem.keyword == "required":
        yield from _missing(problem, source)
    elif problem.keyword == "additionalProperties":
        yield from _unknown(problem, source)
    elif problem.key is not None:
        yield _key(problem, source)
    else:
        yield _value(problem, source)


def meant(value: Iterable[str], known: Iterable[str]) -> dict[str, str | None]:
    """{unknown key of a mapping: the known key that was most likely meant, or None}.

    If there are very many, only the first ones are compared.
    """
    unknown = [key for key in value if key not in known]
    return {key: nearest(key, known) if number < COMPARED else None for number, key in enumerate(unknown)}


def _missing(problem: Problem, source: Source) -> Iterator[Diagnostic]:
    """One diagnostic for all missing keys of a mapping; a misspelt key is reported at its place, not here."""
    known = problem.schema["properties"]
    near = set(meant(problem.value, known).values())
    lacking = [key for key in problem.schema["required"] if key not in problem.value and key not in near]
    if not lacking:
        return
    span = source.key(problem.path) if problem.path else source.whole()
    help = "`osp-compile schema` describes them"
    if len(lacking) == 1:
        words = known[lacking[0]].get("x-words") or known[lacking[0]]["description"].rstrip(".")
        help = f"add `{lacking[0]}:` {words[:1].lower()}{words[1:]}"
    message = (
        f"the key `{lacking[0]}` is missing" if len(lacking) == 1 else f"the keys {_listed(lacking, 'and')} are missing"
    )
    yield error("missing-key", message, span, help)


def _unknown(problem: Problem, source: Source) -> Iterator[Diagnostic]:
    known = problem.schema["properties"]
    where = f" in {describe(problem.path)}" if problem.path else ""
    all_keys = f"the keys here are {_listed(known, 'and')}" if len(known) < 10 else "`osp-compile schema` lists all"
    for key, near in meant(problem.value, known).items():
        help = _nested(key, problem.schema) or (f"did you mean `{near}`?" if near else all_keys)
        yield error("unknown-key", f"unknown key {quoted(key)}{where}", source.key((*problem.path, key)), help)


def _nested(key: str, schema: Schema) -> str | None:
    """The help for `services.volumes`, as the scripts and the documentation call a key within a key; None otherwise."""
    words = key.split(".")
    part: Any = schema
    for word in words:
        part = part.get("properties", {}).get(word)
        if part is None:
            return None
    inner = f"{words[-1]}: ..."
    for word in reversed(words[1:-1]):
        inner = f"{word}: {{{inner}}}"
    return f"write it among the keys of `{words[0]}`: `{words[0]}: {{{inner}}}`" if len(words) > 1 else None


def _key(problem: Problem, source: Source) -> Diagnostic:
    words = str(problem.schema.get("x-words"))
    if problem.keyword == "maxLength":
        words = f"at most {problem.limit} characters long"
    key = problem.key or ""
    span = source.key((*problem.path, key))
    return error("invalid-key", f"a key of {describe(problem.path)} must be {words}, not {quoted(key)}", span)


def _value(problem: Problem, source: Source) -> Diagnostic:
    explain_value = BY_KEYWORD.get(problem.keyword, _empty)
    return explain_value(problem, describe(problem.path), source.value(problem.path))


def _wrong_type(problem: Problem, name: str, span: Span) -> Diagnostic:
    types = types_of(problem.schema)
    wanted = " or ".join(TYPES[word] for word in types)
    message = f"{name} must be {wanted}, not {_shown(problem.value, types)}"
    return error("wrong-type", message, span, _type_help(problem.value, problem.schema) or _example(problem))


def _no_choice(problem: Problem, name: str, span: Span) -> Diagnostic:
    choices = [str(choice) for choice in problem.limit]
    near = nearest(str(problem.value), choices)
    message = f"{name} must be {_listed(choices, 'or')}, not {_shown(problem.value)}"
    return error("invalid-value", message, span, f"did you mean `{near}`?" if near and len(choices) > 1 else None)


def _no_match(problem: Problem, name: str, span: Span) -> Diagnostic:
    words = problem.schema["x-words"]
    help = _pattern_help(problem.value, words) or _host_help(problem.value, problem.schema)
    if help == FROM_ROOT and problem.path[0] in {"env_files", "deploy"} and problem.path[-1] != "directory":
        help = f"{FROM_ROOT}, or say the folder of the deploy command's call: `deploy: {{directory: ...}}`"
    return error("invalid-value", f"{name} must be {words}, not {quoted(problem.value)}", span, help)


def _out_of_range(problem: Problem, name: str, span: Span) -> Diagnostic:
    bound = "least" if problem.keyword == "minimum" else "most"
    return error("out-of-range", f"{name} must be at {bound} {problem.limit}, not {problem.value}", span)


def _too_long(problem: Problem, name: str, span: Span) -> Diagnostic:
    parts = "characters" if problem.keyword == "maxLength" else "entries"
    message = f"{name} has {len(problem.value)} {parts}, at most {problem.limit} are allowed"
    return error("too-long", message, span)


def _empty(problem: Problem, name: str, span: Span) -> Diagnostic:
    if problem.value and problem.keyword == "minItems":
        return error("empty-value", f"{name} has too few entries, {problem.limit} are needed", span)
    help = "list at least one" if isinstance(problem.value, list) else "write at least one character"
    return error("empty-value", f"{name} is empty", span, help)


BY_KEYWORD: Mapping[str, Callable[[Problem, str, Span], Diagnostic]] = {
    "type": _wrong_type,
    "enum": _no_choice,
    "pattern": _no_match,
    "minimum": _out_of_range,
    "maximum": _out_of_range,
    "maxLength": _too_long,
    "maxItems": _too_long,
}


def _shown(value: Any, wanted: Iterable[str] = ()) -> str:
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, str) and _needs_no_quotes(value, wanted):
        return f"the text {quoted(value)}"
    return quoted(str(value).lower() if isinstance(value, bool) else str(value))


def _needs_no_quotes(value: str, wanted: Iterable[str]) -> bool:
    """Whether the text would be valid without quotes, so that the quotes are the mistake."""
    patterns = {"boolean": BOOLEAN, "integer": INTEGER, "number": NUMBER}
    return any(pattern.fullmatch(value) for kind, pattern in patterns.items() if kind in wanted)


def _type_help(value: Any, schema: Schema) -> str | None:
    wanted = types_of(schema)
    if not isinstance(value, str):
        return None
    if _needs_no_quotes(value, wanted):
        return "write it without quotes"
    if "boolean" in wanted and value.lower() in YES_AND_NO:
        return f"write `{YES_AND_NO[value.lower()]}`"
    if "array" in wanted:
        return f"write `[{value}]`" if len(value) <= 40 and value.isprintable() else "write each entry after `- `"
    if {"integer", "number"} & set(wanted) and value.startswith(("0", "-0")) and value.strip("-").isdigit():
        return f"write `{int(value)}`, without leading zeros"
    return None


def _example(problem: Problem) -> str | None:
    """How a list or a mapping is written that something else was put in the place of."""
    examples = problem.schema.get("examples", ())
    if not examples or not isinstance(examples[0], list | dict):
        return None
    text = _in_one_line(json.dumps(examples[0]))
    key = problem.path[-1] if problem.path else None
    return f"such as `{key}: {text}`" if isinstance(key, str) else f"such as `{text}`"


@lru_cache(maxsize=64)  # a thousand nodes have the same mistake
def _in_one_line(example: str) -> str:
    """An example, given as JSON, as people write it in YAML."""
    data = json.loads(example)
    return yaml.safe_dump(data, default_flow_style=True, width=1000, allow_unicode=True, sort_keys=False).strip()


def _pattern_help(value: str, words: str) -> str | None:
    """The help for an invalid path; None for other kinds of values, whose message is enough."""
    if not words.startswith("an absolute"):
        return None
    if value.startswith(("~", "$")):
        return "nothing is expanded here; write the path out"
    if value.startswith("-"):
        return "what begins with `-` would be read as an option"
    if any(part in {".", ".."} for part in value.split("/")[1:]):
        return "write the path without `.` and `..`"
    if "@" in words:
        return _remote_help(value)
    return "name the file, not its directory" if value.endswith("/") else FROM_ROOT


def _host_help(value: str, schema: Schema) -> str | None:
    """The help for a server's name that no host can have: its host has another, which the scripts need."""
    if not str(schema["x-words"]).startswith("a short host name"):
        return None
    name = re.sub("[^A-Za-z0-9-]", "", re.sub("[ _]", "-", value.partition(".")[0])).strip("-")
    if not re.search(str(schema["pattern"]), name):
        return None
    if re.fullmatch(r"\w[\w.-]*", value, re.ASCII) is None:
        return f"write the name that its host has, which may be `{name}`"
    rename = f"openstack server set --name {name} {value}"
    return f"write `{name}`, its host's own name; if the undercloud lists it otherwise, rename it there: `{rename}`"


def _remote_help(value: str) -> str:
    user, at, host = value.rpartition("@")
    if at and ":" in user:
        return "no password is given here; the copy is made with a key"
    if "[" not in value and host.count(":") > 1:
        return "put the IPv6 address in brackets"
    return "add `:` and the folder on that host" if at and ":" not in host else "write it in one of these three ways"


def _listed(words: Iterable[str], last: str) -> str:
    shown = [f"`{word}`" for word in words]
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}" if len(shown) > 1 else shown[0]
