"""The `nova` client, 6.0.2: live migration, evacuation, lists as tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from osp_compile.simulator.call import Call
from osp_compile.simulator.registry import tool
from osp_compile.simulator.world import World

from .nova_world import (
    Server,
    begin_cold_migration,
    begin_live_migration,
    find_server,
    ports_of,
    power_state,
    refuse_unless,
    reported_at,
    seconds,
    service_is_up,
    service_of,
)
from .openstack import SECONDS, say, split_globals
from .openstack_arguments import Parser, UsageError, contracts, usage
from .openstack_format import table
from .openstack_images import start_snapshot
from .openstack_server_actions import confirm, start, stop
from .openstack_servers import addresses, hypervisors, matching, page, shown
from .openstack_session import ClientError, Session, api_error, authenticate, check_region, stamp

SUBCOMMANDS: dict[str, Callable[[Session], None]] = {}


def subcommand(name: str) -> Callable[[Callable[[Session], None]], Callable[[Session], None]]:
    def register(function: Callable[[Session], None]) -> Callable[[Session], None]:
        SUBCOMMANDS[name] = function
        return function

    return register


@tool("nova")
def nova(call: Call, world: World) -> int:
    """Run one nova command line."""
    env, words, asked = split_globals(call)
    if "--version" in asked:
        return say(call, "6.0.2", 0)
    name = words[0] if words else ""
    if name not in SUBCOMMANDS:
        words = [f"error: argument <subcommand>: invalid choice: u'{name}'", "Try 'nova help ' for more information."]
        return say(call, usage("nova", "list") + "\n".join(words), 2)
    if "--help" in asked:
        call.stdout.write(usage("nova", name))
        return 0
    world.advance(SECONDS / 2)
    try:
        arguments = Parser(contracts("nova")[name]).parse(words[1:])
        login = authenticate(world, env, "nova")
        check_region(world, login.cloud, env, "compute")
        world.advance(SECONDS / 2)
        session = Session(call, world, login, arguments)
        session.need("nova", "")  # it asks for the API's version first
        with world.lock:
            SUBCOMMANDS[name](session)
        return 0
    except UsageError as error:
        unknown = str(error).startswith("unrecognized")
        lead = usage("nova", name) if unknown else usage_of(name)
        return say(call, f"{lead}error: {error}\nTry 'nova help {'' if unknown else name}' for more information.", 2)
    except ClientError as error:
        return _failed(call, error)


def usage_of(name: str) -> str:
    parts = [item["name"] for item in contracts("nova")[name].get("positionals", ())]
    options = [f"[{names.split(',')[0]}]" for names in contracts("nova")[name].get("options", {})]
    return " ".join([f"usage: nova {name}", *options, *parts]) + "\n"


def _failed(call: Call, error: ClientError) -> int:
    lead = 'No handlers could be found for logger "keystoneauth.identity.generic.base"\n'
    hint = lead if error.kind == "ConnectFailure" and "/auth/tokens" in error.words else ""
    return say(call, f"{hint}ERROR ({error.kind}): {error.words}", error.status)


def put(session: Session, columns: Sequence[str], rows: Sequence[Sequence[Any]], sort: int | None = None) -> None:
    """A table as novaclient prints it: text alone, to the left, None as a dash."""
    shown_rows = [["-" if cell is None else str(cell) for cell in row] for row in rows]
    if sort is not None:
        shown_rows.sort(key=lambda row: row[sort])
    session.call.stdout.write(table(columns, shown_rows))


@subcommand("live-migration")
def live_migration(session: Session) -> None:
    given, world = session.arguments, session.world
    server = find_server(session, given.text("<server>"))
    target = given.value("<host>")
    _ask_live(session, server, target, True if given.flag("--block-migrate") else None)
    world.advance(0)


def _ask_live(session: Session, server: Server, target: str | None, block: bool | None) -> None:
    """What the API checks at once; everything else goes wrong later, unseen."""
    world, cloud = session.world, session.cloud
    refuse_unless(world, server, "os-migrateLive", ("active", "paused"))
    if target is not None:
        if service_of(world, cloud, target) is None:
            raise api_error(world, f"Compute host {target} could not be found.", 400)
        if target == server["host"]:
            raise api_error(world, f"Unable to migrate instance ({server['id']}) to current host ({target}).", 400)
    begin_live_migration(world, cloud, server, target, block)


def _on_hypervisors(session: Session, pattern: str) -> list[tuple[int, str, list[Server]]]:
    """(id, host, its servers) of every hypervisor whose name holds the pattern; 404 where none does."""
    session.need("nova", "/os-hypervisors")
    found = [(number, s["host"]) for number, s in hypervisors(session) if pattern in s["host"]]
    if not found:
        raise api_error(session.world, f"No hypervisor matching '{pattern}' could be found.", 404)
    servers = session.part("nova")["servers"]
    return [(number, host, [s for s in servers if s.get("host") == host]) for number, host in found]


@subcommand("host-evacuate-live")
def host_evacuate_live(session: Session) -> None:
    given = session.arguments
    asked = [server for _, _, servers in _on_hypervisors(session, given.text("<host>")) for server in servers]
    if given.value("--max-servers"):
        asked = asked[: int(given.text("--max-servers"))]
    rows = []
    for server in asked:
        try:
            block = True if given.flag("--block-migrate") else None
            _ask_live(session, server, given.value("--target-host"), block)
            rows.append((server["id"], True, ""))
        except ClientError as error:
            rows.append((server["id"], False, f"Error while live migrating instance: {error.words}"))
    put(session, ("Server UUID", "Live Migration Accepted", "Error Message"), rows)


@subcommand("host-servers-migrate")
def host_servers_migrate(session: Session) -> None:
    rows = []
    for _, _, servers in _on_hypervisors(session, session.arguments.text("<host>")):
        for server in servers:
            try:
                refuse_unless(session.world, server, "migrate", ("active", "stopped"))
                begin_cold_migration(session.world, session.cloud, server)
                rows.append((server["id"], True, ""))
            except ClientError as error:
                rows.append((server["id"], False, f"Error while migrating instance: {error.words}"))
    put(session, ("Server UUID", "Migration Accepted", "Error Message"), rows)


@subcommand("migrate")
def migrate(session: Session) -> None:
    server = find_server(session, session.arguments.text("<server>"))
    refuse_unless(session.world, server, "migrate", ("active", "stopped"))
    begin_cold_migration(session.world, session.cloud, server)
    while session.arguments.flag("--poll") and server["status"] == "RESIZE":
        session.world.advance(5)


@subcommand("resize-confirm")
def resize_confirm(session: Session) -> None:
    server = find_server(session, session.arguments.text("<server>"))
    refuse_unless(session.world, server, "confirmResize", ("resized",))
    confirm(session, server)


def _services(session: Session) -> list[dict[str, Any]]:
    session.need("nova", "/os-services")
    given = session.arguments
    host, binary = given.value("--host"), given.value("--binary")
    services: list[dict[str, Any]] = session.part("nova")["services"]
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


def _set_service(session: Session, *, enabled: bool) -> None:
    session.need("nova", "/os-services")
    given = session.arguments
    host, binary = given.text("<hostname>"), given.text("<binary>")
    service = service_of(session.world, session.cloud, host, binary)
    if service is None:
        raise api_error(session.world, f"Could not find binary {binary} on host {host}.", 404)
    reason = given.value("--reason") if not enabled else None
    service.update(enabled=enabled, reason=reason)
    row: list[Any] = [host, binary, "enabled" if enabled else "disabled"]
    columns = ["Host", "Binary", "Status"]
    if reason is not None:
        row, columns = [*row, reason], [*columns, "Disabled Reason"]
    put(session, columns, [row])


@subcommand("service-disable")
def service_disable(session: Session) -> None:
    _set_service(session, enabled=False)


@subcommand("service-enable")
def service_enable(session: Session) -> None:
    _set_service(session, enabled=True)


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


@subcommand("stop")
def stop_servers(session: Session) -> None:
    for wanted in session.arguments.every("<server>"):
        stop(session, find_server(session, wanted))
        session.call.stdout.write(f"Request to stop server {wanted} has been accepted.\n")


@subcommand("start")
def start_servers(session: Session) -> None:
    for wanted in session.arguments.every("<server>"):
        start(session, find_server(session, wanted))
        session.call.stdout.write(f"Request to start server {wanted} has been accepted.\n")


@subcommand("delete")
def delete_servers(session: Session) -> None:
    for wanted in session.arguments.every("<server>"):
        server = find_server(session, wanted)
        server["task_state"] = "deleting"
        wait = seconds(session.world, session.cloud, "delete")
        session.world.after(wait, "server gone", cloud=session.cloud, server=server["id"])
        session.call.stdout.write(f"Request to delete server {wanted} has been accepted.\n")


@subcommand("image-create")
def image_create(session: Session) -> None:
    given = session.arguments
    server = find_server(session, given.text("<server>"))
    refuse_unless(session.world, server, "createImage", ("active", "stopped", "paused", "suspended"))
    image = start_snapshot(session.world, session.cloud, server, given.text("<name>"), session.login)
    while given.flag("--poll") and image["status"] in ("queued", "saving"):
        session.world.advance(5)


@subcommand("migration-list")
def migration_list(session: Session) -> None:
    session.need("nova", "/os-migrations")
    rows = []
    for entry in session.part("nova").get("migrations", ()):
        status, host = session.arguments.value("--status"), session.arguments.value("--host")
        if status not in (None, entry["status"]) or host not in (None, entry["source"], entry["target"]):
            continue
        begun = entry["status"] != "error" or entry.get("begun")
        nodes = (entry["source"], entry["target"]) if begun else (None, None)
        address = "192.168.0.1" if entry["type"] == "migration" else None
        times = (stamp(entry[key], "%Y-%m-%dT%H:%M:%S.000000") for key in ("created", "updated"))
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
            times = (stamp(entry[key], "%Y-%m-%dT%H:%M:%S.000000") for key in ("created", "updated"))
            rows.append((entry["id"], *ends, *ends, None, "running", server["id"], *times, *(["None"] * 6)))
    columns = ["Id", "Source Node", "Dest Node", "Source Compute", "Dest Compute", "Dest Host", "Status", "Server UUID"]
    columns += ["Created At", "Updated At"]
    columns += [f"{state} {what} Bytes" for what in ("Memory", "Disk") for state in ("Total", "Processed", "Remaining")]
    put(session, columns, rows)


@subcommand("hypervisor-servers")
def hypervisor_servers(session: Session) -> None:
    rows = []
    for number, host, servers in _on_hypervisors(session, session.arguments.text("<hostname>")):
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


@subcommand("interface-detach")
def interface_detach(session: Session) -> None:
    given = session.arguments
    server = find_server(session, given.text("<server>"))
    refuse_unless(session.world, server, "detach_interface", ("active", "paused", "stopped"))
    for port in ports_of(session.world, session.cloud, server["id"]):
        if port["id"] == given.text("<port_id>"):
            port.update(server=None, host=None)
            left = [a for a in server["networks"].get(port["network"], []) if a != port["address"]]
            server["networks"] = {**server["networks"], port["network"]: left}
            return
    raise api_error(session.world, f"Port id {given.text('<port_id>')} could not be found.", 404)
