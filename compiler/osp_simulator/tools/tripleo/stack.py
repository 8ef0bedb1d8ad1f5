"""A package update of the overcloud stack, as heat and the nodes live it."""

from __future__ import annotations

from osp_simulator.engine import events
from osp_simulator.engine.world import World
from osp_simulator.hosts import packages
from osp_simulator.state import access
from osp_simulator.state.heat import Failure, Stack, UpdatedNode
from osp_simulator.state.hosts import Host
from osp_simulator.tools.pacemaker import return_node, stop_node

# `apart` is the time from one node's coming to its breakpoint to the next one's; `limit` is heat's for the whole
TIMING = {"breakpoints": 60, "apart": 0, "node": 90, "pacemaker_node": 900, "finish": 1500, "limit": 14400}


def seconds(world: World, name: str) -> float:
    """How long a part of an update takes; a lab's single `node` time also stands for pacemaker nodes."""
    timing = world.state["heat"]["undercloud"].get("timing", {})
    return float(timing.get(name, timing.get("node", TIMING[name]) if name == "pacemaker_node" else TIMING[name]))


def stack_named(world: World, wanted: str) -> Stack | None:
    """The stack by name or id, brought up to date with what else was under way."""
    for stack in world.state["heat"]["undercloud"]["stacks"]:
        if wanted in (stack["name"], stack["id"]):
            settle(world, stack)
            return stack
    return None


def settle(world: World, stack: Stack) -> None:
    """End what has run too long, and somebody else's operation whose time has come."""
    update = stack.get("update")
    if update and not update.get("ended") and world.clock.now() - update["started"] >= seconds(world, "limit"):
        for node in update["nodes"].values():
            if node["state"] != "completed":
                node["state"] = "failed"
        set_status(world, stack, "UPDATE_FAILED", "Timed out")
    busy_until = stack.get("busy_until")
    if busy_until is not None and world.clock.now() >= busy_until:
        stack["busy_until"] = None
        if stack["status"].endswith("_IN_PROGRESS"):
            set_status(
                world, stack, stack["status"].replace("IN_PROGRESS", "COMPLETE"), "Stack UPDATE completed successfully"
            )


def set_status(world: World, stack: Stack, status: str, reason: str) -> None:
    stack["status"], stack["status_reason"] = status, reason
    update = stack.get("update")
    if update and not status.endswith("IN_PROGRESS"):
        update["ended"] = True
    stack.setdefault("events", []).append(
        {"time": world.clock.now(), "resource": None, "status": status, "reason": reason}
    )


def start(world: World, stack: Stack) -> None:
    """Begin an update of all the stack's nodes; every one reaches its breakpoint, the last first if not all at once."""
    identifier = str(world.clock.now())
    stack.setdefault("parameters", {})["UpdateIdentifier"] = identifier
    stack["updated"] = world.clock.now()
    nodes: dict[str, UpdatedNode] = {
        name: {**node, "state": "not_started", "since": world.clock.now()} for name, node in stack["nodes"].items()
    }
    stack["update"] = {"identifier": identifier, "started": world.clock.now(), "nodes": nodes}
    for name in nodes:
        if name in world.state["hosts"]:
            packages.remember_offers(world, name)
    set_status(world, stack, "UPDATE_IN_PROGRESS", "Stack UPDATE started")
    apart = seconds(world, "apart")
    for number, names in enumerate([[name] for name in reversed(nodes)] if apart else [list(nodes)]):
        wait = seconds(world, "breakpoints") + number * apart
        reached = events.update_reaches_breakpoints
        world.clock.after(wait, reached, stack=stack["name"], identifier=identifier, nodes=names)


def current(world: World, name: str, identifier: str) -> Stack | None:
    """The stack, if this update is still the one that runs."""
    stack = stack_named(world, name)
    update = stack.get("update") if stack else None
    return stack if update and update["identifier"] == identifier else None


@events.update_reaches_breakpoints.handler
def update_reaches_breakpoints(world: World, stack: str, identifier: str, nodes: list[str]) -> None:
    found = current(world, stack, identifier)
    if found is None or not found["status"].endswith("IN_PROGRESS"):
        return
    for name in nodes:
        node = access.update(found)["nodes"][name]
        if node["state"] == "not_started":
            node["state"], node["since"] = "on_breakpoint", world.clock.now()


def clear_breakpoint(world: World, stack: Stack, name: str) -> None:
    """Let one node go on: its own update begins."""
    update = access.update(stack)
    node = update["nodes"][name]
    node["state"], node["since"] = "in_progress", world.clock.now()
    in_cluster = name in access.cluster_nodes(world.state)
    begin_on_node(world, name, update["identifier"], node.get("update", "works"))
    wait = seconds(world, "pacemaker_node" if in_cluster else "node")
    world.clock.after(wait, events.node_update_ends, stack=stack["name"], node=name, identifier=update["identifier"])


