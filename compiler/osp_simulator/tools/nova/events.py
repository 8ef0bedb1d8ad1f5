"""What else happens to servers in the background: stopping, starting, being built, deleted, losing their host."""

from __future__ import annotations

from osp_simulator.engine import events
from osp_simulator.engine.world import World
from osp_simulator.state import access
from osp_simulator.state.nova import NovaCloud, Server
from osp_simulator.tools.nova.migrations import choose_host
from osp_simulator.tools.nova.world import by_id, cloud_of, plug, seconds, service_is_up, service_of


@events.host_up.handler
def guests_after_boot(world: World, host: str) -> None:
    """Instances of a compute that has booted are shut off, unless nova is told to resume them.

    One that was paused is shut off either way; one that was suspended is on disk, and stays so. Nova calls them what
    they were until it next compares power states (`power_sync`).
    """
    for cloud, nova in world.state.get("nova", {}).items():
        hosts = {s["host"] for s in nova["services"] if s["binary"] == "nova-compute" and s["node"] == host}
        for server in nova["servers"]:
            if cloud != "undercloud" and server.get("host") in hosts:
                _after_boot(world, cloud, nova, server)


def _after_boot(world: World, cloud: str, nova: NovaCloud, server: Server) -> None:
    if server["status"] not in ("ACTIVE", "PAUSED"):
        return
    wait = seconds(world, cloud, "power_sync")
    if server["status"] == "ACTIVE" and nova.get("resume_guests"):
        plug(world, cloud, server)
    elif wait:
        server["went_down"] = True
        world.clock.after(wait, events.power_states_compared, cloud=cloud, server=server["id"])
    else:
        server["status"], server["task_state"] = "SHUTOFF", None


@events.power_states_compared.handler
def power_states_compared(world: World, cloud: str, server: str) -> None:
    found = by_id(world, cloud, server)
    if found is not None and found.pop("went_down", False):
        found["status"], found["task_state"] = "SHUTOFF", None


@events.server_power_settled.handler
def server_power_settled(world: World, cloud: str, server: str, status: str) -> None:
    """A stop or start has run its course, unless the compute or the conductor is away: then it waits."""
    found = by_id(world, cloud, server)
    if found is None or not found.get("task_state"):
        return
    service = service_of(world, cloud, str(found["host"]))
    if cloud_of(world, cloud).get("conductor_down") or (service is not None and not service_is_up(world, service)):
        world.clock.after(10, events.server_power_settled, cloud=cloud, server=server, status=status)
        return
    found.update({"status": status, "task_state": None, "updated": world.clock.now()})
    if status == "ACTIVE":
        plug(world, cloud, found)


@events.server_built.handler
def server_built(world: World, cloud: str, server: str) -> None:
    found = by_id(world, cloud, server)
    if found is None or found["status"] != "BUILD":
        return
    chosen = _host_for(world, cloud, found, found.pop("wanted_host", None))
    networks, name = found.pop("wanted_networks", {}), found.pop("wanted_name", "")
    found.update({"task_state": None, "updated": world.clock.now(), "instance_name": name})
    if chosen is None:
        found["status"] = "ERROR"
        found["fault"] = {"message": "No valid host was found. ", "code": 500, "created": world.clock.now()}
        return
    found.update({"status": "ACTIVE", "host": chosen, "zone": "nova"})
    found.update({"launched": world.clock.now(), "networks": networks})
    plug(world, cloud, found)


def _host_for(world: World, cloud: str, server: Server, wanted: str | None) -> str | None:
    """Where a server is built: on the host that is wanted, or the scheduler's choice; None where it cannot be."""
    if server.get("too_big") or server.get("no_port"):
        return None
    if not wanted:
        return choose_host(world, cloud, server)
    service = service_of(world, cloud, wanted)
    serves = service is not None and service.get("enabled", True) and service_is_up(world, service)
    return wanted if serves else None


@events.server_gone.handler
def server_gone(world: World, cloud: str, server: str) -> None:
    nova = cloud_of(world, cloud)
    nova["servers"] = [entry for entry in nova["servers"] if entry["id"] != server]
    ports = access.ports(world.state, cloud)
    for port in list(ports):
        if port.get("server") == server:
            if port.get("made_for_server"):
                ports.remove(port)
            else:
                port["server"] = port["host"] = None
