"""openstack compute service and hypervisor."""

from __future__ import annotations

from typing import Any

from osp_simulator.state.nova import Flavor, NovaCloud, Server, Service
from osp_simulator.tools.nova.world import power_state, reported_at, service_is_up
from osp_simulator.tools.openstack.format import Record, Table
from osp_simulator.tools.openstack.session import Answer, ClientError, Session, api_error, command


@command("compute service list")
def compute_service_list(session: Session) -> Answer:
    given = session.arguments
    session.need("nova", "/os-services")
    found = _services(session, given.value("--host") or None, given.value("--service") or None)
    rows = [_service_row(session, service, long=given.flag("--long")) for service in found]
    columns = ("ID", "Binary", "Host", "Zone", "Status", "State", "Updated At")
    return Table((*columns, "Disabled Reason") if given.flag("--long") else columns, tuple(rows))


def _services(session: Session, host: str | None, binary: str | None) -> list[Service]:
    """Nova's services of this host and with this binary; None stands for any."""
    return [
        service
        for service in session.part("nova")["services"]
        if host in (None, service["host"]) and binary in (None, service["binary"])
    ]


def _service_row(session: Session, service: Service, *, long: bool) -> tuple[Any, ...]:
    row = (
        service["id"],
        service["binary"],
        service["host"],
        service.get("zone", "nova"),
        "enabled" if service.get("enabled", True) else "disabled",
        "up" if service_is_up(session.world, service) else "down",
        reported_at(session.world, service),
    )
    return (*row, service.get("reason")) if long else row


@command("compute service set")
def compute_service_set(session: Session) -> Answer:
    given = session.arguments
    host, binary = given.text("<host>"), given.text("<service>")
    reason = given.value("--disable-reason")
    if reason is not None and not given.flag("--disable"):
        raise ClientError("Cannot specify option --disable-reason without --disable specified.")
    session.need("nova", "/os-services")
    found = _services(session, host, binary)
    switch, force = _given(session, "disable", "enable"), _given(session, "up", "down")
    failed = f"Compute service {binary} of host {host} failed to set."
    if not found and switch:
        raise ClientError(f"Failed to set service status to {switch}d\n{failed}")
    if not found and force:
        raise ClientError(f"Failed to set service state to {force}\n{failed}")
    for service in found:
        if switch:
            service["enabled"], service["reason"] = switch == "enable", reason
        if force:
            service["forced_down"] = given.flag("--down")
    return None


@command("compute service delete")
def compute_service_delete(session: Session) -> Answer:
    """By ids, all that are there; the client counts those that nova does not know."""
    wanted = session.arguments.every("<service>")
    session.need("nova", "/os-services")
    services = session.part("nova")["services"]
    lost = [number for number in wanted if number not in [str(service["id"]) for service in services]]
    session.part("nova")["services"] = [service for service in services if str(service["id"]) not in wanted]
    if lost:
        raise ClientError(f"{len(lost)} of {len(wanted)} compute services failed to delete.")
    return None


def _given(session: Session, *names: str) -> str | None:
    """The first of these flags that is given."""
    return next((name for name in names if session.arguments.flag(f"--{name}")), None)


def hypervisors(session: Session) -> list[tuple[int, Service]]:
    """(id, nova-compute service) of every hypervisor."""
    return list(enumerate(_services(session, None, "nova-compute"), 1))


@command("hypervisor list")
def hypervisor_list(session: Session) -> Answer:
    session.need("nova", "/os-hypervisors")
    wanted = session.arguments.value("--matching")
    rows = [(number, s["host"]) for number, s in hypervisors(session) if wanted is None or wanted in s["host"]]
    if wanted is not None and not rows:
        raise api_error(session.world, f"No hypervisor matching '{wanted}' could be found.", 404)
    return Table(("ID", "Hypervisor Hostname"), tuple(rows))


@command("hypervisor show")
def hypervisor_show(session: Session) -> Answer:
    session.need("nova", "/os-hypervisors")
    wanted = session.arguments.text("<hypervisor>")
    for number, service in hypervisors(session):
        if wanted in (service["host"], str(number)):
            return Record(tuple(sorted(_hypervisor(session, number, service).items())))
    raise ClientError(f"No hypervisor with a name or ID of '{wanted}' exists.")


def _hypervisor(session: Session, number: int, service: Service) -> dict[str, Any]:
    nova = session.part("nova")
    running = [s for s in nova["servers"] if s.get("host") == service["host"]]
    used = _flavors_of(running, nova)
    return {
        "memory_mb": service.get("memory_mb", 262144),
        "memory_mb_used": 512 + sum(int(flavor["ram"]) for flavor in used),
        "vcpus": service.get("vcpus", 64),
        "vcpus_used": sum(int(flavor["vcpus"]) for flavor in used),
        "hypervisor_hostname": service["host"],
        "hypervisor_type": "QEMU",
        "id": number,
        "running_vms": sum(power_state(server) == "Running" for server in running),
        "service_host": service["host"],
        "service_id": service["id"],
        "state": "up" if service_is_up(session.world, service) else "down",
        "status": "enabled" if service.get("enabled", True) else "disabled",
    }


def _flavors_of(servers: list[Server], nova: NovaCloud) -> list[Flavor]:
    """The flavor of each server, without those that nova does not know any more."""
    known = {flavor["name"]: flavor for flavor in nova["flavors"]}
    return [known[server["flavor"]] for server in servers if server.get("flavor") in known]


@command("hypervisor stats show")
def hypervisor_stats_show(session: Session) -> Answer:
    """Nova counts the hypervisors whose compute service is not disabled; on the undercloud that is ironic's nodes."""
    session.need("nova", "/os-hypervisors/statistics")
    nova = session.part("nova")
    hosts = [one["host"] for one in nova["services"] if one["binary"] == "nova-compute" and one.get("enabled", True)]
    there = len(session.part("ironic")["nodes"]) if session.cloud == "undercloud" else len(hosts)
    count = there if hosts else 0
    fields = {"count": count, "current_workload": 0, "disk_available_least": 0, "free_disk_gb": 0, "free_ram_mb": 0}
    fields |= {"local_gb": 40 * count, "local_gb_used": 40 * count, "memory_mb": 4096 * count}
    fields |= {"memory_mb_used": 4096 * count, "running_vms": len(nova["servers"]), "vcpus": count, "vcpus_used": count}
    return Record(tuple(sorted(fields.items())))
