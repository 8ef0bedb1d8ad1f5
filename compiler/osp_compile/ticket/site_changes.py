"""The differences between the values of two specs, as two manifests have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from osp_compile.ticket.texts import moved

# {place in the manifest: key of the spec} if they are named differently
KEYS = {
    "name": "site.name", "change": "site.change", "stack": "site.stack", "language": "site.language",
    "waivers": "waive", "accepted_ceph": "accept.ceph",
}  # fmt: skip
# Lists whose rows have names: {place: key of the name}; None if a row is its own name.
LISTS: Mapping[str, str | None] = {
    "nodes": "name", "env_files": None, "waivers": "step", "accepted_ceph": "check", "nfv.instances": "server",
    "contacts": "who",
}  # fmt: skip
MAPPINGS = ("compute_reboot.targets",)
ORDERED = ("nodes", "env_files")


@dataclass(frozen=True)
class Value:
    """A value of the spec, or a fact of a section or a step, before and after; None if there is none."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Entry:
    """A row of the list or mapping `key` that is added, removed, changed or moved; `at` are its positions, from 1."""

    key: str
    name: str
    what: str
    before: Any
    after: Any
    at: tuple[int | None, int | None]


def values(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Value, ...]:
    """The single values that differ, in the newer manifest's order; lists that are compared by row are left out."""
    old, new = dict(_flat(before)), dict(_flat(after))
    found = [
        Value(KEYS.get(key, key), old.get(key), new.get(key))
        for key in {**new, **old}
        if _differ(old.get(key), new.get(key))
    ]
    # keys below one that is switched off are not compared
    whole = {value.key for value in found if isinstance(value.before, bool) or isinstance(value.after, bool)}
    return tuple(value for value in found if value.key.rpartition(".")[0] not in whole)


def _differ(before: Any, after: Any) -> bool:
    # an older manifest leaves out what a newer one writes as an empty list
    return (before or None) != (after or None) or isinstance(before, bool) != isinstance(after, bool)


def _flat(site: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in site.items():
        name = f"{place}{key}"
        if name in LISTS or name in MAPPINGS:
            continue
        if name == "nfv":
            yield name, isinstance(value, dict)
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        elif name != "nfv":
            yield name, value


def entries(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Entry, ...]:
    """The rows that are added, removed, changed or moved."""
    return tuple(entry for key in (*LISTS, *MAPPINGS) for entry in _entries(key, _rows(before, key), _rows(after, key)))


def _entries(key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Entry]:
    places = {name: at for at, name in enumerate(old, 1)}, {name: at for at, name in enumerate(new, 1)}
    elsewhere = moved([*old], [*new]) if key in ORDERED else frozenset()
    for name in {**new, **old}:
        if name not in old:
            what = "added"
        elif name not in new:
            what = "removed"
        elif old[name] != new[name]:
            what = "changed"
        elif name in elsewhere:
            what = "moved"
        else:
            continue
        at = places[0].get(name), places[1].get(name)
        yield Entry(KEYS.get(key, key), name, what, old.get(name), new.get(name), at)


def _rows(site: Mapping[str, Any], key: str) -> dict[str, Any]:
    """{name: row without its name}; a second row of that name is `NAME (2)`."""
    value: Any = site
    for word in key.split("."):
        value = value.get(word) if isinstance(value, dict) else None
    if key in MAPPINGS:
        return dict(value) if isinstance(value, dict) else {}
    found: dict[str, Any] = {}
    counts: dict[str, int] = {}
    for row in value if isinstance(value, list) else ():
        name, rest = _named(row, LISTS[key])
        counts[name] = counts.get(name, 0) + 1
        found[name if counts[name] == 1 else f"{name} ({counts[name]})"] = rest
    return found


def _named(row: Any, by: str | None) -> tuple[str, Any]:
    if by is None or not isinstance(row, dict):
        return str(row), None
    return str(row.get(by)), {key: value for key, value in row.items() if key != by}
