"""Rules: the control plane stays up; controllers go down one at a time, from a healthy cluster with quorum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from osp_simulator.engine.watching import rule
from osp_simulator.state.access import cluster_nodes

if TYPE_CHECKING:
    from osp_simulator.engine.world import World
    from osp_simulator.state import State
    from osp_simulator.state.control_plane import Ceph, Galera, Pacemaker, Rabbit


def is_down(state: State, host: str) -> bool:
    entry = state["hosts"][host]
    return not entry["up"] or bool(entry.get("going_down"))


@rule("two-controllers-down", "reboot", "two controllers are never down at once")
def two_controllers(world: World, host: str) -> Iterator[str]:
    state = world.state
    controllers = [name for name, entry in state["hosts"].items() if "controller" in entry["capabilities"]]
    if host in controllers:
        for other in controllers:
            if other != host and is_down(state, other):
                yield f"{host} was taken down while {other} was down"


@rule("reboot-order", "reboot", "the nodes of a section go down in the spec's order")
def reboot_order(world: World, host: str) -> Iterator[str]:
    run = world.served.runs.current if world.served is not None else None
    order = [node["name"] for node in world.state["site"]["nodes"]]
    if run is None or host not in order:
        return
    for other in run.reboots_requested:
        if order.index(other) > order.index(host):
            yield f"{host} was taken down after {other}, which comes later in the spec"
    run.reboots_requested.append(host)


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
    yield from (f"{host} was taken down while {trouble}" for trouble in _troubles(world.state, host))


@rule("left-while-unwell", "leave", "no node is taken out of a cluster that is not healthy")
def left_while_unwell(world: World, host: str) -> Iterator[str]:
    yield from (f"{host} was taken out of its cluster while {trouble}" for trouble in _troubles(world.state, host))


@rule("cluster-not-left", "reboot", "a node of the cluster stops its cluster before it goes down")
def cluster_not_left(world: World, host: str) -> Iterator[str]:
    member = cluster_nodes(world.state).get(host)
    if member is not None and member["online"]:
        yield f"{host} was taken down with its cluster running"


def _troubles(state: State, host: str) -> Iterator[str]:
    """Troubles of the host's own systems; if it has properly left its cluster, only those of the other nodes."""
    member = cluster_nodes(state).get(host)
    left = member is not None and member.get("left", False)
    yield from control_plane_troubles(state, of=host, but=host if left else None)
    ceph = state.get("ceph")
    if ceph is not None and host in ceph["mons"]:
        yield from monitor_troubles(ceph)


def control_plane_troubles(state: State, *, of: str | None = None, but: str | None = None) -> Iterator[str]:
    """Troubles of the systems that the host `of` belongs to, or of all; the node `but` is not judged."""
    cluster, galera, rabbit = state.get("pacemaker"), state.get("galera"), state.get("rabbit")
    if cluster is not None and (of is None or of in cluster["nodes"]):
        yield from pacemaker_troubles(cluster, but)
    if galera is not None and (of is None or of in galera["nodes"]):
        yield from galera_troubles(galera, but)
    if rabbit is not None and (of is None or of in rabbit["nodes"]):
        yield from rabbit_troubles(rabbit, but)


def pacemaker_troubles(cluster: Pacemaker, but: str | None) -> list[str]:
    offline = [name for name, node in cluster["nodes"].items() if name != but and not node["online"]]
    failed = [f"{row['resource']} had failed on {row['node']}" for row in cluster["failed"]]
    return [f"{name} was not online in the cluster" for name in offline] + failed


def galera_troubles(galera: Galera, but: str | None) -> list[str]:
    nodes = [(name, node) for name, node in galera["nodes"].items() if name != but]
    return [f"galera on {name} was not synced" for name, node in nodes if not (node["synced"] and node["running"])]


def rabbit_troubles(rabbit: Rabbit, but: str | None) -> list[str]:
    nodes = [(name, node) for name, node in rabbit["nodes"].items() if name != but]
    return [f"rabbitmq on {name} was not healthy" for name, node in nodes if not (node["running"] and node["healthy"])]


def monitor_troubles(ceph: Ceph) -> list[str]:
    return [f"the monitor on {name} was down" for name, monitor in ceph["mons"].items() if not monitor["up"]]
