"""Accessors of the state: to parts that the caller knows to exist, and to parts that a site may lack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeGuard, TypeVar

from osp_simulator.state import Parts, State
from osp_simulator.state.control_plane import Ceph, ClusterNode, Galera, Mongo, Osd, Pacemaker, Rabbit, Redis
from osp_simulator.state.heat import Stack, Update
from osp_simulator.state.hosts import Host
from osp_simulator.state.neutron import Port
from osp_simulator.state.nova import Server

Part = TypeVar("Part")
SETTLE_SECONDS = 30


def is_whole(state: Parts) -> TypeGuard[State]:
    """Whether this is the whole state of a world, and not its parts before anything ran."""
    return "faults" in state


def pacemaker(state: Parts) -> Pacemaker:
    return _there(state["pacemaker"], "pacemaker cluster")


def galera(state: Parts) -> Galera:
    return _there(state["galera"], "galera")


def rabbit(state: Parts) -> Rabbit:
    return _there(state["rabbit"], "rabbit")


def redis(state: Parts) -> Redis:
    return _there(state["redis"], "redis")


def mongo(state: Parts) -> Mongo:
    return _there(state["mongo"], "mongo")


def ceph(state: Parts) -> Ceph:
    return _there(state["ceph"], "ceph")


def missed_osds(cluster: Ceph) -> list[Osd]:
    """The OSDs that are down, without those that are out and hold no data: nobody misses them."""
    return [osd for osd in cluster["osds"] if not osd["up"] and (osd["in"] or osd.get("pgs"))]


def update(stack: Stack) -> Update:
    """The stack's running or last update."""
    return _there(stack["update"], "update of its stack")


def _there(part: Part | None, name: str) -> Part:
    if part is None:
        raise RuntimeError(f"this site has no {name}")
    return part


def cluster_nodes(state: Parts) -> Mapping[str, ClusterNode]:
    """The members of the pacemaker cluster; none where the site has no cluster."""
    cluster = state.get("pacemaker")
    return cluster["nodes"] if cluster else {}


def host(state: Parts, name: str) -> Host | None:
    return state.get("hosts", {}).get(name)


def is_active(entry: Host, unit: str) -> bool:
    """Whether the host has the unit, by its full name, and it is active."""
    found = entry["units"].get(unit)
    return found is not None and found["active"] == "active"


def servers(state: Parts, cloud: str) -> list[Server]:
    """The state's own list of servers; empty if the site lacks that cloud."""
    nova = state.get("nova", {}).get(cloud)
    return nova.get("servers", []) if nova else []


def ports(state: Parts, cloud: str) -> list[Port]:
    """The state's own list of ports; empty if the cloud lacks neutron."""
    neutron = state.get("neutron", {}).get(cloud)
    return neutron.get("ports", []) if neutron else []


def unit_active(entry: Host | None, unit: str) -> bool:
    """Whether a unit runs on a host; true if the host does not have the unit."""
    units = entry.get("units", {}) if entry else {}
    found = units.get(unit, units.get(f"{unit}.service"))
    return found is None or found["active"] == "active"


def host_is_up(state: State, name: str, *, settled: bool = False) -> bool:
    """Whether a host is up; with `settled`, also long enough since its boot for its daemons to report."""
    entry = host(state, name)
    if entry is None:
        return True
    if not entry.get("up", True):
        return False
    since = state.get("clock", 0) - entry.get("booted_at", 0)
    return not settled or since >= entry.get("report_seconds", SETTLE_SECONDS)


def reports(state: State, name: str, unit: str) -> bool:
    """Whether a service of the host reports: the host has settled after its boot, and the unit runs."""
    return host_is_up(state, name, settled=True) and unit_active(host(state, name), unit)
