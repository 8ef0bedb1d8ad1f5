"""What else happens to servers in the background: stopping, starting, being built, deleted, losing their host."""

from __future__ import annotations

from osp_simulator.engine.registry import event
from osp_simulator.engine.world import World
from osp_simulator.state import access
from osp_simulator.tools.nova.migrations import choose_host
from osp_simulator.tools.nova.world import by_id, cloud_of, plug, seconds, service_is_up, service_of


@event("host_up")
def guests_after_boot(world: World, host: str) -> None:
    """Instances of a compute that has booted are shut off, unless nova is told to resume them.

    One that was paused is shut off either way; one that was suspended is on disk, and stays so. Nova calls them what
    they were until it next compares power states (`power_sync`).
    """
    for cloud, nova in world.state.get("nova", {}).items():
        hosts = {s["host"] for s in nova["services"] if s["binary"] == "nova-compute" and s["node"] == host}
        for server in nova["servers"]:
            if cloud == "undercloud" or server.get("host") not in hosts:
                continue
            if server["status"] not in ("ACTIVE", "PAUSED"):
                continue
            if server["status"] == "ACTIVE" and nova.get("resume_guests"):
                plug(world, cloud, server)
            elif seconds(world, cloud, "power_sync"):
                server["went_down"] = True
                wait = seconds(world, cloud, "power_sync")
                world.after(wait, "power states compared", cloud=cloud, server=server["id"])
            else:
                server["status"], server["task_state"] = "SHUTOFF", None


@event("power states compared")
def power_states_compared(world: World, cloud: str, server: str) -> None:
    found = by_id(world, cloud, server)
    if found is not None and found.pop("went_down", False):
        found["status"], found["task_state"] = "SHUTOFF", None


@event("server power settled")
def server_power_settled(world: World, cloud: str, server: str, status: str) -> None:
    """A stop or start has run its course, unless the compute or the conductor is away: then it waits."""
    found = by_id(world, cloud, server)
    if found is None or not found.get("task_state"):
        return
    service = service_of(world, cloud, str(found["host"]))
    if cloud_of(world, cloud).get("conductor_down") or (service is not None and not service_is_up(world, service)):
        world.after(10, "server power settled", cloud=cloud, server=server, status=status)
        return
    found.update({"status": status, "task_state": None, "updated": world.now()})
    if status == "ACTIVE":
        plug(world, cloud, found)


@event("server built")
def server_built(world: World, cloud: str, server: str) -> None:
    found = by_id(world, cloud, server)
    if found is None or found["status"] != "BUILD":
        return
    wanted = found.pop("wanted_host", None)
    service = service_of(world, cloud, wanted) if wanted else None
    if wanted and (service is None or not service.get("enabled", True) or not service_is_up(world, service)):
        chosen = None
    else:
        chosen = None if found.get("too_big") or found.get("no_port") else wanted or choose_host(world, cloud, found)
    networks, name = found.pop("wanted_networks", {}), found.pop("wanted_name", "")
    found.update({"task_state": None, "updated": world.now(), "instance_name": name})
    if chosen is None:
        found["status"] = "ERROR"
        found["fault"] = {"message": "No valid host was found. ", "code": 500, "created": world.now()}
        return
    found.update({"status": "ACTIVE", "host": chosen, "zone": "nova"})
    found.update({"launched": world.now(), "networks": networks})
    plug(world, cloud, found)


@event("server gone")
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
