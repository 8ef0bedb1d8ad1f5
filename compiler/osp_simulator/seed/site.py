"""The starting state of a healthy site that needs the whole chapter; state/ has its types, and what a world may add."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any, cast

from osp_simulator.seed import hosts, services
from osp_simulator.seed.clouds import clouds, rc_files
from osp_simulator.state import State
from osp_simulator.state.site import Node, Site

START = 1542924000.0  # 2018-11-22 22:00:00 UTC


def seed(manifest: Mapping[str, Any], bundle: str | None = None) -> State:
    """The state for the site of a bundle's manifest.json (or a bare compiled spec)."""
    site = normal(manifest.get("site", manifest))
    everybody = hosts.hosts(site, START)
    plane = services.services(site, everybody, START)
    both = clouds(site)
    return {
        "clock": START, "events": [], "sequence": 0, "site": site, "bundle": bundle, "faults": [], "errors": [],
        "hosts": everybody,
        "pacemaker": plane["pacemaker"], "mysql": services.mysql(site), "galera": plane["galera"],
        "rabbit": plane["rabbit"], "redis": plane["redis"], "mongo": plane["mongo"], "haproxy": plane["haproxy"],
        "ceph": plane["ceph"],
        "keystone": both["keystone"], "nova": both["nova"], "neutron": both["neutron"], "cinder": both["cinder"],
        "glance": both["glance"], "ironic": both["ironic"], "heat": both["heat"], "mistral": both["mistral"],
        "swift": both["swift"], "plan": both["plan"],
        "undercloud_files": rc_files(site, both["keystone"]),
    }  # fmt: skip


def normal(site: Mapping[str, Any]) -> Site:
    """The spec with every node as {name, role (its name), address, capabilities}, however the manifest nests them."""
    result = cast(Site, dict(site))
    if isinstance(site.get("site"), Mapping):  # a spec as it is written, not yet compiled
        result.update(site["site"])
    nodes: list[Node] = []
    for node in site.get("nodes", []):
        role = node.get("role", "")
        name = role["name"] if isinstance(role, Mapping) else role
        given = node.get("capabilities")
        if given is None:
            given = role.get("capabilities") if isinstance(role, Mapping) else None
        capabilities = hosts.STOCK.get(name, ()) if given is None else given
        nodes.append(cast(Node, {**node, "role": name, "capabilities": sorted(capabilities)}))
    result["nodes"] = nodes
    result.setdefault("stack", "overcloud")
    result.setdefault("name", "site")
    return result


def identifier(*words: str) -> str:
    """A UUID that is the same for the same words."""
    return str(uuid.UUID(bytes=hashlib.sha256("/".join(words).encode()).digest()[:16], version=4))
