"""Says what a command has changed: files of a host, and places of the site's state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

RECORD = "record"
RECORDS = "var/lib/osp-runbook/"  # this change's records on a node, by which a run that was cut is continued
VERBS = {"made": "makes", "changed": "writes", "removed": "removes"}
FILES = 3  # the most files that are named; of more only their folder is
SHOWN = 4  # the most changes that are named
# Keys that only show the progress of a change; and phrases that repeat a narrower one.
PASSING = ("task_state", "updated", "updated_at", "at", "sub")
WIDE = ("nova overcloud", "neutron overcloud")
Change = tuple[Sequence[str], Any, Any]


def of_files(files: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Phrases for the files that were made, changed and removed; records of this change are one phrase."""
    kinds: dict[str, list[str]] = defaultdict(list)
    found = [*files]
    for how, name in found:
        if not name.startswith(RECORDS):
            kinds[VERBS[how]].append(f"/{name}")
    if any(name.startswith(RECORDS) for _, name in found):
        yield RECORD
    for verb, names in kinds.items():
        if len(names) <= FILES:
            yield f"{verb} {', '.join(names)}"
        else:
            yield f"{verb} {len(names)} files under {_common(names)}"


def _common(names: Sequence[str]) -> str:
    """The deepest folder that contains all of them."""
    parts = [name.split("/")[:-1] for name in names]
    shared = []
    for words in zip(*parts, strict=False):
        if len(set(words)) > 1:
            break
        shared.append(words[0])
    return "/".join(shared) or "/"


def of_places(changed: Iterable[Change], host: str) -> Iterator[str]:
    """Phrases for the places of the site's state that differ, each once; the longest lists are cut."""
    rows = [*changed]
    down = [place[1] for place, _, now in rows if (place[0], place[-1]) == ("hosts", "up") and not now]
    if down:
        yield f"{', '.join(down)} goes down, and all that runs there"
        return
    found = _phrases(rows)
    phrases = [_on(text, names, host) for text, names in found.items() if text not in WIDE or len(found) == 1]
    yield from phrases[:SHOWN]
    if len(phrases) > SHOWN:
        yield f"and {len(phrases) - SHOWN} more"


def _phrases(rows: Iterable[Change]) -> dict[str, list[str]]:
    """{what happened to a place: the hosts that it is of, each once}."""
    found: dict[str, list[str]] = {}
    for place, was, now in rows:
        if place[-1] in PASSING:
            continue
        text, name = _phrase(place, was, now)
        names = found.setdefault(text, [])
        if name and name not in names:
            names.append(name)
    return found


def _on(text: str, names: Sequence[str], host: str) -> str:
    if not names or [*names] == [host]:
        return text
    return f"{text} on {', '.join(names) if len(names) <= FILES else f'{len(names)} hosts'}"


def _phrase(place: Sequence[str], was: Any, now: Any) -> tuple[str, str]:
    """(what happened to one place of the state, its host), the host empty if it belongs to no single one."""
    part, *rest = place
    if part == "hosts" and len(rest) > 1:
        return _of_host(rest[1:], was, now), rest[0]
    if part in ("rabbit", "galera", "redis", "mongo", "haproxy"):
        return (part, rest[1]) if len(rest) > 1 else (" ".join(place), "")
    if part in WORDS:
        return WORDS[part](rest, was, now), ""
    return " ".join(place[:3]) + (f": {_value(was)} to {_value(now)}" if len(place) < 4 else ""), ""


def _of_ceph(rest: Sequence[str], was: Any, now: Any) -> str:
    match [*rest]:
        case ["flags"] if isinstance(was, list) and isinstance(now, list):
            return _of_flags(was, now)
        case ["config_keys", *key]:
            return f"claim {'.'.join(key)} {'removed' if now is None else 'set'}"
    return f"ceph {' '.join(rest[:1])}".rstrip()


def _of_flags(was: Sequence[str], now: Sequence[str]) -> str:
    made, gone = [one for one in now if one not in was], [one for one in was if one not in now]
    return f"Ceph flag {', '.join(made or gone)} {'set' if made else 'removed'}"


def _of_pacemaker(rest: Sequence[str], was: Any, now: Any) -> str:
    match [*rest]:
        case ["properties", name] if name.startswith("osp-runbook-"):
            return f"claim {name} {'removed' if now is None else 'set'}"
        case ["properties", name]:
            return f"cluster property {name}: {_value(was)} to {_value(now)}"
        case ["nodes", name, "online" | "left" as key]:
            return f"{name} {'joins' if bool(now) == (key == 'online') else 'leaves'} the cluster"
        case ["resources", *_]:
            return "cluster resources stop or move"
    return f"pacemaker {' '.join(rest[:2])}".rstrip()


def _of_nova(rest: Sequence[str], was: Any, now: Any) -> str:
    match [*rest]:
        case [_, "servers", name, *key]:
            return f"instance {name}: {' '.join(key[-1:])} {_value(was)} to {_value(now)}"
        case [_, "services", *key]:
            return f"compute service: {key[-1]} {_value(was)} to {_value(now)}"
    return f"nova {' '.join(rest[:1])}".rstrip()


WORDS: Mapping[str, Callable[[Sequence[str], Any, Any], str]] = {
    "ceph": _of_ceph,
    "pacemaker": _of_pacemaker,
    "nova": _of_nova,
}


def _of_host(rest: Sequence[str], was: Any, now: Any) -> str:
    match [*rest]:
        case ["units", _, "active" | "sub"]:
            return f"services {'stop' if now in ('inactive', 'dead', 'failed') else 'start'}"
        case ["units", *_]:
            return "services"
        case ["packages" | "updated" | "offers" | "offered" | "yum_history" | "held", *_]:
            return "packages"
        case ["kernel" | "openvswitch" as key, *_]:
            return f"{key} installed"
    return f"{rest[0].replace('_', ' ')}: {_value(was)} to {_value(now)}"


def _value(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
