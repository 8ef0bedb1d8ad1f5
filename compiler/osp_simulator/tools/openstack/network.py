"""openstack network agent list and delete, network list, port list and show; volume service list, volume list."""

from __future__ import annotations

from typing import Any

from osp_simulator.engine import events
from osp_simulator.engine.world import World
from osp_simulator.state import State, access
from osp_simulator.state.neutron import Agent, Network, Port
from osp_simulator.state.nova import Service
from osp_simulator.tools.nova.world import reported_at, service_is_up
from osp_simulator.tools.openstack.format import Record, Table
from osp_simulator.tools.openstack.session import (
    Answer,
    ClientError,
    Session,
    api_error,
    command,
)

# The project's own security group of that name.
DEFAULT_GROUP = "0c1d6f0e-6d0a-4f43-9a4e-5b1f3f6f9d01"


def agent_is_alive(session: Session, agent: Agent) -> bool:
    """Whether the agent reports: its host up for a while, its unit running, not told to be dead."""
    if agent.get("alive") is False:
        return False
    return access.reports(session.world.state, agent["node"], agent["binary"])


@events.host_down.handler
def routers_move(world: World, host: str, **_: object) -> None:
    """A router that was active on a host that goes down is taken over by the next host that lives."""
    for network in world.state.get("neutron", {}).values():
        nodes = {agent["host"]: agent["node"] for agent in network["agents"]}
        for router in network.get("routers", ()):
            if router.get("ha"):
                _take_over(world.state, router["agents"], nodes, host)


def _take_over(state: State, roles: dict[str, str], nodes: dict[str, str], host: str) -> None:
    """Make a router's first agent that lives the active one, where the active one was on the host that is gone."""
    gone = [name for name, role in roles.items() if role == "active" and nodes.get(name) == host]
    others = [name for name in roles if nodes.get(name) != host and access.host_is_up(state, nodes.get(name, ""))]
    if gone and others:
        roles.update({gone[0]: "standby", others[0]: "active"})


def agents(session: Session) -> list[Agent]:
    session.need("neutron", "/agents.json")
    return sorted(session.part("neutron")["agents"], key=lambda agent: agent["id"])


@command("network agent list")
def network_agent_list(session: Session) -> Answer:
    rows = []
    for agent in agents(session):
        state = "UP" if agent.get("admin_up", True) else "DOWN"
        alive = agent_is_alive(session, agent)
        rows.append((agent["id"], agent["type"], agent["host"], agent.get("zone"), alive, state, agent["binary"]))
    return Table(("ID", "Agent Type", "Host", "Availability Zone", "Alive", "State", "Binary"), tuple(rows))


def find_agent(session: Session, wanted: str, otherwise: str = "No Agent found for {}") -> Agent:
    """An agent by its id; ClientError with these words if there is none."""
    for agent in agents(session):
        if agent["id"] == wanted:
            return agent
    raise ClientError(otherwise.format(wanted))


@command("network agent delete")
def network_agent_delete(session: Session) -> Answer:
    for wanted in session.arguments.every("<network-agent>"):
        session.part("neutron")["agents"].remove(find_agent(session, wanted))
    return None


@command("network list")
def network_list(session: Session) -> Answer:
    session.need("neutron", "/networks.json")
    networks = session.part("neutron")["networks"]
    if session.arguments.flag("--external"):
        networks = [network for network in networks if network.get("external")]
    rows = tuple((network["id"], network["name"], ", ".join(network["subnets"])) for network in networks)
    return Table(("ID", "Name", "Subnets"), rows)


def owner_of(session: Session, network: Network) -> str:
    """The project of a network: the first tenant's, unless it is said to be another's."""
    tenants = session.world.state["keystone"][session.cloud].get("tenants", [])
    return network.get("owner") or (tenants[0]["project_id"] if tenants else session.login.project_id)


@command("network show")
def network_show(session: Session) -> Answer:
    session.need("neutron", "/networks.json")
    wanted = session.arguments.text("<network>")
    for network in session.part("neutron")["networks"]:
        if wanted in (network["id"], network["name"]):
            fields = {"admin_state_up": "UP", "id": network["id"], "name": network["name"], "status": "ACTIVE"}
            fields |= {"router:external": "External" if network.get("external") else "Internal"}
            fields |= {"subnets": ", ".join(network["subnets"])}
            # twice, as neutron has it under the name of tenant_id too
            owner = ("project_id", owner_of(session, network))
            return Record(tuple(sorted([*fields.items(), owner, owner])))
    raise ClientError(f"ResourceNotFound: No Network found for {wanted}")


