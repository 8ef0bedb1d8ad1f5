"""openstack server list and show."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from osp_simulator.state.nova import NovaCloud, Server
from osp_simulator.tools.nova.world import find_server, power_state, vm_state
from osp_simulator.tools.openstack.format import Record, Table
from osp_simulator.tools.openstack.session import Answer, Session, api_error, command, stamp

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
    return ip is None or _has_address(server, ip)


def _has_address(server: Server, pattern: str) -> bool:
    return any(re.search(pattern, address) for found in server.get("networks", {}).values() for address in found)


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
    everyone = any([given.flag("--all-projects"), given.flag("--project")])
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


def properties(values: Mapping[str, str]) -> str:
    return ", ".join(f"{key}='{values[key]}'" for key in sorted(values))


def _shown(session: Session, server: Server) -> dict[str, Any]:
    """Every field of `server show`, unsorted."""
    host = server.get("host")
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
        "flavor": _flavor_shown(session.part("nova"), server),
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
    fault = server.get("fault")
    if fault:
        fields["fault"] = {**fault, "created": stamp(fault.get("created", 0))}
    return fields


def _flavor_shown(nova: NovaCloud, server: Server) -> str:
    """With its id, unless it is gone."""
    for flavor in nova["flavors"]:
        if flavor["name"] == server.get("flavor"):
            return f"{flavor['name']} ({flavor['id']})"
    return str(server.get("flavor", ""))


def shown(session: Session, server: Server, **more: Any) -> Record:
    """The answer of `server show` and `server create`, fields sorted as the client does."""
    fields = {**_shown(session, server), **more}
    return Record(tuple(sorted(fields.items())))


@command("server show")
def server_show(session: Session) -> Answer:
    return shown(session, find_server(session, session.arguments.text("<server>")))
