"""What pcs 0.9 shows of a cluster: its nodes, its resources, and the whole of `pcs status`."""

from __future__ import annotations

from collections.abc import Iterable

from osp_simulator.engine.clocktext import ctime
from osp_simulator.engine.world import World
from osp_simulator.state.control_plane import ClusterNode, Pacemaker, Resource
from osp_simulator.tools import pacemaker

IN_MAINTENANCE = (
    "              *** Resource management is DISABLED ***\n"
    "  The cluster will not attempt to start, stop or recover services\n\n"
)
DAEMONS = "\nDaemon Status:\n  corosync: active/enabled\n  pacemaker: active/enabled\n  pcsd: active/enabled\n"


def full_status(world: World, cluster: Pacemaker) -> str:
    resources = "\n".join(resource_lines(cluster))
    listed = f"{node_lines(cluster)}\nFull list of resources:\n\n{resources}\n"
    return (
        pacemaker.spelled(cluster, _summary(world, cluster))
        + (IN_MAINTENANCE if pacemaker.in_maintenance(cluster) else "")
        + pacemaker.spelled(cluster, listed)
        + _failed_actions(world, cluster)
        + DAEMONS
    )


def _summary(world: World, cluster: Pacemaker) -> str:
    quorum = "partition with quorum" if pacemaker.quorate(world.state) else "partition WITHOUT quorum"
    dc = next(iter(pacemaker.online(world.state)), "NONE")
    instances = sum(len(r["nodes"]) if r["kind"] in ("clone", "master") else 1 for r in cluster["resources"])
    return (
        "Cluster name: tripleo_cluster\nStack: corosync\n"
        f"Current DC: {dc} (version {cluster['properties']['dc-version']}) - {quorum}\n"
        f"Last updated: {ctime(world.clock.now())}\n"
        f"Last change: {ctime(world.clock.now() - 3600)} by root via cibadmin on {dc}\n\n"
        f"{len(cluster['nodes'])} nodes configured\n{instances} resources configured\n\n"
    )


def _failed_actions(world: World, cluster: Pacemaker) -> str:
    if not cluster["failed"]:
        return ""
    heading = "Failed Actions:" if cluster["properties"]["dc-version"] < "1.1.20" else "Failed Resource Actions:"
    return f"\n{heading}\n" + "".join(
        f"* {one['resource']}_{one.get('operation', 'monitor')}_10000 on {one['node']} "
        f"'{one.get('text', 'not running')}' (7): call=42, status=complete, exitreason='none',\n"
        f"    last-rc-change='{ctime(world.clock.now() - 600)}', queued=0ms, exec=0ms\n"
        for one in cluster["failed"]
    )


def node_lines(cluster: Pacemaker) -> str:
    by_condition: dict[str, list[str]] = {"standby": [], "Online": [], "OFFLINE": []}
    for name, node in cluster["nodes"].items():
        by_condition[_condition(node)].append(name)
    lines = [f"Node {name}: standby\n" for name in by_condition["standby"]]
    for heading in ("Online", "OFFLINE"):
        if by_condition[heading]:
            lines.append(f"{heading}: {_bracketed(by_condition[heading])}\n")
    return "".join(lines)


def _condition(node: ClusterNode) -> str:
    if not node["online"]:
        return "OFFLINE"
    return "standby" if node["standby"] else "Online"


def _bracketed(names: Iterable[str]) -> str:
    return f"[ {' '.join(sorted(names))} ]"


def resource_lines(cluster: Pacemaker) -> list[str]:
    mark = " (unmanaged)" if pacemaker.in_maintenance(cluster) else ""
    lines = []
    for resource in cluster["resources"]:
        lines += _instances(resource, mark) if resource["kind"] in ("clone", "master") else [_single(resource, mark)]
    return lines


def _single(resource: Resource, mark: str) -> str:
    """The line of a resource that runs on one node at a time."""
    state = resource["state"]
    head = f" {resource['id']}\t({resource['agent']}):\t"
    node, role = next(iter(state.items()), ("", "Stopped"))
    if role != "Stopped":
        return f"{head}{role} {node}{mark}"
    marks = (("disabled", resource["disabled"] and not state), ("unmanaged", mark))
    words = ", ".join(word for word, there in marks if there)
    return f"{head}Stopped ({words})" if words else f"{head}Stopped"


def _instances(resource: Resource, mark: str) -> list[str]:
    """A clone's lines: its nodes by role; those of an unmanaged or failed instance one by one."""
    name, state = resource["id"], resource["state"]
    inner = name.removesuffix("-clone").removesuffix("-master")
    head = f" {'Clone' if resource['kind'] == 'clone' else 'Master/Slave'} Set: {name} [{inner}]{mark}"
    by_themselves = [
        f"     {inner}\t({resource['agent']}):\t{role} {node}{mark}"
        for node, role in state.items()
        if role == "FAILED" or (mark and role != "Stopped")
    ]
    stopped = [node for node in resource["nodes"] if state.get(node, "Stopped") == "Stopped"]
    lines = [head, *by_themselves, *([] if mark else _by_role(state))]
    return [*lines, f"     Stopped: {_bracketed(stopped)}"] if stopped else lines


def _by_role(state: dict[str, str]) -> list[str]:
    lines = []
    for role, heading in (("Master", "Masters"), ("Slave", "Slaves"), ("Started", "Started")):
        nodes = [node for node, what in state.items() if what == role]
        if nodes:
            lines.append(f"     {heading}: {_bracketed(nodes)}")
    return lines
