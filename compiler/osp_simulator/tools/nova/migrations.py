"""Live and cold migrations: what is refused at once, what goes on in the background, how each ends."""

from __future__ import annotations

from datetime import UTC, datetime

from osp_simulator.engine import events
from osp_simulator.engine.world import World
from osp_simulator.state.nova import Server, Service
from osp_simulator.tools.nova.world import (
    by_id,
    cloud_of,
    new_ovs,
    plug,
    ports_of,
    seconds,
    service_is_up,
    service_of,
)
from osp_simulator.tools.openstack.session import api_error

# As libvirt refuses what BZ1867127 is about: the migration ends on its own host, and nova's API shows no reason.
CPU_REFUSAL = "operation failed: guest CPU doesn't match specification: missing features: ssbd"


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
    """Why libvirt refuses a live migration, or None; `block` None lets the API choose.

    Newton does not refuse pinned CPUs: they are pinned to the same numbers on the target, even if these are in use.
    """
    if server.get("on_live_migration") == "refused":
        return "Migration pre-check error: the host refuses it."
    if server.get("kind") == "sriov":
        return "Migration pre-check error: instance has PCI devices that cannot be moved while it runs."
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
        host = other.get("host")
        if host in load:
            load[host] += 1
    able = [service["host"] for service in nova["services"] if _may_take(world, service, server)]
    return min(able, key=lambda host: load[host], default=None)


def _may_take(world: World, service: Service, server: Server) -> bool:
    """Whether the scheduler's filters let a server go to the host of this service."""
    return (
        service["binary"] == "nova-compute"
        and service.get("enabled", True)
        and service_is_up(world, service)
        and service["host"] != server.get("host")
        and bool(service.get("dpdk")) == (server.get("kind") == "dpdk")
    )


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
            "begun": status != "error",
            "created": world.clock.now(),
            "updated": world.clock.now(),
        }
    )
    return number


def set_migration(world: World, cloud: str, number: int, status: str) -> None:
    for row in cloud_of(world, cloud).get("migrations", ()):
        if row["id"] == number:
            row["status"], row["updated"] = status, world.clock.now()


def begin_live_migration(
    world: World, cloud: str, server: Server, target: str | None, block: bool | None
) -> str | None:
    """Start moving a running server; the pre-check's refusal, if any; then only the list of migrations has changed."""
    chosen = target or choose_host(world, cloud, server)
    refusal = "No valid host was found. There are not enough hosts available." if chosen is None else None
    if chosen is not None:
        refusal = pre_check(server, chosen, block) or dpdk_refusal(world, cloud, server)
    if refusal is not None or chosen is None:
        note_migration(world, cloud, server, "live-migration", chosen, "error")
        return refusal
    number = note_migration(world, cloud, server, "live-migration", chosen, "running")
    server["status"], server["task_state"] = "MIGRATING", "migrating"
    wait = seconds(world, cloud, "live_migration")
    world.clock.after(
        wait, events.live_migration_ends, cloud=cloud, server=server["id"], target=chosen, migration=number
    )
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


@events.live_migration_ends.handler
def live_migration_ends(world: World, cloud: str, server: str, target: str, migration: int) -> None:
    """Ends a live migration: on its target, rolled back or in error, as the state says or its hosts require."""
    found = by_id(world, cloud, server)
    if found is None or found["status"] != "MIGRATING":
        return
    ends = [service_of(world, cloud, host) for host in (str(found["host"]), target)]
    alive = all(end is not None and service_is_up(world, end) for end in ends)
    outcome = found.get("on_live_migration", "works") if alive else "rolls-back"
    found.update({"status": "ACTIVE", "task_state": None, "updated": world.clock.now()})
    if outcome == "works":
        found["host"] = target
        plug(world, cloud, found)
        set_migration(world, cloud, migration, "completed")
    elif outcome == "ends-in-error":
        found["status"] = "ERROR"
        set_migration(world, cloud, migration, "error")
    else:
        if outcome == "refused-by-cpu":
            tell_compute_log(world, cloud, found, CPU_REFUSAL)
        set_migration(world, cloud, migration, "failed")


def tell_compute_log(world: World, cloud: str, server: Server, words: str) -> None:
    """What nova-compute of the server's host writes of a live migration that libvirt did not carry out."""
    service = service_of(world, cloud, str(server["host"]))
    if service is None:
        return
    when = datetime.fromtimestamp(world.clock.now(), UTC).strftime("%Y-%m-%d %H:%M:%S.119")
    log = world.files.path(service["node"], "/var/log/nova/nova-compute.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as text:
        text.write(
            f"{when} 2711 ERROR nova.virt.libvirt.driver [req-1d3a6d25-f8ae-44f4-b40a-5b4b0a5d91b5 - - - - -] "
            f"[instance: {server['id']}] Live Migration failure: {words}\n"
        )


def begin_cold_migration(world: World, cloud: str, server: Server) -> None:
    """Start a cold migration to the scheduler's choice; ClientError where there is none."""
    chosen = choose_host(world, cloud, server)
    if chosen is None:
        raise api_error(world, "No valid host was found. No valid host found for cold migrate", 400)
    number = note_migration(world, cloud, server, "migration", chosen, "migrating")
    server["previous"] = {"host": server["host"], "status": server["status"]}
    server["status"], server["task_state"] = "RESIZE", "resize_migrating"
    wait = seconds(world, cloud, "cold_migration")
    world.clock.after(
        wait, events.cold_migration_ends, cloud=cloud, server=server["id"], target=chosen, migration=number
    )


@events.cold_migration_ends.handler
def cold_migration_ends(world: World, cloud: str, server: str, target: str, migration: int) -> None:
    found = by_id(world, cloud, server)
    if found is None or found["status"] != "RESIZE":
        return
    found["task_state"], found["updated"] = None, world.clock.now()
    if found.get("on_cold_migration", "works") == "works":
        # nova takes them off there when the migration is confirmed
        for port in ports_of(world, cloud, server):
            port["left"] = {"host": found["host"], "mode": port.get("mode", "")}
        found["status"], found["host"] = "VERIFY_RESIZE", target
        plug(world, cloud, found)
        set_migration(world, cloud, migration, "finished")
    else:
        found["status"] = "ERROR"
        set_migration(world, cloud, migration, "error")


@events.resize_settled.handler
def resize_settled(world: World, cloud: str, server: str, revert: bool) -> None:
    """A confirmed server is what it was before, on its new host; a reverted one on the old."""
    found = by_id(world, cloud, server)
    if found is None or "previous" not in found:
        return
    previous = found.pop("previous")
    found.update({"status": previous["status"], "task_state": None, "updated": world.clock.now()})
    for port in ports_of(world, cloud, server):
        port.pop("left", None)
    if revert:
        found["host"] = previous["host"]
        plug(world, cloud, found)
    for row in cloud_of(world, cloud).get("migrations", ()):
        if row["server"] == server and row["status"] == "finished":
            row["status"], row["updated"] = "reverted" if revert else "confirmed", world.clock.now()
