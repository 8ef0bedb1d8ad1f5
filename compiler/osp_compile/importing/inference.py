"""The role of each server, and how it is known: by its name's format, its machine's profile or its flavor.

A role that is only likely is marked as such; an unknown one is left for a person to fill in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from osp_compile.diagnostics import quoted
from osp_compile.importing.environments import Environment
from osp_compile.importing.nodes import Server
from osp_compile.importing.roles_data import KnownRole
from osp_compile.spec.roles import COMMON, PROFILES, STOCK

UNKNOWN = "UNKNOWN"
FLAVOR_OPTIONS: Mapping[str, str] = {
    "--control-flavor": "Controller",
    "--compute-flavor": "Compute",
    "--ceph-storage-flavor": "CephStorage",
    "--swift-storage-flavor": "ObjectStorage",
    "--block-storage-flavor": "BlockStorage",
}
OLD_FORMATS: Mapping[str, str] = {"Compute": "%stackname%-novacompute-%index%"}
WORDS: Sequence[tuple[str, str]] = (
    ("controller", "Controller"), ("control", "Controller"), ("ctrl", "Controller"), ("ctl", "Controller"),
    ("compute", "Compute"), ("cmp", "Compute"), ("comp", "Compute"), ("hypervisor", "Compute"),
    ("cephstorage", "CephStorage"), ("ceph", "CephStorage"), ("osd", "CephStorage"),
    ("objectstorage", "ObjectStorage"), ("swift", "ObjectStorage"),
    ("blockstorage", "BlockStorage"), ("cinder", "BlockStorage"),
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """A role and how it is known; `doubt` says why a person should look at it."""

    role: str
    how: str
    doubt: str | None = None


@dataclass
class Inference:
    """The facts that tell roles apart; `roles` are those of the site's roles file, empty if none was given."""

    stack: str
    roles: Mapping[str, KnownRole]
    environment: Environment
    flavors: Mapping[str, str]

    def __post_init__(self) -> None:
        self.original = {new.lower(): old for old, new in self.environment.hostnames().items()}
        self.formats = [
            (re.compile(_pattern(text, self.stack), re.IGNORECASE), role, how) for role, text, how in self._all()
        ]
        self.simple = {_simple(name): name for name in (self.roles or (*STOCK, *COMMON))}

    def _all(self) -> list[tuple[str, str, str]]:
        """The formats of host names: (role, format, how it is known)."""
        found = []
        for role in self.roles or STOCK:
            own = self.environment.parameter(f"{role}HostnameFormat")
            known = self.roles.get(role)
            if own:
                found.append((role, own, f"by its name, as {role}HostnameFormat has it"))
            elif known:
                found.append((role, known.hostnames, "by its name, as the roles file has it"))
            else:
                found.append((role, f"%stackname%-{role.lower()}-%index%", "by its name, which is TripleO's own"))
            if not own and role in OLD_FORMATS:
                found.append((role, OLD_FORMATS[role], "by its name, which is TripleO's of older releases"))
        return found

    def role(self, server: Server) -> Finding:
        named, tagged = self._by_name(server.name), self._by_profile(server)
        if named is None:
            return tagged or self._by_words(server) or self._by_services(server) or _open(server)
        if tagged is not None and tagged.role != named.role and named.role in STOCK and tagged.role in STOCK:
            doubt = f"{named.how}; but {tagged.how} it would be {tagged.role}"
            return Finding(named.role, named.how, doubt)
        return self._confirmed(named, server)

    def _confirmed(self, named: Finding, server: Server) -> Finding:
        """The finding, with a doubt if the services on the host contradict its name."""
        if named.role in {"Controller", "CephStorage", "ObjectStorage"} and "nova-compute" in server.services:
            return Finding(named.role, named.how, f"{named.how}; but nova-compute runs on it")
        return named

    def _by_name(self, name: str) -> Finding | None:
        mapped = self.original.get(name.lower())
        matches = {role: how for pattern, role, how in self.formats if pattern.fullmatch(mapped or name)}
        if len(matches) == 1:
            ((role, how),) = matches.items()
            return Finding(role, f"{how} (HostnameMap)" if mapped else how)
        if matches:
            return Finding(UNKNOWN, "", f"its name fits {' and '.join(sorted(matches))}")
        return None if self.roles else self._by_common_name(mapped or name)

    def _by_common_name(self, name: str) -> Finding | None:
        """A role that is not stock, found by the name that TripleO gives its hosts at many sites."""
        found = re.fullmatch(rf"{re.escape(self.stack)}-(.+)-\d+", name, re.IGNORECASE)
        role = self.simple.get(_simple(found[1])) if found else None
        if role is None or role in STOCK:
            return None
        return Finding(
            role, "by its name", "it is what such a role usually is; give the site's roles_data.yaml (--roles)"
        )

    def _by_profile(self, server: Server) -> Finding | None:
        for word, what in ((server.profile, "profile"), (server.flavor, "flavor")):
            role = self.flavors.get(word) or PROFILES.get(word) or self.simple.get(_simple(word)) if word else None
            if role is not None and (not self.roles or role in self.roles):
                return Finding(role, f"by its {what} {word}")
        return None

    def _by_words(self, server: Server) -> Finding | None:
        simple = _simple(server.name)
        own = sorted((word for word in self.simple if word and word in simple), key=len, reverse=True)
        role = self.simple[own[0]] if own else next((role for word, role in WORDS if word in simple), None)
        if role is None or (self.roles and role not in self.roles):
            return None
        return Finding(role, "by a word of its name", "only a word of its name says so")

    def _by_services(self, server: Server) -> Finding | None:
        if "nova-compute" in server.services:
            return Finding("Compute", "nova-compute runs on it", "it may be another role that runs nova-compute")
        if server.services & {"nova-scheduler", "nova-conductor"}:
            return Finding("Controller", "nova-scheduler runs on it", "only the services on it say so")
        return None


def _open(server: Server) -> Finding:
    tried = f", its profile is {quoted(server.profile)}" if server.profile else ""
    return Finding(
        UNKNOWN, "", f"nothing says its role{tried}; give roles_data.yaml, or the baremetal list with profiles"
    )


def _pattern(text: str, stack: str) -> str:
    return re.escape(text).replace("%stackname%", re.escape(stack)).replace("%index%", r"\d+")


def _simple(name: str) -> str:
    """The letters of `name` alone, so that the role `OsdCompute` matches the host `r8-osd-compute-0`."""
    return re.sub(r"[^a-z]", "", name.lower())
