"""The older clients beside `openstack`: heat, neutron, ironic and cinder, and cinder-manage of a controller."""

from __future__ import annotations

from collections.abc import Callable

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.tools.openstack.arguments import UsageError
from osp_simulator.tools.openstack.baremetal import TITLES, fields_of
from osp_simulator.tools.openstack.client import SECONDS, say, split_globals
from osp_simulator.tools.openstack.contracts import contracts, usage
from osp_simulator.tools.openstack.format import FormatError, Table, emit, table
from osp_simulator.tools.openstack.login import authenticate
from osp_simulator.tools.openstack.network import DEFAULT_GROUP, agent_is_alive, agents, find_agent, find_port
from osp_simulator.tools.openstack.parser import Parser
from osp_simulator.tools.openstack.session import API_CLIENT, ClientError, Session
from osp_simulator.tools.openstack.stacks import list_rows


def run(call: Call, world: World, answer: Callable[[Session], str]) -> int:
    """Parse by the contract, log in, print the answer."""
    env, words, asked = split_globals(call)
    name = words[0] if words else ""
    if name not in contracts(call.tool):
        return say(
            call,
            f"usage: {call.tool} [--version] <subcommand> ...\nerror: argument <subcommand>: invalid choice: u'{name}'",
            2,
        )
    if "--help" in asked:
        call.stdout.write(usage(call.tool, name))
        return 0
    try:
        arguments = Parser(contracts(call.tool)[name]).parse(words[1:])
        world.clock.advance(SECONDS)
        with world.lock:
            text = answer(Session(call, world, authenticate(world, env), arguments))
        arguments.check_obeyed()
        call.stdout.write(text)
        return 0
    except UsageError as error:
        return say(call, f"{usage(call.tool, name)}{call.tool} {name}: error: {error}", 2)
    except (ClientError, FormatError) as error:
        return say(call, str(error), 1)


@tool("heat", facts=API_CLIENT)
def heat(call: Call, world: World) -> int:
    return run(call, world, _stack_list)


def _stack_list(session: Session) -> str:
    session.call.stderr.write(
        'WARNING (shell) "heat stack-list" is deprecated, please use "openstack stack list" instead\n'
    )
    rows = list_rows(session, deleted=session.arguments.flag("--show-deleted"))
    columns = ("id", "stack_name", "stack_status", "creation_time", "updated_time")
    return table(columns, [[str(cell) for cell in row] for row in rows])


@tool("neutron", facts=API_CLIENT)
def neutron(call: Call, world: World) -> int:
    answers = {
        "router-list": _router_list,
        "l3-agent-list-hosting-router": _agents_hosting_router,
        "port-update": _port_update,
        "agent-delete": _agent_delete,
        "agent-update": _agent_update,
    }
    return run(call, world, answers.get(split_globals(call)[1][0] if call.argv else "", _agent_list))


def _router_list(session: Session) -> str:
    session.need("neutron", "/routers.json")
    routers = session.part("neutron").get("routers", ())
    rows = [(router["id"], router["name"], "", False, bool(router.get("ha"))) for router in routers]
    return emit(Table(("id", "name", "external_gateway_info", "distributed", "ha"), tuple(rows)), session.arguments)


def _agents_hosting_router(session: Session) -> str:
    """The L3 agents of a router: {id, name, ha, agents {host: active|standby}}, hosts by their full names."""
    wanted = session.arguments.text("router")
    session.need("neutron", "/routers.json")
    found = [
        router for router in session.part("neutron").get("routers", ()) if wanted in (router["id"], router["name"])
    ]
    if not found:
        raise ClientError(f"Unable to find router with name or id '{wanted}'")
    rows = []
    for agent in agents(session):
        state = found[0]["agents"].get(agent["host"]) if agent["type"] == "L3 agent" else None
        if state is not None:
            row = (
                agent["id"],
                agent["host"],
                bool(agent.get("admin_up", True)),
                ":-)" if agent_is_alive(session, agent) else "xxx",
            )
            rows.append((*row, state) if found[0].get("ha") else row)
    columns = ("id", "host", "admin_state_up", "alive")
    return emit(Table((*columns, "ha_state") if found[0].get("ha") else columns, tuple(rows)), session.arguments)


