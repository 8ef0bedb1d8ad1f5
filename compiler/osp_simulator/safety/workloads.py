"""Rules: no instance is lost, stopped for good or cut off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from osp_simulator.engine.watching import rule
from osp_simulator.hosts.libvirt_xml import is_pinned
from osp_simulator.state import access

if TYPE_CHECKING:
    from osp_simulator.engine.call import Call
    from osp_simulator.engine.run import Run
    from osp_simulator.engine.world import World
    from osp_simulator.state import Parts, State
    from osp_simulator.state.neutron import Agent
    from osp_simulator.state.nova import Server, Service

NOT_RUNNING = ("SHUTOFF", "ERROR", "SHELVED_OFFLOADED")


def servers(site: Parts) -> dict[str, Server]:
    return {one["id"]: one for one in site["nova"]["overcloud"]["servers"]}


@rule("instances-on-board", "reboot", "no compute goes down with instances that the policy says to move")
def instances_on_board(world: World, host: str) -> Iterator[str]:
    """Lines on instances that remain on a node; by the policy, those that could not move may: stopped, or unchanged."""
    entry = world.state["hosts"][host]
    if "compute" not in entry["capabilities"]:
        return
    stuck = (world.state["site"].get("compute_reboot") or {}).get("stuck", "fail")
    for one in world.state["nova"]["overcloud"]["servers"]:
        if one["host"] != entry["fqdn"]:
            continue
        if stuck == "stop" and one["status"] in NOT_RUNNING:
            continue
        if stuck == "leave" and (one["status"] in NOT_RUNNING or not moves_live(one)):
            continue
        yield f"{host} was taken down with instance {one['name']} ({one['status']}) on it"


@rule("opened-deaf", "call", "no compute is opened before its service and its network agents live")
def enabled_without_agents(world: World, call: Call) -> Iterator[str]:
    """Breaches where a compute is enabled without its agents: new instances would have no network."""
    if call.tool != "openstack" or call.argv[:3] != ("compute", "service", "set") or "--enable" not in call.argv:
        return
    for one in world.state["nova"]["overcloud"]["services"]:
        if one["binary"] == "nova-compute" and one["host"] in call.argv:
            yield from (f"{one['host']} was opened {when}" for when in _not_ready(world.state, one))


def _not_ready(state: State, compute: Service) -> Iterator[str]:
    """Why a compute is not ready for instances, in words that follow `was opened`."""
    if compute.get("up") is False or not access.host_is_up(state, compute["node"], settled=True):
        yield "before its service was up"
    for agent in state["neutron"]["overcloud"]["agents"]:
        if agent["node"] == compute["node"] and agent["admin_up"] and not _lives(state, agent):
            yield f"while its {agent['type']} was dead"


def _lives(state: State, agent: Agent) -> bool:
    if agent.get("alive") is False or not access.host_is_up(state, agent["node"], settled=True):
        return False
    entry = state["hosts"].get(agent["node"])
    return entry is None or access.unit_active(entry, agent["binary"])


def moves_live(server: Server) -> bool:
    return (
        server.get("kind", "normal") == "normal"
        and not is_pinned(server)
        and server.get("storage") != "local"
        and server.get("on_live_migration", "works") == "works"
    )


@rule("pinned-moved-live", "call", "no instance with CPUs of its own is moved while it runs")
def pinned_moved_live(world: World, call: Call) -> Iterator[str]:
    """Breaches where a pinned instance is live-migrated: nova accepts it, and pins it to CPUs in use by another."""
    words = call.argv
    evacuates = call.tool == "nova" and "host-evacuate-live" in words
    if not (evacuates or (call.tool == "nova" and "live-migration" in words) or "--live" in words):
        return
    for one in servers(world.state).values():
        chosen = words[-1] in str(one["host"]) if evacuates else one["id"] in words
        if chosen and is_pinned(one):
            yield f"{one['name']} has CPUs of its own on {one['host']}, and was asked to move live"


@rule("instance-lost", "run", "no instance is lost")
def instance_lost(world: World, _: Run) -> Iterator[str]:
    """Breaches where an instance is lost. In 2.13 an original may be deleted once its copy runs, named after it."""
    now = servers(world.state)
    running = {one["name"] for one in now.values() if one["status"] == "ACTIVE"}
    for number, one in servers(world.state["initial_site"]).items():
        if number not in now and f"{one['name']}-{world.state['site']['change']}" not in running:
            yield f"instance {one['name']} is gone"


@rule("instance-left-otherwise", "run", "where a run ends well, every instance is in the state it was in before")
def instance_left_otherwise(world: World, run: Run) -> Iterator[str]:
    """Breaches where an instance is left in another state than before.

    One that came during the run, or that was paused and is left on its node by the policy, may be, if the run reports
    it.
    """
    if run.status != 0:
        return
    policy = (world.state["site"].get("compute_reboot") or {}).get("stuck", "fail")
    now, known = servers(world.state), servers(run.before)
    for number, one in servers(world.state["initial_site"]).items():
        unforeseen = number not in known or (policy == "leave" and one["status"] == "PAUSED")
        told = unforeseen and number in run.output
        if number in now and now[number]["status"] != one["status"] and not told:
            yield f"instance {one['name']} was {one['status']}, and is left {now[number]['status']}"