def begin_on_node(world: World, name: str, identifier: str, outcome: str) -> None:
    """The node's marker comes first, so a replay passes over it; then a pacemaker node leaves its cluster."""
    if name not in world.state["hosts"] or outcome == "skipped":
        return
    marker = world.files.path(name, f"/var/lib/overcloud-yum-update/{identifier}")
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.touch()
    world.changes.touch()
    if name in access.cluster_nodes(world.state):
        stop_node(world, name)


@events.node_update_ends.handler
def node_update_ends(world: World, stack: str, node: str, identifier: str) -> None:
    """The packages of a pacemaker node are in and it is back; others have openvswitch and the puppet modules only."""
    found = current(world, stack, identifier)
    if found is None:
        return
    update = access.update(found)
    entry = update["nodes"][node]
    outcome = entry.get("update", "works")
    host = world.state["hosts"].get(node)
    if outcome == "fails" or (host is not None and not host["up"]):
        fail_at(world, found, node, entry)
        return
    if host is not None and outcome == "works":
        if packages.unresolved(world, node, updated_at_breakpoint(world, node, host)):
            fail_at(world, found, node, entry)
            return
        update_packages(world, node, host)
    entry["state"], entry["since"] = "completed", world.clock.now()
    if all(one["state"] == "completed" for one in update["nodes"].values()):
        world.clock.after(seconds(world, "finish"), events.update_ends, stack=stack, identifier=identifier)


def fail_at(world: World, stack: Stack, node: str, entry: UpdatedNode) -> None:
    """End the stack's update: yum's failure ends the script there, and a pacemaker node stays out of its cluster."""
    failure: Failure = {
        "resource": f"{stack['name']}.{node}.UpdateDeployment",
        "type": "OS::Heat::SoftwareDeployment",
        "physical_id": entry["deployment"],
        "reason": "Error: resources.UpdateDeployment: Deployment to server failed",
    }
    stack.setdefault("failures", []).append(failure)
    set_status(world, stack, "UPDATE_FAILED", failure["reason"])


def updated_at_breakpoint(world: World, node: str, host: Host) -> list[str]:
    """The packages that the script of a node outside the cluster names; none, which means all, of a pacemaker node."""
    if node in access.cluster_nodes(world.state):
        return []
    return [name for name in host["packages"] if name.startswith("puppet-") or name == "openvswitch"]


def update_packages(world: World, node: str, host: Host) -> None:
    """After it a pacemaker node is a member again."""
    packages.update(world, node, updated_at_breakpoint(world, node, host), "-y update")
    if node in access.cluster_nodes(world.state):
        return_node(world, node)


@events.update_ends.handler
def update_ends(world: World, stack: str, identifier: str) -> None:
    """Puppet has run everywhere; on nodes outside the cluster that brought all remaining packages, all at once."""
    found = current(world, stack, identifier)
    if found is None or not found["status"].endswith("IN_PROGRESS"):
        return
    cluster = access.cluster_nodes(world.state)
    for name, node in access.update(found)["nodes"].items():
        # (a pacemaker node was given all of it at its breakpoint, and its puppet installs no package)
        if name in world.state["hosts"] and name not in cluster and node.get("update", "works") == "works":
            if packages.unresolved(world, name):
                fail_at(world, found, name, node)
                return
            packages.update(world, name, (), "-y update")
    found["updated"] = world.clock.now()
    set_status(world, found, "UPDATE_COMPLETE", "Stack UPDATE completed successfully")


def cancel(world: World, stack: Stack) -> None:
    """Roll back; the rollback itself stops at the breakpoints that are left, and fails."""
    set_status(world, stack, "ROLLBACK_IN_PROGRESS", "Stack ROLLBACK started")
    update = stack.get("update")
    if update:
        update["rollback_at"] = world.clock.now()
    world.clock.after(7, events.rollback_ends, stack=stack["name"])


@events.rollback_ends.handler
def rollback_ends(world: World, stack: str) -> None:
    found = stack_named(world, stack)
    if found is None or found["status"] != "ROLLBACK_IN_PROGRESS":
        return
    update = found.get("update")
    left = [node for node in update["nodes"].values() if node["state"] != "completed"] if update else []
    status = "ROLLBACK_FAILED" if left else "ROLLBACK_COMPLETE"
    set_status(world, found, status, "Stack ROLLBACK failed" if left else "Stack ROLLBACK completed successfully")