def _port_update(session: Session) -> str:
    """The groups are looked for before the port."""
    session.need("neutron", "/ports.json")
    ports = session.part("neutron")["ports"]
    wanted, groups = session.arguments.text("port"), session.arguments.every("--security-group")
    known = {"default", DEFAULT_GROUP, *(group for port in ports for group in port.get("security_groups", ()))}
    for group in groups:
        if group not in known:
            raise ClientError(f"Unable to find security_group with name or id '{group}'")
    port = find_port(session, wanted, "Unable to find port with name or id '{}'")
    port["security_groups"] = groups or port.get("security_groups", ["default"])
    return f"Updated port: {wanted}\n"


def _agent_list(session: Session) -> str:
    given = session.arguments
    host, binary = given.value("--host"), given.value("--binary")
    rows = []
    for agent in agents(session):
        if host not in (None, agent["host"]) or binary not in (None, agent["binary"]):
            continue
        alive = ":-)" if agent_is_alive(session, agent) else "xxx"
        where = (agent["id"], agent["type"], agent["host"], agent.get("zone") or "")
        rows.append((*where, alive, bool(agent.get("admin_up", True)), agent["binary"]))
    columns = ("id", "agent_type", "host", "availability_zone", "alive", "admin_state_up", "binary")
    return emit(Table(columns, tuple(rows)), given)


UNKNOWN_AGENT = "Unable to find agent with name or id '{}'"


def _agent_delete(session: Session) -> str:
    wanted = session.arguments.every("agent")
    for one in wanted:
        session.part("neutron")["agents"].remove(find_agent(session, one, UNKNOWN_AGENT))
    return f"Deleted agent(s): {', '.join(wanted)}\n"


def _agent_update(session: Session) -> str:
    wanted = session.arguments.text("agent")
    agent = find_agent(session, wanted, UNKNOWN_AGENT)
    agent["admin_up"] = session.arguments.value("--admin-state-up") != "False"
    return f"Updated agent: {wanted}\n"


@tool("cinder", facts=API_CLIENT)
def cinder(call: Call, world: World) -> int:
    return run(call, world, _service_switch)


def _service_switch(session: Session) -> str:
    """`service-enable` or `service-disable` HOST BINARY."""
    host, binary = session.arguments.text("<hostname>"), session.arguments.text("<binary>")
    enabled = "service-enable" in session.call.argv
    session.need("cinder", "/os-services")
    found = [s for s in session.part("cinder")["services"] if (s["host"], s["binary"]) == (host, binary)]
    if not found:
        raise ClientError("ERROR: Unknown service (HTTP 404)")
    found[0]["enabled"], found[0]["reason"] = enabled, None
    return table(("Host", "Binary", "Status"), [[host, binary, "enabled" if enabled else "disabled"]])


@tool("cinder-manage", facts=Facts(reaches="site", inline=True))
def cinder_manage(call: Call, world: World) -> int:
    """`cinder-manage service remove BINARY HOST`, on a controller; nothing else of it."""
    cinder = world.state["cinder"].get("overcloud")
    if cinder is None or "controller" not in world.state["hosts"][call.host]["capabilities"]:
        raise Refused(127, "bash: cinder-manage: command not found")
    if call.argv[:2] != ("service", "remove") or len(call.argv) != 4:
        raise Refused(2, "usage: cinder-manage service remove [-h] [binary] [host_name]")
    binary, host = call.argv[2:]
    kept = [service for service in cinder["services"] if (service["host"], service["binary"]) != (host, binary)]
    if len(kept) == len(cinder["services"]):
        call.stdout.write(f"Host not found. Failed to remove {binary} on {host}.\n")
        return 2
    cinder["services"] = kept
    call.stdout.write(f"Service {binary} on host {host} removed.\n")
    return 0


@tool("ironic", facts=API_CLIENT)
def ironic(call: Call, world: World) -> int:
    return run(call, world, _node_list)


def _node_list(session: Session) -> str:
    session.need("ironic", "/nodes")
    wanted = session.arguments.value("--maintenance")
    rows = []
    for node in session.part("ironic")["nodes"]:
        fields = fields_of(node)
        if wanted is None or str(fields["maintenance"]).lower() == wanted.lower():
            rows.append([str(fields[name]) for name in TITLES])
    return table(tuple(TITLES.values()), rows)
