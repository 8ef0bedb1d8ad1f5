"""nova's lists, as tables: servers, services, hosts, hypervisors, migrations, interfaces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from osp_simulator.state.nova import Server, Service
from osp_simulator.tools.nova.world import find_server, ports_of, power_state, reported_at, service_is_up
from osp_simulator.tools.openstack.compute import hypervisors
from osp_simulator.tools.openstack.format import table
from osp_simulator.tools.openstack.servers import addresses, matching, page, shown
from osp_simulator.tools.openstack.session import Session, api_error, stamp

SUBCOMMANDS: dict[str, Callable[[Session], None]] = {}


def subcommand(name: str) -> Callable[[Callable[[Session], None]], Callable[[Session], None]]:
    def register(function: Callable[[Session], None]) -> Callable[[Session], None]:
        SUBCOMMANDS[name] = function
        return function

    return register


def put(session: Session, columns: Sequence[str], rows: Sequence[Sequence[Any]], sort: int | None = None) -> None:
    """A table as novaclient prints it: text alone, to the left, None as a dash."""
    shown_rows = [["-" if cell is None else str(cell) for cell in row] for row in rows]
    if sort is not None:
        shown_rows.sort(key=lambda row: row[sort])
    session.call.stdout.write(table(columns, shown_rows))


def _services(session: Session) -> list[Service]:
    session.need("nova", "/os-services")
    given = session.arguments
    host, binary = given.value("--host"), given.value("--binary")
    services = session.part("nova")["services"]
    return [s for s in services if host in (None, s["host"]) and binary in (None, s["binary"])]


@subcommand("service-list")
def service_list(session: Session) -> None:
    rows = []
    for s in _services(session):
        status = "enabled" if s.get("enabled", True) else "disabled"
        state = "up" if service_is_up(session.world, s) else "down"
        when = reported_at(session.world, s)
        rows.append((s["id"], s["binary"], s["host"], s.get("zone", "nova"), status, state, when, s.get("reason")))
    put(session, ("Id", "Binary", "Host", "Zone", "Status", "State", "Updated_at", "Disabled Reason"), rows)


@subcommand("host-list")
def host_list(session: Session) -> None:
    rows = [(s["host"], s["binary"].removeprefix("nova-"), s.get("zone", "nova")) for s in _services(session)]
    put(session, ("host_name", "service", "zone"), rows)


@subcommand("list")
def list_servers(session: Session) -> None:
    given = session.arguments
    filters = {key: given.value(f"--{key}") for key in ("name", "status", "host", "ip")}
    everyone = given.flag("--all-tenants") and given.value("--all-tenants") != "0"
    found = page(
        session, matching(session, filters, everyone=everyone), given.value("--limit"), given.value("--marker")
    )
    if given.flag("--minimal"):
        put(session, ("ID", "Name"), [(s["id"], s["name"]) for s in found], sort=1)
        return
    columns = ["ID", "Name", "Status", "Task State", "Power State", "Networks"]
    rows = [[s["id"], s["name"], s["status"], s.get("task_state"), power_state(s), addresses(s)] for s in found]
    if everyone:
        columns.insert(2, "Tenant ID")
        for row, server in zip(rows, found, strict=True):
            row.insert(2, server.get("project_id", session.login.project_id))
    put(session, columns, rows, sort=1)


@subcommand("show")
def show(session: Session) -> None:
    server = find_server(session, session.arguments.text("<server>"))
    fields = dict(shown(session, server).fields)
    fields["tenant_id"] = fields.pop("project_id")
    fields["metadata"] = fields.pop("properties") or "{}"
    del fields["addresses"]
    for net, found in server.get("networks", {}).items():
        fields[f"{net} network"] = ", ".join(found)
    put(session, ("Property", "Value"), sorted(fields.items()))


@subcommand("migration-list")
def migration_list(session: Session) -> None:
    session.need("nova", "/os-migrations")
    rows = []
    for entry in session.part("nova").get("migrations", ()):
        status, host = session.arguments.value("--status"), session.arguments.value("--host")
        if status not in (None, entry["status"]) or host not in (None, entry["source"], entry["target"]):
            continue
        nodes = (entry["source"], entry["target"]) if entry["begun"] else (None, None)
        address = "192.168.0.1" if entry["type"] == "migration" else None
        times = (stamp(when, "%Y-%m-%dT%H:%M:%S.000000") for when in (entry["created"], entry["updated"]))
        ends = (entry["source"], entry["target"], address, entry["status"], entry["server"], "1", "1")
        rows.append((entry["id"], *nodes, *ends, *times, entry["type"]))
    columns = (
        "Id",
        "Source Node",
        "Dest Node",
        "Source Compute",
        "Dest Compute",
        "Dest Host",
        "Status",
        "Instance UUID",
    )
    put(session, (*columns, "Old Flavor", "New Flavor", "Created At", "Updated At", "Type"), rows)


@subcommand("server-migration-list")
def server_migration_list(session: Session) -> None:
    server = find_server(session, session.arguments.text("<server>"))
    rows = []
    for entry in session.part("nova").get("migrations", ()):
        if entry["server"] == server["id"] and entry["status"] == "running":
            ends = (entry["source"], entry["target"])
            times = (stamp(when, "%Y-%m-%dT%H:%M:%S.000000") for when in (entry["created"], entry["updated"]))
            rows.append((entry["id"], *ends, *ends, None, "running", server["id"], *times, *(["None"] * 6)))
    columns = ["Id", "Source Node", "Dest Node", "Source Compute", "Dest Compute", "Dest Host", "Status", "Server UUID"]
    columns += ["Created At", "Updated At"]
    columns += [f"{state} {what} Bytes" for what in ("Memory", "Disk") for state in ("Total", "Processed", "Remaining")]
    put(session, columns, rows)


@subcommand("hypervisor-servers")
def hypervisor_servers(session: Session) -> None:
    rows = []
    for number, host, servers in on_hypervisors(session, session.arguments.text("<hostname>")):
        rows += [(s["id"], s.get("instance_name", ""), number, host) for s in servers]
    put(session, ("ID", "Name", "Hypervisor ID", "Hypervisor Hostname"), rows)


@subcommand("hypervisor-list")
def hypervisor_list(session: Session) -> None:
    session.need("nova", "/os-hypervisors")
    rows = []
    for number, s in hypervisors(session):
        state = "up" if service_is_up(session.world, s) else "down"
        rows.append((number, s["host"], state, "enabled" if s.get("enabled", True) else "disabled"))
    put(session, ("ID", "Hypervisor hostname", "State", "Status"), rows)


@subcommand("interface-list")
def interface_list(session: Session) -> None:
    server = find_server(session, session.arguments.text("<server>"))
    rows = []
    for port in ports_of(session.world, session.cloud, server["id"]):
        rows.append(("ACTIVE", port["id"], port.get("network_id", port["network"]), port["address"], port["mac"]))
    put(session, ("Port State", "Port ID", "Net ID", "IP addresses", "MAC Addr"), rows)


def on_hypervisors(session: Session, pattern: str) -> list[tuple[int, str, list[Server]]]:
    """(id, host, its servers) of every hypervisor whose name holds the pattern; 404 where none does."""
    session.need("nova", "/os-hypervisors")
    found = [(number, s["host"]) for number, s in hypervisors(session) if pattern in s["host"]]
    if not found:
        raise api_error(session.world, f"No hypervisor matching '{pattern}' could be found.", 404)
    servers = session.part("nova")["servers"]
    return [(number, host, [s for s in servers if s.get("host") == host]) for number, host in found]
