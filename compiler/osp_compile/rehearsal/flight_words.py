"""Says what a command has changed: files of a host, and places of the site's state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from osp_compile.rehearsal.flight_wording import Language, said

RECORDS = "var/lib/osp-runbook/"  # this change's records on a node, by which a run that was cut is continued
FILES = 3  # the most files that are named; of more only their folder is
SHOWN = 4  # the most changes that are named
# Keys that only show the progress of a change; and phrases that repeat a narrower one.
PASSING = ("task_state", "updated", "updated_at", "at", "sub")
WIDE = ("nova overcloud", "neutron overcloud")
Change = tuple[Sequence[str], Any, Any]


def of_files(files: Iterable[tuple[str, str]], language: Language = "en") -> Iterator[str]:
    """Phrases for the files that were made, changed and removed; records of this change are one phrase."""
    kinds: dict[str, list[str]] = defaultdict(list)
    found = [*files]
    for how, name in found:
        if not name.startswith(RECORDS):
            kinds[how].append(f"/{name}")
    if any(name.startswith(RECORDS) for _, name in found):
        yield said(language, "record")
    for how, names in kinds.items():
        if len(names) <= FILES:
            yield said(language, how, names=said(language, "comma").join(names))
        else:
            under = said(language, "files_under", count=len(names), folder=_common(names))
            yield said(language, how, names=under)


def _common(names: Sequence[str]) -> str:
    """The deepest folder that contains all of them."""
    parts = [name.split("/")[:-1] for name in names]
    shared = []
    for words in zip(*parts, strict=False):
        if len(set(words)) > 1:
            break
        shared.append(words[0])
    return "/".join(shared) or "/"


def of_places(changed: Iterable[Change], host: str, language: Language = "en") -> Iterator[str]:
    """Phrases for the places of the site's state that differ, each once; the longest lists are cut."""
    rows = [*changed]
    down = [place[1] for place, _, now in rows if (place[0], place[-1]) == ("hosts", "up") and not now]
    if down:
        yield said(language, "down", hosts=said(language, "comma").join(down))
        return
    found = _phrases(rows, language)
    phrases = [_on(text, names, host, language) for text, names in found.items() if text not in WIDE or len(found) == 1]
    yield from phrases[:SHOWN]
    if len(phrases) > SHOWN:
        yield said(language, "more", count=len(phrases) - SHOWN)


def _phrases(rows: Iterable[Change], language: Language) -> dict[str, list[str]]:
    """{what happened to a place: the hosts that it is of, each once}."""
    found: dict[str, list[str]] = {}
    for place, was, now in rows:
        if place[-1] in PASSING:
            continue
        text, name = _phrase(place, was, now, language)
        names = found.setdefault(text, [])
        if name and name not in names:
            names.append(name)
    return found


def _on(text: str, names: Sequence[str], host: str, language: Language) -> str:
    if not names or [*names] == [host]:
        return text
    few = len(names) <= FILES
    hosts = said(language, "comma").join(names) if few else said(language, "hosts", count=len(names))
    return said(language, "of_hosts", text=text, hosts=hosts)


def _phrase(place: Sequence[str], was: Any, now: Any, language: Language) -> tuple[str, str]:
    """(what happened to one place of the state, its host), the host empty if it belongs to no single one."""
    part, *rest = place
    if part == "hosts" and len(rest) > 1:
        return _of_host(rest[1:], was, now, language), rest[0]
    if part in ("rabbit", "galera", "redis", "mongo", "haproxy"):
        return (part, rest[1]) if len(rest) > 1 else (" ".join(place), "")
    if part in WORDS:
        return WORDS[part](rest, was, now, language), ""
    name = " ".join(place[:3])
    return (_becomes(name, was, now, language) if len(place) < 4 else name), ""


def _becomes(name: str, was: Any, now: Any, language: Language) -> str:
    return said(language, "becomes", name=name, was=_value(was, language), now=_value(now, language))


def _of_ceph(rest: Sequence[str], was: Any, now: Any, language: Language) -> str:
    match [*rest]:
        case ["flags"] if isinstance(was, list) and isinstance(now, list):
            return _of_flags(was, now, language)
        case ["config_keys", *key]:
            return said(language, "claim_removed" if now is None else "claim_set", name=".".join(key))
    return f"ceph {' '.join(rest[:1])}".rstrip()


def _of_flags(was: Sequence[str], now: Sequence[str], language: Language) -> str:
    made, gone = [one for one in now if one not in was], [one for one in was if one not in now]
    return said(language, "flag_set" if made else "flag_removed", flags=said(language, "comma").join(made or gone))


def _of_pacemaker(rest: Sequence[str], was: Any, now: Any, language: Language) -> str:
    match [*rest]:
        case ["properties", name] if name.startswith("osp-runbook-"):
            return said(language, "claim_removed" if now is None else "claim_set", name=name)
        case ["properties", name]:
            return _becomes(said(language, "property", name=name), was, now, language)
        case ["nodes", name, "online" | "left" as key]:
            return said(language, "joins" if bool(now) == (key == "online") else "leaves", name=name)
        case ["resources", *_]:
            return said(language, "resources")
    return f"pacemaker {' '.join(rest[:2])}".rstrip()


def _of_nova(rest: Sequence[str], was: Any, now: Any, language: Language) -> str:
    values = {"was": _value(was, language), "now": _value(now, language)}
    match [*rest]:
        case [_, "servers", name, *key]:
            return said(language, "instance", name=name, what=" ".join(key[-1:]), **values)
        case [_, "services", *key]:
            return said(language, "compute_service", what=key[-1], **values)
    return f"nova {' '.join(rest[:1])}".rstrip()


WORDS: Mapping[str, Callable[[Sequence[str], Any, Any, Language], str]] = {
    "ceph": _of_ceph,
    "pacemaker": _of_pacemaker,
    "nova": _of_nova,
}


def _of_host(rest: Sequence[str], was: Any, now: Any, language: Language) -> str:
    match [*rest]:
        case ["units", _, "active" | "sub"]:
            return said(language, "services_stop" if now in ("inactive", "dead", "failed") else "services_start")
        case ["units", *_]:
            return said(language, "services")
        case ["packages" | "updated" | "offers" | "offered" | "yum_history" | "held", *_]:
            return said(language, "packages")
        case ["kernel" | "openvswitch" as key, *_]:
            return said(language, "installed", name=key)
    return _becomes(rest[0].replace("_", " "), was, now, language)


def _value(value: Any, language: Language) -> str:
    if value is None or value in ("", []):
        return said(language, "nothing")
    if isinstance(value, bool):
        return said(language, "yes" if value else "no")
    return said(language, "comma").join(map(str, value)) if isinstance(value, list) else str(value)
