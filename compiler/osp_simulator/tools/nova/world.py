"""Nova's side of the world: servers, hosts, services and ports, and what state each is in."""

from __future__ import annotations

import uuid

from osp_simulator.engine.world import World
from osp_simulator.state import access
from osp_simulator.state.hosts import Host
from osp_simulator.state.neutron import Port
from osp_simulator.state.nova import NovaCloud, Server, Service
from osp_simulator.tools.openstack.session import (
    ClientError,
    Session,
    api_error,
    stamp,
)

TIMING = {
    "live_migration": 14,
    "cold_migration": 25,
    "confirm": 3,
    "stop": 4,
    "start": 1,
    "snapshot": 20,
    "build": 5,
    "delete": 2,
    "power_sync": 0,
}
VM_STATES = {
    "ACTIVE": "active",
    "MIGRATING": "active",
    "RESIZE": "active",
    "SHUTOFF": "stopped",
    "ERROR": "error",
    "VERIFY_RESIZE": "resized",
    "REVERT_RESIZE": "resized",
    "BUILD": "building",
    "PAUSED": "paused",
    "SUSPENDED": "suspended",
}


def cloud_of(world: World, cloud: str) -> NovaCloud:
    return world.state["nova"][cloud]


def seconds(world: World, cloud: str, name: str) -> float:
    """How long something takes in this cloud, in world seconds."""
    return float(cloud_of(world, cloud).get("timing", {}).get(name, TIMING[name]))


def vm_state(server: Server) -> str:
    if server["status"] == "RESIZE" and _was_shut_off(server):
        return "stopped"
    return VM_STATES.get(server["status"], server["status"].lower())


def _was_shut_off(server: Server) -> bool:
    """Before its resize."""
    return "previous" in server and server["previous"]["status"] == "SHUTOFF"


def power_state(server: Server) -> str:
    if server.get("host") is None or server["status"] == "BUILD":
        return "NOSTATE"
    if server["status"] == "VERIFY_RESIZE" and _was_shut_off(server):
        return "Shutdown"
    return {"SHUTOFF": "Shutdown", "SUSPENDED": "Shutdown", "PAUSED": "Paused"}.get(server["status"], "Running")


def find_server(session: Session, wanted: str) -> Server:
    """By id, else by exact name; ClientError where none or several have it."""
    session.need("nova", "/servers")
    servers = session.part("nova")["servers"]
    for server in servers:
        if server["id"] == wanted:
            return server
    named = [server for server in servers if server["name"] == wanted]
    if len(named) > 1:
        raise ClientError(f"More than one server exists with the name '{wanted}'.")
    if not named:
        raise ClientError(f"No server with a name or ID of '{wanted}' exists.")
    return named[0]


def by_id(world: World, cloud: str, server_id: str) -> Server | None:
    return next((server for server in cloud_of(world, cloud)["servers"] if server["id"] == server_id), None)


def service_of(world: World, cloud: str, host: str, binary: str = "nova-compute") -> Service | None:
    """The service's entry for a full host name."""
    for service in cloud_of(world, cloud)["services"]:
        if service["host"] == host and service["binary"] == binary:
            return service
    return None


def service_is_up(world: World, service: Service) -> bool:
    """Whether the service reports: its host up for a while, its unit running, not forced down, not told to be down."""
    if service.get("forced_down") or service.get("up") is False:
        return False
    node = service["node"]
    return access.reports(world.state, node, f"openstack-{service['binary']}")


def reported_at(world: World, service: Service) -> str:
    """When the service last reported: at most 10 s ago while it is up, not since its host's boot otherwise."""
    when = float(world.clock.now() - world.clock.now() % 10)
    if not service_is_up(world, service):
        host = access.host(world.state, service["node"])
        when = float(host.get("booted_at", 0)) if host else 0.0
    return str(stamp(service.get("updated", when), "%Y-%m-%dT%H:%M:%S.000000"))


def refuse_unless(world: World, server: Server, action: str, states: tuple[str, ...]) -> None:
    """409 for a server whose vm_state or running task does not allow the action."""
    state = vm_state(server)
    if state not in states:
        raise api_error(world, f"Cannot '{action}' instance {server['id']} while it is in vm_state {state}", 409)
    if server.get("task_state"):
        task = server["task_state"]
        raise api_error(world, f"Cannot '{action}' instance {server['id']} while it is in task_state {task}", 409)


def ports_of(world: World, cloud: str, server_id: str) -> list[Port]:
    return [port for port in access.ports(world.state, cloud) if port.get("server") == server_id]


def new_ovs(world: World, cloud: str, host: str) -> bool:
    """Whether the openvswitch that runs on a compute is 2.9 or later."""
    service = service_of(world, cloud, host)
    entry = access.host(world.state, service["node"]) if service else None
    return version(running_openvswitch(entry)) >= (2, 9)


def running_openvswitch(host: Host | None) -> str:
    """The running daemon's version; "0" if the host has none."""
    found = host.get("openvswitch") if host else None
    return found["running"] if found else "0"


def version(shown: str) -> tuple[int, ...]:
    return tuple(int(part) for part in shown.split("-")[0].split(".") if part.isdigit())


def plug(world: World, cloud: str, server: Server) -> None:
    """Give the server's ports what its host's openvswitch makes of them now: client mode under OVS 2.9."""
    for port in ports_of(world, cloud, server["id"]):
        port["host"], port["plugged"] = server["host"], True
        if port.get("mode", "").startswith("dpdkvhostuser"):
            client = new_ovs(world, cloud, str(server["host"]))
            port["mode"] = "dpdkvhostuserclient" if client else "dpdkvhostuser"


def new_id(world: World, what: str) -> str:
    """A fresh id that a replay makes again: from the world's time and its count of things made."""
    world.state["sequence"] = world.state.get("sequence", 0) + 1
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{what} {world.clock.now()} {world.state['sequence']}"))
