"""openstack baremetal node list, show, set, power, maintenance, provisioning; overcloud node configure is tripleo's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from osp_simulator.engine import events
from osp_simulator.engine.world import World
from osp_simulator.state.clouds import BareMetal
from osp_simulator.tools.openstack.arguments import Arguments
from osp_simulator.tools.openstack.format import Record, Table
from osp_simulator.tools.openstack.session import Answer, ClientError, Session, command, stamp

TITLES = {
    "uuid": "UUID",
    "name": "Name",
    "instance_uuid": "Instance UUID",
    "power_state": "Power State",
    "provision_state": "Provisioning State",
    "maintenance": "Maintenance",
}

# {verb: {the state it may be said in: (the state at once, what that becomes by itself)}}, as ironic's state machine of
# Newton has them; cleaning is left out, since an undercloud does none by default
MOVES: dict[str, dict[str, tuple[str, str | None]]] = {
    "manage": {
        "enroll": ("verifying", "manageable"),
        **dict.fromkeys(("available", "clean failed", "inspect failed", "adopt failed"), ("manageable", None)),
    },
    "provide": {"manageable": ("available", None)},
    "abort": {"clean wait": ("clean failed", None)},
    "undeploy": dict.fromkeys(("active", "deploy failed", "error", "wait call-back"), ("deleting", "available")),
}
SETTLES = 10.0  # seconds that verifying and deleting take


# a node of which nothing is known
BLANK: BareMetal = {
    "name": "",
    "uuid": "",
    "maintenance": False,
    "created": 0,
    "instance": None,
    "power_state": None,
    "provision_state": "",
    "driver_info": {},
    "properties": {},
}


def fields_of(node: BareMetal) -> dict[str, Any]:
    """Every field of the API, by its name."""
    return {
        "chassis_uuid": None,
        "clean_step": {},
        "console_enabled": bool(node.get("console_enabled")),
        "created_at": stamp(node.get("created", 0), "%Y-%m-%dT%H:%M:%S+00:00"),
        "driver": node.get("driver", "pxe_ipmitool"),
        "driver_info": node.get("driver_info", {}),
        "driver_internal_info": {},
        "extra": {},
        "inspection_finished_at": None,
        "inspection_started_at": None,
        "instance_info": {},
        "instance_uuid": node.get("instance"),
        "last_error": node.get("last_error"),
        "maintenance": bool(node.get("maintenance")),
        "maintenance_reason": node.get("maintenance_reason"),
        "name": node["name"],
        "network_interface": None,
        "power_state": node.get("power_state"),
        "properties": node.get("properties", {}),
        "provision_state": node.get("provision_state", "active"),
        "provision_updated_at": None,
        "raid_config": {},
        "reservation": None,
        "resource_class": None,
        "target_power_state": node.get("target_power_state"),
        "target_provision_state": None,
        "target_raid_config": {},
        "updated_at": None,
        "uuid": node["uuid"],
    }


def find_node(session: Session, wanted: str) -> BareMetal:
    session.need("ironic", f"/nodes/{wanted}")
    for node in session.part("ironic")["nodes"]:
        if wanted in (node["uuid"], node["name"]):
            return node
    raise ClientError(f"Node {wanted} could not be found. (HTTP 404)", "NotFound")


@command("baremetal node list")
def node_list(session: Session) -> Answer:
    given = session.arguments
    nodes = session.part("ironic")["nodes"]
    session.need("ironic", "/nodes/detail" if given.flag("--long") else "/nodes")
    names = given.every("--fields") or list(TITLES)
    if given.flag("--long"):
        names = sorted(fields_of(BLANK))
    passes = _filter(given)
    rows = [tuple(fields_of(node)[name] for name in names) for node in nodes if passes(node)]
    titles = tuple(TITLES.get(name, name.replace("_", " ").title()) for name in names)
    return Table(titles, tuple(rows))


def _filter(given: Arguments) -> Callable[[BareMetal], bool]:
    """Whether a node is one of those asked for."""
    maintenance, associated = given.flag("--maintenance"), given.flag("--associated")
    state = given.value("--provision-state")

    def passes(node: BareMetal) -> bool:
        if (maintenance and not node.get("maintenance")) or (associated and not node.get("instance")):
            return False
        return state is None or node.get("provision_state", "active") == state

    return passes


@command("baremetal node show")
def node_show(session: Session) -> Answer:
    given = session.arguments
    wanted = given.text("<node>")
    if given.flag("--instance"):
        nodes = [node for node in session.part("ironic")["nodes"] if node.get("instance") == wanted]
        if not nodes:
            raise ClientError(f"Instance {wanted} is not associated with a node. (HTTP 404)", "NotFound")
        found = fields_of(nodes[0])
    else:
        found = fields_of(find_node(session, wanted))
    names = given.every("--fields") or sorted(found)
    return Record(tuple((name, found[name]) for name in names))


@command("baremetal node power off")
def power_off(session: Session) -> Answer:
    _power(session, "power off")
    return None


@command("baremetal node power on")
def power_on(session: Session) -> Answer:
    _power(session, "power on")
    return None


def _power(session: Session, wish: str) -> None:
    node = find_node(session, session.arguments.text("<node>"))
    node["power_state"] = wish
    host = session.world.state["hosts"].get(node["name"])
    if host is not None and wish == "power off" and host["up"]:
        session.world.fire(events.host_down, host=node["name"], off=True)
    elif host is not None and wish == "power on" and not host["up"]:
        session.world.clock.after(float(host["reboot_seconds"]), events.host_up, host=node["name"])


@command("baremetal node maintenance set")
def maintenance_set(session: Session) -> Answer:
    node = find_node(session, session.arguments.text("<node>"))
    node["maintenance"], node["maintenance_reason"] = True, session.arguments.value("--reason")
    return None


@command("baremetal node maintenance unset")
def maintenance_unset(session: Session) -> Answer:
    node = find_node(session, session.arguments.text("<node>"))
    node["maintenance"], node["maintenance_reason"] = False, None
    return None


def _move(verb: str) -> None:
    """Register `openstack baremetal node VERB`: it only asks for the new state, and ends before that is reached."""

    @command(f"baremetal node {verb}")
    def move(session: Session) -> Answer:
        node = find_node(session, session.arguments.text("<node>"))
        state = node.get("provision_state", "active")
        if state not in MOVES[verb]:
            action = "deleted" if verb == "undeploy" else verb
            raise ClientError(
                f'The requested action "{action}" can not be performed on node "{node["uuid"]}" while it is in state '
                f'"{state}". (HTTP 400)',
                "BadRequest",
            )
        node["provision_state"], settled = MOVES[verb][state]
        if settled:
            session.world.clock.after(SETTLES, events.bare_metal_settled, node=node["uuid"], state=settled)
        return None


for _verb in MOVES:
    _move(_verb)


@events.bare_metal_settled.handler
def bare_metal_settled(world: World, node: str, state: str, **_: object) -> None:
    """Ironic has verified what was enrolled, or taken down what was deployed, which then carries no server."""
    for entry in world.state["ironic"]["undercloud"]["nodes"]:
        if entry["uuid"] == node and entry["provision_state"] in ("verifying", "deleting"):
            if entry["provision_state"] == "deleting":
                entry["instance"] = None
            entry["provision_state"] = state


@command("baremetal node set")
def node_set(session: Session) -> Answer:
    """Each `key=value` replaces what was there under that key."""
    given = session.arguments
    node = find_node(session, given.text("<node>"))
    for option, part in (("--property", node["properties"]), ("--driver-info", node["driver_info"])):
        for pair in given.every(option):
            key, separator, value = pair.partition("=")
            if not separator:
                raise ClientError(f'Attributes must be a list of PATH=VALUE not "{pair}"')
            part[key] = value
    node["name"] = given.value("--name") or node["name"]
    return None


@command("baremetal node console show")
def console_show(session: Session) -> Answer:
    node = find_node(session, session.arguments.text("<node>"))
    enabled = bool(node.get("console_enabled"))
    info = {"type": "shellinabox", "url": f"http://192.0.2.1:10{node['uuid'][:2]}"} if enabled else None
    return Record((("console_enabled", enabled), ("console_info", info)))
