"""The `nova` client, 6.0.2: its command line, live migration and evacuation, services, servers."""

from __future__ import annotations

from osp_simulator.engine import events
from osp_simulator.engine.call import Call
from osp_simulator.engine.registry import tool
from osp_simulator.engine.world import World
from osp_simulator.state.nova import Guest, Server
from osp_simulator.tools.nova.lists import SUBCOMMANDS, on_hypervisors, put, subcommand
from osp_simulator.tools.nova.migrations import begin_cold_migration, begin_live_migration
from osp_simulator.tools.nova.world import find_server, plug, ports_of, refuse_unless, seconds, service_of
from osp_simulator.tools.openstack.arguments import UsageError
from osp_simulator.tools.openstack.client import SECONDS, say, split_globals
from osp_simulator.tools.openstack.contracts import contracts, usage
from osp_simulator.tools.openstack.images import start_snapshot
from osp_simulator.tools.openstack.login import authenticate, check_region
from osp_simulator.tools.openstack.parser import Parser
from osp_simulator.tools.openstack.server_actions import attach, confirm
from osp_simulator.tools.openstack.server_power import start, stop
from osp_simulator.tools.openstack.session import API_CLIENT, ClientError, Session, api_error, under_lock


@tool("nova", facts=API_CLIENT)
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
    world.clock.advance(SECONDS / 2)
    try:
        arguments = Parser(contracts("nova")[name]).parse(words[1:])
        login = authenticate(world, env, "nova")
        check_region(world, login.cloud, env, "compute")
        world.clock.advance(SECONDS / 2)
        Session(call, world, login, arguments).need("nova", "")  # it asks for the API's version first
        with under_lock(call, world) as held:
            SUBCOMMANDS[name](Session(held, world, login, arguments))
        arguments.check_obeyed()
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


@subcommand("live-migration")
def live_migration(session: Session) -> None:
    given, world = session.arguments, session.world
    server = find_server(session, given.text("<server>"))
    target = given.value("<host>")
    _ask_live(session, server, target, True if given.flag("--block-migrate") else None)
    world.clock.advance(0)


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


@subcommand("host-evacuate-live")
def host_evacuate_live(session: Session) -> None:
    given = session.arguments
    asked = [server for _, _, servers in on_hypervisors(session, given.text("<host>")) for server in servers]
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
    for _, _, servers in on_hypervisors(session, session.arguments.text("<host>")):
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
        session.world.clock.advance(5)


@subcommand("resize-confirm")
def resize_confirm(session: Session) -> None:
    server = find_server(session, session.arguments.text("<server>"))
    refuse_unless(session.world, server, "confirmResize", ("resized",))
    confirm(session, server)


def _set_service(session: Session, *, enabled: bool) -> None:
    session.need("nova", "/os-services")
    given = session.arguments
    host, binary = given.text("<hostname>"), given.text("<binary>")
    service = service_of(session.world, session.cloud, host, binary)
    if service is None:
        raise api_error(session.world, f"Could not find binary {binary} on host {host}.", 404)
    reason = given.value("--reason") if not enabled else None
    service["enabled"], service["reason"] = enabled, reason
    row = [host, binary, "enabled" if enabled else "disabled"]
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
        session.world.clock.after(wait, events.server_gone, cloud=session.cloud, server=server["id"])
        session.call.stdout.write(f"Request to delete server {wanted} has been accepted.\n")


@subcommand("image-create")
def image_create(session: Session) -> None:
    given = session.arguments
    server = find_server(session, given.text("<server>"))
    refuse_unless(session.world, server, "createImage", ("active", "stopped", "paused", "suspended"))
    image = start_snapshot(session.world, session.cloud, server, given.text("<name>"), session.login)
    while given.flag("--poll") and image["status"] in ("queued", "saving"):
        session.world.clock.advance(5)


@subcommand("interface-detach")
def interface_detach(session: Session) -> None:
    given = session.arguments
    server = find_server(session, given.text("<server>"))
    refuse_unless(session.world, server, "detach_interface", ("active", "paused", "stopped"))
    for port in ports_of(session.world, session.cloud, server["id"]):
        if port["id"] == given.text("<port_id>"):
            if port.get("made_for_server"):
                session.part("neutron")["ports"].remove(port)
            else:
                port["server"] = port["host"] = None
            left = [a for a in server["networks"].get(port["network"], []) if a != port["address"]]
            server["networks"] = {**server["networks"], port["network"]: left}
            return
    raise api_error(session.world, f"Port id {given.text('<port_id>')} could not be found.", 404)


@subcommand("interface-attach")
def interface_attach(session: Session) -> None:
    """Give a server a port that is free, or one made for it, which has the default security group."""
    given = session.arguments
    server = find_server(session, given.text("<server>"))
    refuse_unless(session.world, server, "attach_interface", ("active", "paused", "stopped"))
    keys = (("port-id", "--port-id"), ("net-id", "--net-id"))
    nic = {key: given.text(option) for key, option in keys if given.value(option)}
    if given.value("--fixed-ip"):
        nic["v6-fixed-ip" if ":" in given.text("--fixed-ip") else "v4-fixed-ip"] = given.text("--fixed-ip")
    guest: Guest = {"id": server["id"], "wanted_networks": {}, "security_groups": ["default"]}
    attach(session, guest, nic)
    if guest.get("no_port"):
        raise api_error(session.world, "rule:create_port:fixed_ips is disallowed by policy", 403)
    server["networks"] = {**server["networks"], **guest["wanted_networks"]}
    plug(session.world, session.cloud, server)
