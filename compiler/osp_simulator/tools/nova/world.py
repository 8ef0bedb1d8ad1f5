"""Nova's side of the world: servers, hosts, services and ports, and what state each is in.

A server: {id, name, status, task_state, host, kind, storage, on_live_migration, on_cold_migration, on_snapshot, ...},
see seed_cloud.py. `host` is the compute service's full name.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from osp_simulator.engine.world import World
from osp_simulator.tools.openstack.session import (
    ClientError,
    Session,
    api_error,
    dict_of,
    host_is_up,
    stamp,
    unit_active,
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
Server = dict[str, Any]


def cloud_of(world: World, cloud: str) -> dict[str, Any]:
    found: dict[str, Any] = world.state["nova"][cloud]
    return found


def seconds(world: World, cloud: str, name: str) -> float:
    """How long something takes in this cloud, in world seconds."""
    return float(cloud_of(world, cloud).get("timing", {}).get(name, TIMING[name]))


def vm_state(server: Mapping[str, Any]) -> str:
    if server["status"] == "RESIZE" and server.get("previous", {}).get("status") == "SHUTOFF":
        return "stopped"
    return VM_STATES.get(server["status"], str(server["status"]).lower())


def power_state(server: Mapping[str, Any]) -> str:
    if server.get("host") is None or server["status"] == "BUILD":
        return "NOSTATE"
    if server["status"] == "VERIFY_RESIZE" and server.get("previous", {}).get("status") == "SHUTOFF":
        return "Shutdown"
    return {"SHUTOFF": "Shutdown", "SUSPENDED": "Shutdown", "PAUSED": "Paused"}.get(server["status"], "Running")


def find_server(session: Session, wanted: str) -> Server:
    """By id, else by exact name; ClientError where none or several have it."""
    session.need("nova", "/servers")
    servers: list[Server] = session.part("nova")["servers"]
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


def service_of(world: World, cloud: str, host: str, binary: str = "nova-compute") -> dict[str, Any] | None:
    """The service's entry for a full host name."""
    for service in cloud_of(world, cloud)["services"]:
        if service["host"] == host and service["binary"] == binary:
            return dict_of(service)
    return None


def service_is_up(world: World, service: Mapping[str, Any]) -> bool:
    """Whether the service reports: its host up for a while, its unit running, not forced down, not told to be down."""
    if service.get("forced_down") or service.get("up") is False:
        return False
    node = str(service["node"])
    host = world.state.get("hosts", {}).get(node, {})
    return host_is_up(world.state, node, settled=True) and unit_active(host, f"openstack-{service['binary']}")


def reported_at(world: World, service: Mapping[str, Any]) -> str:
    """When the service last reported: at most 10 s ago while it is up, not since its host's boot otherwise."""
    when = float(world.now() - world.now() % 10)
    if not service_is_up(world, service):
        when = float(world.state.get("hosts", {}).get(service["node"], {}).get("booted_at", 0))
    return str(stamp(service.get("updated", when), "%Y-%m-%dT%H:%M:%S.000000"))


def refuse_unless(world: World, server: Server, action: str, states: tuple[str, ...]) -> None:
    """409 for a server whose vm_state or running task does not allow the action."""
    state = vm_state(server)
    if state not in states:
        raise api_error(world, f"Cannot '{action}' instance {server['id']} while it is in vm_state {state}", 409)
    if server.get("task_state"):
        task = server["task_state"]
        raise api_error(world, f"Cannot '{action}' instance {server['id']} while it is in task_state {task}", 409)


def ports_of(world: World, cloud: str, server_id: str) -> list[dict[str, Any]]:
    ports = world.state.get("neutron", {}).get(cloud, {}).get("ports", [])
    return [port for port in ports if port.get("server") == server_id]


def new_ovs(world: World, cloud: str, host: str) -> bool:
    """Whether the openvswitch that runs on a compute is 2.9 or later."""
    service = service_of(world, cloud, host)
    entry = world.state.get("hosts", {}).get(service["node"], {}) if service else {}
    return version(running_openvswitch(entry)) >= (2, 9)


def running_openvswitch(host: Mapping[str, Any]) -> str:
    """The running daemon's version, by whichever of the host's fields has it; "0" if it has none."""
    found = host.get("openvswitch")
    if isinstance(found, Mapping):
        found = found.get("running")
    return str(found or host.get("ovs_running") or "0")


def version(shown: str) -> tuple[int, ...]:
    return tuple(int(part) for part in shown.split("-")[0].split(".") if part.isdigit())


def plug(world: World, cloud: str, server: Server) -> None:
    """Give the server's ports what its host's openvswitch makes of them now: client mode under OVS 2.9."""
    for port in ports_of(world, cloud, server["id"]):
        port.update(host=server["host"], plugged=True)
        if str(port.get("mode", "")).startswith("dpdkvhostuser"):
            client = new_ovs(world, cloud, str(server["host"]))
            port["mode"] = "dpdkvhostuserclient" if client else "dpdkvhostuser"


def new_id(world: World, what: str) -> str:
    """A fresh id that a replay makes again: from the world's time and its count of things made."""
    world.state["sequence"] = world.state.get("sequence", 0) + 1
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{what} {world.now()} {world.state['sequence']}"))