def port_fields(port: Port) -> dict[str, Any]:
    groups = port.get("security_groups", ["default"])
    return {
        "admin_state_up": "UP",
        **_binding(port),
        "device_id": port.get("server") or "",
        "device_owner": "compute:nova" if port.get("server") else "",
        "fixed_ips": "\n".join(
            f"ip_address='{address}', subnet_id='{port.get('subnet', '')}'" for address in port["address"].split(",")
        ),
        "id": port["id"],
        "mac_address": port["mac"],
        "name": port.get("name", ""),
        "network_id": port.get("network_id", port["network"]),
        "security_groups": ", ".join(sorted(DEFAULT_GROUP if g == "default" else g for g in groups)),
        "status": "ACTIVE" if port.get("server") else "DOWN",
    }


def _binding(port: Port) -> dict[str, str]:
    """How a port's host plugs it; for vhost-user, which side is the socket's server."""
    mode = port.get("mode", "normal")
    kind = {"sriov": "hw_veb", "normal": "ovs"}.get(mode, "vhostuser")
    side = "server" if mode == "dpdkvhostuserclient" else "client"
    return {
        "binding_host_id": port.get("host") or "",
        "binding_vif_details": f"vhostuser_mode='{side}'" if kind == "vhostuser" else "",
        "binding_vif_type": kind if port.get("host") else "unbound",
        "binding_vnic_type": "direct" if mode == "sriov" else "normal",
    }


@command("port list")
def port_list(session: Session) -> Answer:
    session.need("neutron", "/ports.json")
    rows = []
    for port in session.part("neutron")["ports"]:
        fields = port_fields(port)
        rows.append(tuple(fields[key] for key in ("id", "name", "mac_address", "fixed_ips")))
    return Table(("ID", "Name", "MAC Address", "Fixed IP Addresses"), tuple(rows))


@command("port show")
def port_show(session: Session) -> Answer:
    return Record(tuple(port_fields(find_port(session, session.arguments.text("<port>"))).items()))


@command("port delete")
def port_delete(session: Session) -> Answer:
    for wanted in session.arguments.every("<port>"):
        session.part("neutron")["ports"].remove(find_port(session, wanted))
    return None


def find_port(session: Session, wanted: str, otherwise: str = "ResourceNotFound: No Port found for {}") -> Port:
    session.need("neutron", "/ports.json")
    found = [p for p in session.part("neutron")["ports"] if wanted in (p["id"], p.get("name"))]
    if not found:
        raise ClientError(otherwise.format(wanted))
    if len(found) > 1:
        raise ClientError(f"More than one Port exists with the name '{wanted}'.")
    return found[0]


@command("volume service list")
def volume_service_list(session: Session) -> Answer:
    session.need("cinder", "/os-services")
    given = session.arguments
    host, binary = given.value("--host"), given.value("--service")
    rows = []
    for service in session.part("cinder")["services"]:
        if (host and service["host"] != host) or (binary and service["binary"] != binary):
            continue
        status = "enabled" if service.get("enabled", True) else "disabled"
        state = "up" if _cinder_is_up(session, service) else "down"
        row = (
            service["binary"],
            service["host"],
            service.get("zone", "nova"),
            status,
            state,
            reported_at(session.world, service),
        )
        rows.append((*row, service.get("reason")) if given.flag("--long") else row)
    columns = ("Binary", "Host", "Zone", "Status", "State", "Updated At")
    return Table((*columns, "Disabled Reason") if given.flag("--long") else columns, tuple(rows))


def _cinder_is_up(session: Session, service: Service) -> bool:
    """A service that pacemaker or a host group moves around is up while any of its hosts runs it.

    Its `report_seconds` may have it down for a while after the boot of one.
    """
    if service.get("up") is False:
        return False
    nodes = service.get("nodes")
    if not nodes:
        return service_is_up(session.world, service)
    state = session.world.state
    booted = max(state["hosts"][node]["booted_at"] for node in nodes)
    late = state["clock"] - booted < service.get("report_seconds", 0)
    return not late and any(access.host_is_up(state, node, settled=True) for node in nodes)


@command("volume list")
def volume_list(session: Session) -> Answer:
    session.need("cinder", "/volumes/detail")
    if session.arguments.flag("--all-projects") and not session.login.admin:
        raise api_error(session.world, "Policy doesn't allow volume:get_all to be performed.", 403)
    rows = []
    for volume in session.part("cinder").get("volumes", ()):
        attached = f"Attached to {volume['server']} on /dev/vda " if volume.get("server") else ""
        rows.append((volume["id"], volume.get("name", ""), volume["status"], volume["size"], attached))
    return Table(("ID", "Display Name", "Status", "Size", "Attached to"), tuple(rows))
