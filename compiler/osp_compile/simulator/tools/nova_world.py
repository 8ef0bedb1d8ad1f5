"""Nova's side of the world: finding servers and hosts, and what the compute services do in the background.

A server: {id, name, status, task_state, host, kind, storage, on_live_migration, on_cold_migration, on_snapshot, ...},
see seed_cloud.py. `host` is the compute service's full name.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from osp_compile.simulator.registry import event
from osp_compile.simulator.world import World

from .openstack_session import ClientError, Session, api_error, host_is_up, stamp, unit_active

TIMING = {
    "live_migration": 14,
    "cold_migration": 25,
    "confirm": 3,
    "stop": 4,
    "start": 1,
    "snapshot": 20,
    "build": 5,
    "delete": 2,
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
    return "Shutdown" if server["status"] == "SHUTOFF" else "Running"


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
            return dict_entry(service)
    return None


def dict_entry(value: dict[str, Any]) -> dict[str, Any]:
    return value


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


@event("host_up")
def guests_after_boot(world: World, host: str) -> None:
    """Instances of a compute that has booted are shut off, unless nova is told to resume them."""
    for cloud, nova in world.state.get("nova", {}).items():
        hosts = {s["host"] for s in nova["services"] if s["binary"] == "nova-compute" and s["node"] == host}
        for server in nova["servers"]:
            if cloud == "undercloud" or server.get("host") not in hosts or server["status"] != "ACTIVE":
                continue
            if nova.get("resume_guests"):
                plug(world, cloud, server)
            else:
                server.update(status="SHUTOFF", task_state=None)


def refuse_unless(world: World, server: Server, action: str, states: tuple[str, ...]) -> None:
    """409 for a server whose vm_state or running task does not allow the action."""
    state = vm_state(server)
    if state not in states:
        raise api_error(world, f"Cannot '{action}' instance {server['id']} while it is in vm_state {state}", 409)
    if server.get("task_state"):
        task = server["task_state"]
        raise api_error(world, f"Cannot '{action}' instance {server['id']} while it is in task_state {task}", 409)


def check_target(world: World, cloud: str, server: Server, target: str) -> None:
    """What the API itself refuses about a live migration's target: unknown, the same, down. A disabled one it takes."""
    service = service_of(world, cloud, target)
    if service is None:
        raise api_error(world, f"Compute host {target} could not be found.", 400)
    if target == server["host"]:
        raise api_error(world, f"Unable to migrate instance ({server['id']}) to current host ({target}).", 400)
    if not service_is_up(world, service):
        raise api_error(world, f"Compute service of {target} is unavailable at this time.", 400)


def pre_check(server: Server, target: str, block: bool | None) -> str | None:
    """Why libvirt refuses a live migration, or None; `block` None lets the API choose."""
    if server.get("on_live_migration") == "refused" or server.get("kind") in ("pinned", "sriov"):
        reason = {
            "sriov": "instance has PCI devices that cannot be moved while it runs",
            "pinned": "instance is pinned to CPUs of its host",
        }.get(str(server.get("kind")), "the host refuses it")
        return f"Migration pre-check error: {reason}."
    local = server.get("storage") == "local"
    if block is True and not local and server.get("storage") is not None:
        return f"{target} is not on local storage: Block migration can not be used with shared storage."
    if block is False and local:
        return (
            f"{server['host']} is not on shared storage: Shared storage live-migration requires either shared storage "
            "or boot-from-volume with no local disks."
        )
    return None


def choose_host(world: World, cloud: str, server: Server) -> str | None:
    """The scheduler's choice: an enabled compute that is up, the one with the fewest instances, not the present one."""
    nova = cloud_of(world, cloud)
    load = {service["host"]: 0 for service in nova["services"] if service["binary"] == "nova-compute"}
    for other in nova["servers"]:
        if other.get("host") in load:
            load[other["host"]] += 1
    able = [
        service["host"]
        for service in nova["services"]
        if service["binary"] == "nova-compute"
        and service.get("enabled", True)
        and service_is_up(world, service)
        and service["host"] != server.get("host")
        and bool(service.get("dpdk")) == (server.get("kind") == "dpdk")
    ]
    return min(able, key=lambda host: load[host], default=None)


def note_migration(world: World, cloud: str, server: Server, kind: str, target: str | None, status: str) -> int:
    """Add a row to the migrations; its id."""
    nova = cloud_of(world, cloud)
    rows = nova.setdefault("migrations", [])
    number = 1 + max((row["id"] for row in rows), default=0)
    rows.append(
        {
            "id": number,
            "server": server["id"],
            "source": server["host"],
            "target": target,
            "status": status,
            "type": kind,
            "created": world.now(),
            "updated": world.now(),
        }
    )
    return number


def set_migration(world: World, cloud: str, number: int, status: str) -> None:
    for row in cloud_of(world, cloud).get("migrations", ()):
        if row["id"] == number:
            row.update(status=status, updated=world.now())


