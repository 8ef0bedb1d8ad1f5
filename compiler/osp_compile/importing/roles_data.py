"""roles_data.yaml: a site's roles, their host names, and the capabilities that their services give their nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from osp_compile.diagnostics import Diagnostic, Span, error, quoted
from osp_compile.importing import plain_yaml
from osp_compile.importing.text import Text
from osp_compile.spec.model import Capability

PREFIX = "OS::TripleO::Services::"
CONTROL = frozenset(("Keystone", "NovaApi"))
OF_SERVICE: Mapping[str, Capability] = {
    "Pacemaker": "pacemaker",
    "NovaCompute": "compute",
    "CephOSD": "ceph_osd",
    "CephMon": "ceph_mon",
    **dict.fromkeys(CONTROL, "controller"),
}


@dataclass(frozen=True)
class KnownRole:
    """A role; `services` are without their prefix, `hostnames` is its format, such as `%stackname%-compute-%index%`."""

    name: str
    services: frozenset[str]
    hostnames: str
    span: Span


@dataclass(frozen=True)
class Registry:
    """The services that environment files map to resources; `none` are those that are switched off."""

    none: frozenset[str] = frozenset()
    dpdk: frozenset[str] = field(default_factory=frozenset)


def read(text: Text) -> tuple[dict[str, KnownRole], list[Diagnostic]]:
    """The roles of the file by name."""
    data, lines = plain_yaml.load(text)
    if isinstance(data, Diagnostic):
        return {}, [data]
    if not isinstance(data, list):
        help = "give the roles_data.yaml of the site, or that of its template collection"
        return {}, [error("roles-file", "this is not a list of roles", text.whole(), help)]
    found, problems = {}, []
    for number, one in enumerate(data):
        span = text.at(lines.get((number,), 1))
        if not isinstance(one, dict) or not isinstance(one.get("name"), str):
            problems.append(error("roles-file", "this entry is not a role", span, "each role has a `name`"))
            continue
        if one["name"] in found:
            problems.append(error("roles-file", f"the role {quoted(one['name'])} is here twice", span))
        found[one["name"]] = _role(one, span)
    return found, problems


def _role(one: Mapping[str, Any], span: Span) -> KnownRole:
    services = one.get("ServicesDefault")
    names = [name for name in services if isinstance(name, str)] if isinstance(services, list) else []
    hostnames = one.get("HostnameFormatDefault")
    return KnownRole(
        one["name"],
        frozenset(name.removeprefix(PREFIX) for name in names),
        hostnames if isinstance(hostnames, str) else f"%stackname%-{one['name'].lower()}-%index%",
        span,
    )


def capabilities(role: KnownRole, registry: Registry) -> frozenset[Capability]:
    """The capabilities that the role's services give its nodes."""
    on = role.services - registry.none
    found = {OF_SERVICE[name] for name in on if name in OF_SERVICE}
    if "compute" in found and any("dpdk" in name.lower() or name in registry.dpdk for name in on):
        found.add("dpdk")
    return frozenset(found)
