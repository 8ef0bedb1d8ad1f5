"""The control plane stays up: one controller at a time, from a cluster that is whole, and never without quorum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from osp_simulator.safety.registry import rule

if TYPE_CHECKING:
    from osp_simulator.engine.world import World


def is_down(state: dict[str, Any], host: str) -> bool:
    entry = state["hosts"][host]
    return not entry["up"] or bool(entry.get("going_down"))


@rule("two-controllers-down", "reboot", "two controllers are never down at once")
def two_controllers(world: World, host: str) -> Iterator[str]:
    state = world.state
    controllers = [name for name, entry in state["hosts"].items() if "controller" in entry["capabilities"]]
    if host in controllers:
        for other in controllers:
            if other != host and is_down(state, other):
                yield f"{host} was sent down while {other} was down"


@rule("reboot-order", "reboot", "the nodes of a section go down in the spec's order")
def reboot_order(world: World, host: str) -> Iterator[str]:
    run = world.runs.current if world.runs is not None else None
    order = [node["name"] for node in world.state["site"]["nodes"]]
    if run is None or host not in order:
        return
    for other in run.sent_down:
        if order.index(other) > order.index(host):
            yield f"{host} was sent down after {other}, which comes later in the spec"
    run.sent_down.append(host)


@rule("quorum-lost", "changed", "the cluster never loses its quorum")
def quorum_lost(world: World, _: None) -> Iterator[str]:
    cluster = world.state.get("pacemaker")
    if cluster is None or len(cluster["nodes"]) < 2:
        return
    online = [name for name, node in cluster["nodes"].items() if node["online"] and world.state["hosts"][name]["up"]]
    if len(online) * 2 <= len(cluster["nodes"]):
        yield f"only {', '.join(online) or 'no node'} of {len(cluster['nodes'])} were online"


@rule("unhealthy-cluster", "reboot", "no node goes down while the cluster it belongs to is not healthy")
def unhealthy_cluster(world: World, host: str) -> Iterator[str]:
    yield from (f"{host} was sent down while {trouble}" for trouble in _troubles(world.state, host))


@rule("left-while-unwell", "leave", "no node is taken out of a cluster that is not healthy")
def left_while_unwell(world: World, host: str) -> Iterator[str]:
    yield from (f"{host} was taken out of its cluster while {trouble}" for trouble in _troubles(world.state, host))


@rule("cluster-not-left", "reboot", "a node of the cluster stops its cluster before it goes down")
def cluster_not_left(world: World, host: str) -> Iterator[str]:
    run, cluster = world.runs.current if world.runs is not None else None, world.state.get("pacemaker")
    if run is None or run.section != "2.07" or cluster is None:
        return
    if cluster["nodes"].get(host, {}).get("online"):
        yield f"{host} was sent down with its cluster running"


def _troubles(state: dict[str, Any], host: str) -> Iterator[str]:
    """Of the systems that the host has a part in; of a node that has left its cluster in order, the others' alone."""
    cluster = state.get("pacemaker")
    left = bool(cluster and cluster["nodes"].get(host, {}).get("left"))
    for part, troubles in TROUBLES.items():
        system, members = state.get(part), MEMBERS.get(part, "nodes")
        if system is None or host not in system[members]:
            continue
        if left and part != "ceph":
            system = {**system, members: {name: one for name, one in system[members].items() if name != host}}
        yield from troubles(system)


def pacemaker_troubles(cluster: dict[str, Any]) -> list[str]:
    offline = [f"{name} was not online in the cluster" for name, node in cluster["nodes"].items() if not node["online"]]
    return offline + [f"{row['resource']} had failed on {row['node']}" for row in cluster["failed"]]


def galera_troubles(galera: dict[str, Any]) -> list[str]:
    nodes = galera["nodes"].items()
    return [f"galera on {name} was not synced" for name, node in nodes if not (node["synced"] and node["running"])]


def rabbit_troubles(rabbit: dict[str, Any]) -> list[str]:
    nodes = rabbit["nodes"].items()
    return [f"rabbitmq on {name} was not healthy" for name, node in nodes if not (node["running"] and node["healthy"])]


def monitor_troubles(ceph: dict[str, Any]) -> list[str]:
    return [f"the monitor on {name} was down" for name, monitor in ceph["mons"].items() if not monitor["up"]]


MEMBERS = {"ceph": "mons"}
TROUBLES = {
    "pacemaker": pacemaker_troubles,
    "galera": galera_troubles,
    "rabbit": rabbit_troubles,
    "ceph": monitor_troubles,
}
