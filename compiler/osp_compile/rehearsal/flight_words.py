"""Says what a command has changed: files of a host, and places of the site's state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from osp_compile.rehearsal.flight_wording import Language, said

RECORDS = "var/lib/osp-runbook/"  # this change's records on a node, by which a run that was cut is continued
FILES = 3  # more files than these are counted before they are named
# Keys that only show the progress of a change, or by which the simulator knows what comes back after a boot; and parts
# whose name alone repeats a narrower phrase.
PASSING = ("task_state", "updated", "updated_at", "at", "sub", "reboots_asked", "units_before", "domains_before")
WIDE = ("nova", "neutron")
Change = tuple[Sequence[str], Any, Any]


def of_files(files: Iterable[tuple[str, str]], language: Language = "en") -> Iterator[str]:
    """Phrases for the files that were made, changed and removed; records of this change are one phrase."""
    kinds: dict[str, list[str]] = defaultdict(list)
    found = [*files]
    for how, name in found:
        if not name.startswith(RECORDS):
            kinds[f"folder_{how}" if name.endswith("/") else how].append(f"/{name.removesuffix('/')}")
    if any(name.startswith(RECORDS) for _, name in found):
        yield said(language, "record")
    for how, names in kinds.items():
        if len(names) <= FILES:
            yield said(language, how, names=said(language, "comma").join(names))
        else:
            every = {"folder": _common(names), "names": said(language, "comma").join(names)}
            yield said(language, how, names=said(language, "files_under", count=len(names), **every))


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
    """Phrases for the places of the site's state that differ, each once."""
    rows = sorted(changed, key=itemgetter(0))  # the world's own order differs from run to run
    down = [place[1] for place, _, now in rows if (place[0], place[-1]) == ("hosts", "up") and not now]
    if down:
        yield said(language, "down", hosts=said(language, "comma").join(down))
        return
    found = _phrases(rows, language)
    wide = [said(language, f"of_{part}") for part in WIDE]
    yield from (
        _on(text, names, host, language) for text, names in found.items() if text not in wide or len(found) == 1
    )


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
    return said(language, "text_on", text=text, hosts=hosts)


def _phrase(place: Sequence[str], was: Any, now: Any, language: Language) -> tuple[str, str]:
    """(what happened to one place of the state, its host), the host empty if it belongs to no single one."""
    part, *rest = place
    if part == "hosts" and len(rest) > 1:
        return _of_host(rest[1:], now, language), rest[0]
    if part in WORDS:
        return WORDS[part](rest, was, now, language), ""
    words = said(language, f"of_{part}")
    return (words, rest[1]) if part in CLUSTERED and len(rest) > 1 else (words, "")


def _becomes(name: str, was: Any, now: Any, language: Language) -> str:
    return said(language, "becomes", name=name, was=_value(was, language), now=_value(now, language))


def _of_ceph(rest: Sequence[str], was: Any, now: Any, language: Language) -> str:
    match [*rest]:
        case ["flags"] if isinstance(was, list) and isinstance(now, list):
            return _of_flags(was, now, language)
        case ["config_keys", *key]:
            return said(language, "claim_removed" if now is None else "claim_set", name=".".join(key))
    return said(language, f"ceph_{rest[0]}" if rest[:1] in (["mons"], ["osds"]) else "of_ceph")


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
    return said(language, "of_pacemaker")


def _of_nova(rest: Sequence[str], was: Any, now: Any, language: Language) -> str:
    values = {"was": _value(was, language), "now": _value(now, language)}
    match [*rest]:
        case [_, "servers", name, *key]:
            return said(language, "instance", name=name, what=" ".join(key[-1:]), **values)
        case [_, "services", *key]:
            return said(language, "compute_service", what=key[-1], **values)
    return said(language, "of_nova")


def _of_redis(rest: Sequence[str], was: Any, now: Any, language: Language) -> str:
    if [*rest] == ["bgsave"] and now is not None:
        return said(language, "redis_dump")
    return _becomes(said(language, "redis_master"), was, now, language) if [*rest] == ["master"] else "Redis"


# Services of which each node has one: {service: {"nodes": {node: ...}}} in the state.
CLUSTERED = ("rabbit", "galera", "mongo", "haproxy")
WORDS: Mapping[str, Callable[[Sequence[str], Any, Any, Language], str]] = {
    "ceph": _of_ceph,
    "pacemaker": _of_pacemaker,
    "nova": _of_nova,
    "redis": _of_redis,
}
# Of a host, besides what `_of_host` has its own phrases for; of any other place its name says nothing to a reader.
OF_HOSTS = {
    "boot_id": "boots", "booted_at": "boots", "boots": "boots", "up": "boots", "going_down": "boots",
    "disks": "disks", "ntp": "clock", "domains": "domains", "users": "logins", "hiera": "hiera",
    "host_key": "host_key", "repositories": "repositories", "disabled_repositories": "repositories",
    "other_repositories": "repositories", "rhel_release": "repositories",
}  # fmt: skip


def _of_host(rest: Sequence[str], now: Any, language: Language) -> str:
    match [*rest]:
        case ["units", _, "active" | "sub"]:
            return said(language, "services_stop" if now in ("inactive", "dead", "failed") else "services_start")
        case ["units", *_]:
            return said(language, "services")
        case ["packages" | "updated" | "offers" | "offered" | "older_offers" | "yum_history" | "held" | "excluded", *_]:
            return said(language, "packages")
        case ["kernel" | "openvswitch" as key, *_]:
            return said(language, "installed", name=key)
    return said(language, OF_HOSTS.get(rest[0], "host_state"))


def _value(value: Any, language: Language) -> str:
    if value is None or value in ("", []):
        return said(language, "nothing")
    if isinstance(value, bool):
        return said(language, "yes" if value else "no")
    return said(language, "comma").join(map(str, value)) if isinstance(value, list) else str(value)
