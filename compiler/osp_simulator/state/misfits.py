"""Checks that the state has a place, and that a value may be put there, by the types of its parts."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from osp_simulator.state import State
from osp_simulator.state.places import words_of
from osp_simulator.state.site import Site

NAMES = {str: "text", bool: "true or false", int: "a whole number", float: "a number", type(None): "null"}
ABSENT = object()


def misfit(path: str, value: Any = ABSENT) -> str | None:
    """Why there is no place `a.b.0.c`, or why it cannot have this value; None if all is well."""
    hint: Any = State
    words = words_of(path)
    for number, word in enumerate(words):
        below = [found for one in _alternatives(hint) if (found := _below(one, word)) is not None]
        if not below:
            return _unknown(path, hint, word, words[:number])
        hint = below[0]
    return None if value is ABSENT else next(faults(hint, value, path), None)


def faults(hint: Any, value: Any, path: str) -> Iterator[str]:
    """Each place in a value that does not match its type."""
    alternatives = _alternatives(hint)
    if Any in alternatives or (value is None and type(None) in alternatives):
        return
    alternatives = tuple(one for one in alternatives if one is not type(None)) or alternatives
    yield from min((list(_faults_of_one(one, value, path)) for one in alternatives), key=len)


def _faults_of_one(hint: Any, value: Any, path: str) -> Iterator[str]:
    origin = get_origin(hint)
    if is_typeddict(hint) or origin is dict:
        if isinstance(value, dict):
            yield from _faults_of_mapping(hint, value, path)
        else:
            yield f"{path} is a mapping, not {value!r}"
    elif origin is list:
        if isinstance(value, list):
            for number, one in enumerate(value):
                yield from faults(get_args(hint)[0], one, f"{path}.{number}")
        else:
            yield f"{path} is a list, not {value!r}"
    elif origin is Literal:
        if value not in get_args(hint):
            yield f"{path} is one of {', '.join(map(str, get_args(hint)))}, not {value!r}"
    elif not _is_of(hint, value):
        yield f"{path} is {NAMES[hint]}, not {value!r}"


def _faults_of_mapping(hint: Any, value: dict[Any, Any], path: str) -> Iterator[str]:
    fields = _fields(hint) if is_typeddict(hint) else dict.fromkeys(value, get_args(hint)[1])
    for key, one in value.items():
        place = f"{path}.{key}" if path else str(key)
        if key in fields:
            yield from faults(fields[key], one, place)
        elif not _is_open(hint):
            yield _stranger(place, str(key), fields)
    if is_typeddict(hint):
        missing = sorted(_required(hint) - value.keys())
        yield from (f"{path}.{key} is missing" if path else f"{key} is missing" for key in missing)


def _is_of(hint: Any, value: Any) -> bool:
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is hint


def _alternatives(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _below(hint: Any, word: str) -> Any:
    """The type of the entry under this word; None if there is none."""
    if hint is Any:
        return Any
    if is_typeddict(hint):
        return _fields(hint).get(word, Any if _is_open(hint) else None)
    return get_args(hint)[-1] if get_origin(hint) in (dict, list) else None


def _unknown(path: str, hint: Any, word: str, before: list[str]) -> str:
    owners = [one for one in _alternatives(hint) if is_typeddict(one)]
    if not owners:
        return f"{path}: nothing lies below {'.'.join(before)}"
    return _stranger(path, word, _fields(owners[0]))


def _stranger(path: str, word: str, fields: dict[str, Any]) -> str:
    near = difflib.get_close_matches(word, fields, n=1)
    meant = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(sorted(fields))}"
    return f"{path}: there is no key {word}{meant}"


def _is_open(hint: Any) -> bool:
    """Whether a mapping may have keys that its type does not name: the spec has many that the simulator never reads."""
    return is_typeddict(hint) and hint.__module__ == Site.__module__


@cache
def _required(hint: Any) -> frozenset[str]:
    # (of annotations that are still text, `__required_keys__` has the NotRequired ones too; those of a class that is
    # total=False are in `__optional_keys__`)
    hints = get_type_hints(hint, include_extras=True)
    optional: frozenset[str] = hint.__optional_keys__
    return frozenset(key for key, one in hints.items() if get_origin(one) is not NotRequired) - optional


@cache
def _fields(hint: Any) -> dict[str, Any]:
    return get_type_hints(hint)
