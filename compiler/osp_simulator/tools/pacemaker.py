"""The pacemaker cluster: its members, what runs on which of them, and what follows when a host goes or comes."""

from __future__ import annotations

from osp_simulator.engine import events
from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.world import World
from osp_simulator.state import State, access
from osp_simulator.state.control_plane import Mongo, Pacemaker, Resource
from osp_simulator.tools.cluster_services import behind_haproxy, follow, promote_redis

REJOIN, SETTLE = 20, 60  # seconds after a start until a node is online, until its clones run and galera has synced


def cluster_of(call: Call, world: World, name: str) -> Pacemaker:
    cluster = world.state["pacemaker"]
    if cluster is None or call.host not in cluster["nodes"]:
        raise Refused(127, f"bash: {name}: command not found")
    return cluster


def spelled(cluster: Pacemaker, text: str) -> str:
    """The cluster's name for a node: in lower case, as puppet sets it up."""
    for name in cluster["nodes"]:
        if name != name.lower():
            text = text.replace(name, name.lower())
    return text


def in_maintenance(cluster: Pacemaker) -> bool:
    """Whether the cluster leaves all of its resources alone."""
    return cluster["properties"].get("maintenance-mode") == "true"


def running(state: State, host: str) -> bool:
    """Whether pacemaker runs on the host."""
    entry = state["hosts"].get(host)
    return entry is not None and entry["up"] and access.is_active(entry, "pacemaker.service")


def online(state: State) -> list[str]:
    return [name for name, node in access.pacemaker(state)["nodes"].items() if node["online"]]


def quorate(state: State) -> bool:
    return len(online(state)) * 2 > len(access.pacemaker(state)["nodes"])


def stop_node(world: World, host: str) -> None:
    """The node leaves: its resources stop, single ones move to a node that is left, masters are promoted elsewhere."""
    cluster = world.state["pacemaker"]
    if cluster is None or host not in cluster["nodes"]:
        return
    world.clock.cancel(events.cluster_node_joins, host=host)
    world.clock.cancel(events.cluster_node_settles, host=host)
    cluster["nodes"][host]["online"] = False
    _units(world, host, "inactive")
    place(world)
    follow(world, host, False)


def start_node(world: World, host: str) -> None:
    """Start the cluster's daemons; the node is online a little later, its services later still."""
    access.pacemaker(world.state)["nodes"][host].pop("left", None)
    entry = world.state["hosts"][host]
    _units(world, host, "active")
    world.clock.after(entry.get("rejoin_seconds", REJOIN), events.cluster_node_joins, host=host)


def return_node(world: World, host: str) -> None:
    """The node is a member again with all its services, as `pcs cluster start` with a wait for them leaves it."""
    cluster = access.pacemaker(world.state)
    cluster["nodes"][host].pop("left", None)
    _units(world, host, "active")
    _join(cluster, host)
    place(world)
    follow(world, host, True)


def _units(world: World, host: str, active: str) -> None:
    for name in ("corosync.service", "pacemaker.service"):
        unit = world.state["hosts"][host]["units"].get(name)
        if unit:
            unit["active"], unit["sub"], unit["loaded"] = active, "running" if active == "active" else "dead", True


def _join(cluster: Pacemaker, host: str) -> None:
    """The node is a member again; what has failed there in its life before is forgotten."""
    cluster["nodes"][host]["online"] = True
    cluster["failed"] = [one for one in cluster["failed"] if one["node"] != host]


@events.cluster_node_joins.handler
def cluster_node_joins(world: World, host: str) -> None:
    if not running(world.state, host) or world.state["hosts"][host].get("stays_out_of_cluster"):
        return
    _join(access.pacemaker(world.state), host)
    world.clock.after(world.state["hosts"][host].get("settle_seconds", SETTLE), events.cluster_node_settles, host=host)


@events.cluster_node_settles.handler
def cluster_node_settles(world: World, host: str) -> None:
    if not running(world.state, host):
        return
    place(world)
    follow(world, host, True)


def place(world: World) -> None:
    """Give every resource to the nodes that can run it now."""
    able = _able(world.state)
    for resource in access.pacemaker(world.state)["resources"]:
        resource["state"] = _placed(resource, able)
        if resource["id"].startswith("redis"):
            promote_redis(world, resource["state"])


def _able(state: State) -> list[str]:
    """The nodes that may run resources; none without a quorum."""
    if not quorate(state):
        return []
    nodes = access.pacemaker(state)["nodes"]
    return [name for name in online(state) if not nodes[name]["standby"] and running(state, name)]


def _placed(resource: Resource, able: list[str]) -> dict[str, str]:
    """{node: role} of a resource on the nodes that are able."""
    if resource["disabled"]:
        return {}
    if resource["kind"] in ("clone", "master"):
        return _placed_instances(resource, able)
    kept = {node: role for node, role in resource["state"].items() if node in able}
    return kept or dict.fromkeys(able[:1], "Started")


def _placed_instances(resource: Resource, able: list[str]) -> dict[str, str]:
    """{node: role}: an instance keeps its role; one of a master/slave set is the master, of galera's all are."""
    state = {node: resource["state"].get(node, _first_role(resource)) for node in resource["nodes"] if node in able}
    if resource["kind"] == "master" and state and "Master" not in state.values():
        state[next(iter(state))] = "Master"
    return state


def _first_role(resource: Resource) -> str:
    if resource["kind"] == "clone":
        return "Started"
    return "Master" if resource["id"].startswith("galera") else "Slave"


@events.host_down.handler
def control_plane_host_down(world: World, host: str, **_: bool) -> None:
    state = world.state
    cluster = state["pacemaker"]
    if cluster and state["hosts"][host].get("rabbit_stops_slowly") and cluster["nodes"][host]["online"]:
        # the shutdown does not wait for it: its peers fence the node, and its rabbit cannot rejoin them
        state["hosts"][host]["fenced_at_its_stop"] = True
    stop_node(world, host)
    if state["mongo"] and host in state["mongo"]["nodes"]:
        _mongo_loses(state["mongo"], host)
    for servers in behind_haproxy(state).values():
        if host in servers:
            servers[host] = "DOWN"


def _mongo_loses(mongo: Mongo, host: str) -> None:
    """The member is away; if it was the primary, the first that is left becomes it."""
    mongo["nodes"][host]["up"] = False
    if mongo["primary"] == host:
        mongo["primary"] = next((name for name, node in mongo["nodes"].items() if node["up"]), "")


@events.host_up.handler
def control_plane_host_up(world: World, host: str) -> None:
    state = world.state
    if state["pacemaker"] and host in state["pacemaker"]["nodes"]:
        if state["hosts"][host].get("stays_out_of_cluster"):
            _units(world, host, "inactive")
        else:
            start_node(world, host)
    if state["mongo"] and host in state["mongo"]["nodes"]:
        state["mongo"]["nodes"][host]["up"] = True
        state["mongo"]["primary"] = state["mongo"]["primary"] or host
    if state["haproxy"] and host in next(iter(state["haproxy"]["services"].values()), {}):
        world.clock.after(state["hosts"][host].get("haproxy_seconds", REJOIN), events.haproxy_sees, host=host)


@events.unit_changed.handler
def cluster_units(world: World, host: str, unit: str, active: str) -> None:
    cluster = world.state["pacemaker"]
    if unit != "pacemaker.service" or cluster is None or host not in cluster["nodes"]:
        return
    if active == "active":
        start_node(world, host)
    else:
        stop_node(world, host)
