"""The description of a libvirt domain, as far as it ties an instance to its host."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from osp_simulator.engine.call import Refused
from osp_simulator.engine.world import World
from osp_simulator.state.access import ports, servers
from osp_simulator.state.neutron import Port
from osp_simulator.state.nova import Server

INTERFACES = {
    "normal": "    <interface type='bridge'>\n      <source bridge='qbr{name}'/>\n    </interface>\n",
    "sriov": "    <interface type='hostdev' managed='yes'>\n      <source/>\n    </interface>\n",
    "dpdkvhostuser": "    <interface type='vhostuser'>\n"
    "      <source type='unix' path='vhu{name}' mode='client'/>\n    </interface>\n",
    "dpdkvhostuserclient": "    <interface type='vhostuser'>\n"
    "      <source type='unix' path='vhu{name}' mode='server'/>\n    </interface>\n",
}


def is_at(place: object, host: str) -> bool:
    """Whether nova's or neutron's name for a host, which is in lower case, means this host of the world."""
    return str(place or "").split(".")[0] == host.lower()


def is_pinned(server: Server) -> bool:
    """Whether the instance has pinned CPUs."""
    return bool(server.get("pinned")) or server.get("kind") == "pinned"


def description(world: World, host: str, name: str) -> str:
    """`virsh dumpxml NAME` on a host."""
    for server in servers(world.state, "overcloud"):
        if is_at(server.get("host"), host) and server.get("instance_name", server["name"]) == name:
            return _xml(name, server, _ports(world, server["id"]))
    if name in world.state["hosts"][host]["domains"]:
        return _xml(name, None, [])
    raise Refused(
        1, f"error: failed to get domain '{name}'\nerror: Domain not found: no domain with matching name '{name}'"
    )


def identity(world: World, host: str, name: str) -> str:
    """`virsh domuuid NAME` on a host: nova gives a domain the id of its instance."""
    for server in servers(world.state, "overcloud"):
        if is_at(server.get("host"), host) and server.get("instance_name", server["name"]) == name:
            return server["id"]
    if name in world.state["hosts"][host]["domains"]:
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))
    raise Refused(1, f"error: failed to get domain '{name}'\nerror: Domain not found")


def _ports(world: World, server: str) -> list[Port]:
    return [port for port in ports(world.state, "overcloud") if port.get("server") == server]


def _xml(name: str, server: Server | None, ports: Sequence[Port]) -> str:
    """The XML of a domain; of one that is not a server of nova's, only the name."""
    pinned = "  <cputune>\n    <vcpupin vcpu='0' cpuset='4'/>\n  </cputune>\n" if server and is_pinned(server) else ""
    interfaces = "".join(INTERFACES[str(port.get("mode", "normal"))].format(name=port["id"][:11]) for port in ports)
    uuid = f"  <uuid>{server['id']}</uuid>\n" if server and "id" in server else ""
    return (
        f"<domain type='kvm'>\n  <name>{name}</name>\n{uuid}{pinned}  <devices>\n{interfaces}  </devices>\n</domain>\n"
    )
