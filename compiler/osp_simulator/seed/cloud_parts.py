"""Parts that both clouds of a fresh world have: ids, services, agents, flavors, networks."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence

from osp_simulator.state.neutron import Agent, Network
from osp_simulator.state.nova import Flavor, Service
from osp_simulator.state.site import NfvInstance, Node, Site

# of the spec, as seed.normal leaves it
MADE = 1530000000.0  # 2018-06-26: when the overcloud was deployed
PROFILES = {"Controller": "control", "Compute": "compute", "CephStorage": "ceph-storage"}


def identifier(*words: str) -> str:
    """The same UUID for the same words."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, "/".join(words)))


def secret(*words: str) -> str:
    return hashlib.sha1("/".join(words).encode()).hexdigest()


def nfv_instances(site: Site) -> list[NfvInstance]:
    return (site.get("nfv") or {}).get("instances", [])


def named(kind: str, number: int, node: str, host: str) -> Service:
    return {
        "name": f"{kind}@{node}",
        "id": number,
        "binary": kind,
        "host": host,
        "node": node,
        "zone": "nova" if kind == "nova-compute" else "internal",
        "enabled": True,
        "reason": None,
    }


def flavor_of(node: Node) -> str:
    return PROFILES.get(str(node["role"]), "baremetal")


def flavor(name: str, ram: int, disk: int, vcpus: int) -> Flavor:
    return {
        "name": name,
        "id": identifier("flavor", name),
        "ram": ram,
        "disk": disk,
        "ephemeral": 0,
        "vcpus": vcpus,
        "public": True,
    }


def is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def agent(kind: str, title: str, node: str) -> Agent:
    return {
        "name": f"{kind}@{node}",
        "id": identifier("agent", kind, node),
        "type": title,
        "binary": kind,
        "host": f"{node.lower()}.localdomain",
        "node": node,
        "zone": "nova" if kind in ("neutron-dhcp-agent", "neutron-l3-agent") else None,
        "admin_up": True,
    }


def network(name: str, prefix: str) -> Network:
    return {
        "name": name,
        "id": identifier("network", name),
        "subnets": [identifier("subnet", name)],
        "prefix": prefix,
    }


def role_counts(nodes: Sequence[Node]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for node in nodes:
        counts[f"{node['role']}Count"] = counts.get(f"{node['role']}Count", 0) + 1
    return counts
