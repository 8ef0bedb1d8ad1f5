"""Places in a world's state, as `hosts.node.units.[httpd.service].active` names them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def lookup(state: Any, path: str) -> Any:
    """The part of the state at `a.b.0.c`; an object in a list may be given by its `name`. KeyError if there is none."""
    for word in words_of(path):
        state = state[_key(state, word)]
    return state


def differing(state: Any, wanted: Mapping[str, Any]) -> Iterator[str]:
    """`PATH is FOUND, not WANTED` for each of {path: value} that differs; a missing value is null."""
    for path, value in wanted.items():
        try:
            found = lookup(state, path)
        except (KeyError, IndexError, TypeError):
            found = None
        if found != value:
            yield f"{path} is {json.dumps(found)}, not {json.dumps(value)}"


def words_of(path: str) -> list[str]:
    """The words of a path like `hosts.node.units.[httpd.service]`: one with dots is in brackets."""
    return [bracketed or plain for bracketed, plain in re.findall(r"\[([^\]]*)\]|([^.]+)", path)]


def assign(state: Any, path: str, value: Any) -> None:
    """Puts a value at `a.b.0.c`; a last word of `+` appends to a list."""
    *parents, last = words_of(path)
    holder: Any = state
    for word in parents:
        holder = holder[_key(holder, word)]
    if isinstance(holder, list) and last == "+":
        holder.append(value)
    elif isinstance(holder, list):
        holder[_key(holder, last)] = value
    else:
        holder[last] = value


def remove(state: Any, path: str) -> None:
    """Removes the part at `a.b.c`, or from a list the entries of this name; a missing one is ignored."""
    *outer, last = words_of(path)
    holder = state
    for word in outer:
        holder = holder[_key(holder, word)]
    if isinstance(holder, list):
        holder[:] = [entry for entry in holder if not (isinstance(entry, dict) and entry.get("name") == last)]
    else:
        holder.pop(last, None)


def below(state: Any, keys: Iterable[str]) -> Any:
    """The part of the state that these keys lead to, through mappings; None if there is none."""
    for key in keys:
        if key not in state:
            return None
        state = state[key]
    return state


def differing_parts(before: Any, after: Any) -> list[tuple[Any, Any, Any]] | None:
    """(key or index, part before, part after) where two mappings, or two lists of one length, differ.

    None for all else, which differs as a whole. A key that one of two mappings lacks has None there.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        parts = [(key, before.get(key), after.get(key)) for key in {**before, **after}]
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        parts = list(zip(range(len(before)), before, after, strict=True))
    else:
        return None
    return [part for part in parts if part[1] != part[2]]


def _key(holder: Any, word: str) -> Any:
    if isinstance(holder, list):
        if word.lstrip("-").isdigit():
            return int(word)
        for index, entry in enumerate(holder):
            if isinstance(entry, dict) and entry.get("name") == word:
                return index
        raise KeyError(word)
    return word
