"""openstack server list, show; nova's other lists: compute service, hypervisor, flavor, aggregate, usage."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from .nova_world import Server, find_server, power_state, reported_at, service_is_up, vm_state
from .openstack_format import Record, Table
from .openstack_session import Answer, ClientError, Session, api_error, command, stamp

PAGE = 1000  # nova's osapi_max_limit: more come only page by page


def addresses(server: Server) -> str:
    return "; ".join(f"{net}={', '.join(found)}" for net, found in server.get("networks", {}).items())


def matching(session: Session, filters: dict[str, str | None], *, everyone: bool) -> list[Server]:
    """The servers an API list returns, newest first, before any paging."""
    session.need("nova", "/servers/detail")
    if not session.login.admin:
        filters = {**filters, "host": None}  # the API drops what only administrators may filter by, and says nothing
    if everyone and not session.login.admin:
        rule = "os_compute_api:servers:detail:get_all_tenants"
        raise api_error(session.world, f"Policy doesn't allow {rule} to be performed.", 403)
    found = sorted(session.part("nova")["servers"], key=lambda server: -float(server.get("created", 0)))
    if not everyone:
        found = [server for server in found if server.get("project", "admin") == session.login.project]
    return [server for server in found if _passes(server, filters)]


def _passes(server: Server, filters: dict[str, str | None]) -> bool:
    name, status, host, ip = (filters.get(key) for key in ("name", "status", "host", "ip"))
    if host is not None and server.get("host") != host:
        return False
    if status is not None and server["status"] != status.upper():
        return False
    if name is not None and re.search(name, server["name"], re.IGNORECASE) is None:
        return False
    listed = [address for found in server.get("networks", {}).values() for address in found]
    return ip is None or any(re.search(ip, address) for address in listed)


def page(session: Session, servers: list[Server], limit: str | None, marker: str | None) -> list[Server]:
    """The part of a list that one request gets; a limit of -1 makes the client ask for every page."""
    if marker is not None:
        ids = [server["id"] for server in servers]
        if marker not in ids:
            raise api_error(session.world, f"marker [{marker}] not found", 400)
        servers = servers[ids.index(marker) + 1 :]
    if limit is not None and int(limit) < 0:
        return servers
    most = int(session.part("nova").get("max_limit", PAGE))
    return servers[: min(most, int(limit)) if limit is not None else most]


@command("server list")
def server_list(session: Session) -> Answer:
    given = session.arguments
    filters = {key: given.value(f"--{key}") for key in ("name", "status", "host", "ip")}
    everyone = given.flag("--all-projects") or given.flag("--project")
    found = page(
        session, matching(session, filters, everyone=everyone), given.value("--limit"), given.value("--marker")
    )
    short = ("ID", "Name", "Status", "Networks", "Image Name")
    if not given.flag("--long"):
        rows = [(s["id"], s["name"], s["status"], addresses(s), s.get("image", "")) for s in found]
        return Table(short, tuple(rows))
    columns = ("ID", "Name", "Status", "Task State", "Power State", "Networks", "Image Name", "Image ID")
    return Table((*columns, "Availability Zone", "Host", "Properties"), tuple(_long_row(server) for server in found))


def _long_row(server: Server) -> tuple[Any, ...]:
    return (
        server["id"],
        server["name"],
        server["status"],
        server.get("task_state"),
        power_state(server),
        addresses(server),
        server.get("image", ""),
        server.get("image_id", ""),
        server.get("zone", "nova") if server.get("host") else "",
        server.get("host"),
        properties(server.get("metadata", {})),
    )


def properties(values: dict[str, Any]) -> str:
    return ", ".join(f"{key}='{values[key]}'" for key in sorted(values))


def _shown(session: Session, server: Server) -> dict[str, Any]:
    """Every field of `server show`, unsorted."""
    nova = session.part("nova")
    host = server.get("host")
    flavor = next((entry for entry in nova["flavors"] if entry["name"] == server.get("flavor")), None)
    image = f"{server['image']} ({server.get('image_id', '')})" if server.get("image") else ""
    fields: dict[str, Any] = {
        "OS-DCF:diskConfig": "MANUAL",
        "OS-EXT-AZ:availability_zone": server.get("zone", "nova") if host else "",
        "OS-EXT-SRV-ATTR:host": host,
        "OS-EXT-SRV-ATTR:hypervisor_hostname": server.get("hypervisor", host),
        "OS-EXT-SRV-ATTR:instance_name": server.get("instance_name", ""),
        "OS-EXT-STS:power_state": power_state(server),
        "OS-EXT-STS:task_state": server.get("task_state"),
        "OS-EXT-STS:vm_state": vm_state(server),
        "OS-SRV-USG:launched_at": stamp(server.get("launched"), "%Y-%m-%dT%H:%M:%S.000000"),
        "OS-SRV-USG:terminated_at": None,
        "accessIPv4": "",
        "accessIPv6": "",
        "addresses": addresses(server),
        "config_drive": "",
        "created": stamp(server.get("created", 0)),
        "flavor": f"{flavor['name']} ({flavor['id']})" if flavor else str(server.get("flavor", "")),
        "hostId": hashlib.sha224(f"{session.login.project_id}{host}".encode()).hexdigest() if host else "",
        "id": server["id"],
        "image": image,
        "key_name": server.get("key_name"),
        "name": server["name"],
        "os-extended-volumes:volumes_attached": [{"id": volume} for volume in server.get("volumes", ())],
        "project_id": server.get("project_id", session.login.project_id),
        "properties": properties(server.get("metadata", {})),
        "status": server["status"],
        "updated": stamp(server.get("updated", server.get("created", 0))),
        "user_id": server.get("user_id", session.login.user_id),
    }
    if server["status"] not in ("ERROR", "SHUTOFF", "VERIFY_RESIZE"):
        fields["progress"] = 0
    if host or server["status"] == "BUILD":
        fields["security_groups"] = [{"name": name} for name in server.get("security_groups", ["default"])]
    if server.get("fault"):
        fault = dict(server["fault"])
        fields["fault"] = {**fault, "created": stamp(fault.get("created", 0))}
    return fields


def shown(session: Session, server: Server, **more: Any) -> Record:
    """The answer of `server show` and `server create`, fields sorted as the client does."""
    fields = {**_shown(session, server), **more}
    return Record(tuple(sorted(fields.items())))


@command("server show")
def server_show(session: Session) -> Answer:
    return shown(session, find_server(session, session.arguments.text("<server>")))


@command("compute service list")
def compute_service_list(session: Session) -> Answer:
    given = session.arguments
    session.need("nova", "/os-services")
    host, binary = given.value("--host"), given.value("--service")
    rows = []
    for service in session.part("nova")["services"]:
        if (host and service["host"] != host) or (binary and service["binary"] != binary):
            continue
        rows.append(_service_row(session, service, long=given.flag("--long")))
    columns = ("ID", "Binary", "Host", "Zone", "Status", "State", "Updated At")
    return Table((*columns, "Disabled Reason") if given.flag("--long") else columns, tuple(rows))


def _service_row(session: Session, service: dict[str, Any], *, long: bool) -> tuple[Any, ...]:
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
    found = [s for s in session.part("nova")["services"] if s["host"] == host and s["binary"] == binary]
    wish = "disabled" if given.flag("--disable") else "enabled" if given.flag("--enable") else None
    failed = f"Compute service {binary} of host {host} failed to set."
    if not found and wish:
        raise ClientError(f"Failed to set service status to {wish}\n{failed}")
    if not found and (given.flag("--up") or given.flag("--down")):
        raise ClientError(f"Failed to set service state to {'up' if given.flag('--up') else 'down'}\n{failed}")
    for service in found:
        if wish:
            service.update(enabled=wish == "enabled", reason=reason if wish == "disabled" else None)
        if given.flag("--up") or given.flag("--down"):
            service["forced_down"] = given.flag("--down")
    return None


def hypervisors(session: Session) -> list[tuple[int, dict[str, Any]]]:
    """(id, nova-compute service) of every hypervisor."""
    computes = [s for s in session.part("nova")["services"] if s["binary"] == "nova-compute"]
    return list(enumerate(computes, 1))


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
            running = [s for s in session.part("nova")["servers"] if s.get("host") == service["host"]]
            kinds = {flavor["name"]: flavor for flavor in session.part("nova")["flavors"]}
            used = [kinds[s["flavor"]] for s in running if s.get("flavor") in kinds]
            fields = {
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
            return Record(tuple(sorted(fields.items())))
    raise ClientError(f"No hypervisor with a name or ID of '{wanted}' exists.")


@command("flavor list")
def flavor_list(session: Session) -> Answer:
    session.need("nova", "/flavors/detail")
    columns = ("ID", "Name", "RAM", "Disk", "Ephemeral", "VCPUs", "Is Public")
    keys = ("id", "name", "ram", "disk", "ephemeral", "vcpus", "public")
    return Table(columns, tuple(tuple(flavor[key] for key in keys) for flavor in session.part("nova")["flavors"]))


@command("flavor show")
def flavor_show(session: Session) -> Answer:
    session.need("nova", "/flavors")
    wanted = session.arguments.text("<flavor>")
    for flavor in session.part("nova")["flavors"]:
        if wanted in (flavor["id"], flavor["name"]):
            fields = {key: flavor[key] for key in ("disk", "id", "name", "ram", "vcpus")}
            fields |= {"OS-FLV-DISABLED:disabled": False, "OS-FLV-EXT-DATA:ephemeral": flavor["ephemeral"]}
            fields |= {
                "os-flavor-access:is_public": flavor["public"],
                "properties": properties(flavor.get("properties", {})),
            }
            fields |= {"rxtx_factor": 1.0, "swap": ""}
            return Record(tuple(sorted(fields.items())))
    raise ClientError(f"No flavor with a name or ID of '{wanted}' exists.")


@command("aggregate list")
def aggregate_list(session: Session) -> Answer:
    session.need("nova", "/os-aggregates")
    rows = [(entry["id"], entry["name"], entry.get("zone")) for entry in session.part("nova").get("aggregates", ())]
    return Table(("ID", "Name", "Availability Zone"), tuple(rows))