def begin_live_migration(
    world: World, cloud: str, server: Server, target: str | None, block: bool | None
) -> str | None:
    """Start moving a running server; the pre-check's refusal, if any, after which nothing has changed but the migrations."""
    chosen = target or choose_host(world, cloud, server)
    refusal = "No valid host was found. There are not enough hosts available." if chosen is None else None
    if chosen is not None:
        refusal = pre_check(server, chosen, block) or dpdk_refusal(world, cloud, server)
    if refusal is not None or chosen is None:
        note_migration(world, cloud, server, "live-migration", chosen, "error")
        return refusal
    number = note_migration(world, cloud, server, "live-migration", chosen, "running")
    server.update(status="MIGRATING", task_state="migrating")
    wait = seconds(world, cloud, "live_migration")
    world.after(wait, "live migration ends", cloud=cloud, server=server["id"], target=chosen, migration=number)
    return None


def dpdk_refusal(world: World, cloud: str, server: Server) -> str | None:
    """An instance with an old vhost-user port cannot leave a host whose openvswitch is 2.9."""
    if server.get("kind") != "dpdk":
        return None
    if any(port.get("mode") == "dpdkvhostuser" for port in ports_of(world, cloud, server["id"])) and new_ovs(
        world, cloud, str(server["host"])
    ):
        return "internal error: process exited while connecting to monitor: vhost-user port is not connected"
    return None


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
        port["host"] = server["host"]
        if str(port.get("mode", "")).startswith("dpdkvhostuser"):
            client = new_ovs(world, cloud, str(server["host"]))
            port["mode"] = "dpdkvhostuserclient" if client else "dpdkvhostuser"


@event("live migration ends")
def live_migration_ends(world: World, cloud: str, server: str, target: str, migration: int) -> None:
    """The server is on its target; or rolled back, or broken, as it is told or as its hosts stand."""
    found = by_id(world, cloud, server)
    if found is None or found["status"] != "MIGRATING":
        return
    ends = [service_of(world, cloud, host) for host in (str(found["host"]), target)]
    alive = all(end is not None and service_is_up(world, end) for end in ends)
    outcome = found.get("on_live_migration", "works") if alive else "rolls-back"
    found.update(status="ACTIVE", task_state=None, updated=world.now())
    if outcome == "works":
        found["host"] = target
        plug(world, cloud, found)
        set_migration(world, cloud, migration, "completed")
    elif outcome == "ends-in-error":
        found["status"] = "ERROR"
        set_migration(world, cloud, migration, "error")
    else:
        set_migration(world, cloud, migration, "failed")


def begin_cold_migration(world: World, cloud: str, server: Server) -> None:
    """Start a cold migration to the scheduler's choice; ClientError where there is none."""
    chosen = choose_host(world, cloud, server)
    if chosen is None:
        raise api_error(world, "No valid host was found. No valid host found for cold migrate", 400)
    number = note_migration(world, cloud, server, "migration", chosen, "migrating")
    server["previous"] = {"host": server["host"], "status": server["status"]}
    server.update(status="RESIZE", task_state="resize_migrating")
    wait = seconds(world, cloud, "cold_migration")
    world.after(wait, "cold migration ends", cloud=cloud, server=server["id"], target=chosen, migration=number)


@event("cold migration ends")
def cold_migration_ends(world: World, cloud: str, server: str, target: str, migration: int) -> None:
    found = by_id(world, cloud, server)
    if found is None or found["status"] != "RESIZE":
        return
    found.update(task_state=None, updated=world.now())
    if found.get("on_cold_migration", "works") == "works":
        found.update(status="VERIFY_RESIZE", host=target)
        plug(world, cloud, found)
        set_migration(world, cloud, migration, "finished")
    else:
        found["status"] = "ERROR"
        set_migration(world, cloud, migration, "error")


@event("resize settled")
def resize_settled(world: World, cloud: str, server: str, revert: bool) -> None:
    """A confirmed server is what it was before, on its new host; a reverted one on the old."""
    found = by_id(world, cloud, server)
    if found is None or "previous" not in found:
        return
    previous = found.pop("previous")
    found.update(status=previous["status"], task_state=None, updated=world.now())
    if revert:
        found["host"] = previous["host"]
        plug(world, cloud, found)
    for row in cloud_of(world, cloud).get("migrations", ()):
        if row["server"] == server and row["status"] == "finished":
            row.update(status="reverted" if revert else "confirmed", updated=world.now())


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
    found.update(status=status, task_state=None, updated=world.now())
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
        chosen = None if found.get("too_big") else wanted or choose_host(world, cloud, found)
    networks, name = found.pop("wanted_networks", {}), found.pop("wanted_name", "")
    found.update(task_state=None, updated=world.now(), instance_name=name)
    if chosen is None:
        found.update(
            status="ERROR", fault={"message": "No valid host was found. ", "code": 500, "created": world.now()}
        )
        return
    found.update(status="ACTIVE", host=chosen, zone="nova", launched=world.now(), networks=networks)
    plug(world, cloud, found)


@event("server gone")
def server_gone(world: World, cloud: str, server: str) -> None:
    nova = cloud_of(world, cloud)
    nova["servers"] = [entry for entry in nova["servers"] if entry["id"] != server]
    ports = world.state.get("neutron", {}).get(cloud, {}).get("ports", [])
    for port in list(ports):
        if port.get("server") == server:
            if port.get("made_for_server"):
                ports.remove(port)
            else:
                port.update(server=None, host=None)


def new_id(world: World, what: str) -> str:
    """A fresh id that a replay makes again: from the world's time and its count of things made."""
    world.state["sequence"] = world.state.get("sequence", 0) + 1
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{what} {world.now()} {world.state['sequence']}"))
