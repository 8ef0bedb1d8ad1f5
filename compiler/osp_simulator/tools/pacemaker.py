"""The pacemaker cluster and what it runs: membership, resources, galera, rabbit, redis and haproxy following it."""

# ruff: noqa: ARG001  handlers of one kind share a signature

from __future__ import annotations

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import event
from osp_simulator.engine.world import World
from osp_simulator.state import State, access
from osp_simulator.state.control_plane import Pacemaker

REJOIN, SETTLE = 20, 60  # seconds after a start until a node is online, until its clones run and galera has synced


def cluster_of(call: Call, world: World, name: str) -> Pacemaker:
    cluster = world.state["pacemaker"]
    if cluster is None or call.host not in cluster["nodes"]:
        raise Refused(127, f"bash: {name}: command not found")
    return cluster


def spelled(cluster: Pacemaker, text: str) -> str:
    """What the cluster prints: it knows its nodes in small letters, as puppet has made it."""
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
    world.cancel("cluster_node_joins", host=host)
    world.cancel("cluster_node_settles", host=host)
    cluster["nodes"][host]["online"] = False
    _units(world, host, "inactive")
    place(world)
    follow(world, host, False)


def start_node(world: World, host: str) -> None:
    """Start the cluster's daemons; the node is online a little later, its services later still."""
    access.pacemaker(world.state)["nodes"][host].pop("left", None)
    entry = world.state["hosts"][host]
    _units(world, host, "active")
    world.after(entry.get("rejoin_seconds", REJOIN), "cluster_node_joins", host=host)


def return_node(world: World, host: str) -> None:
    """The node is a member again with all its services, as `pcs cluster start` with a wait for them leaves it."""
    node = access.pacemaker(world.state)["nodes"][host]
    node.pop("left", None)
    _units(world, host, "active")
    node["online"] = True
    place(world)
    follow(world, host, True)


def _units(world: World, host: str, active: str) -> None:
    for name in ("corosync.service", "pacemaker.service"):
        unit = world.state["hosts"][host]["units"].get(name)
        if unit:
            unit["active"], unit["sub"], unit["loaded"] = active, "running" if active == "active" else "dead", True


@event("cluster_node_joins")
def cluster_node_joins(world: World, host: str) -> None:
    if not running(world.state, host) or world.state["hosts"][host].get("stays_out_of_cluster"):
        return
    access.pacemaker(world.state)["nodes"][host]["online"] = True
    world.after(world.state["hosts"][host].get("settle_seconds", SETTLE), "cluster_node_settles", host=host)


@event("cluster_node_settles")
def cluster_node_settles(world: World, host: str) -> None:
    if not running(world.state, host):
        return
    place(world)
    follow(world, host, True)


def place(world: World) -> None:
    """Give every resource to the nodes that can run it now."""
    cluster = access.pacemaker(world.state)
    able = [
        name for name in online(world.state) if not cluster["nodes"][name]["standby"] and running(world.state, name)
    ]
    if not quorate(world.state):
        able = []
    for resource in cluster["resources"]:
        state = {node: role for node, role in resource["state"].items() if node in able}
        if resource["disabled"]:
            state = {}
        elif resource["kind"] in ("clone", "master"):
            second = (
                "Started"
                if resource["kind"] == "clone"
                else "Master"
                if resource["id"].startswith("galera")
                else "Slave"
            )
            state = {node: state.get(node, second) for node in resource["nodes"] if node in able}
            if resource["kind"] == "master" and state and "Master" not in state.values():
                state[next(iter(state))] = "Master"
        elif not state and able:
            state = {able[0]: "Started"}
        resource["state"] = state
        if resource["id"].startswith("redis"):
            _redis_master(world, state)


def _redis_master(world: World, state: dict[str, str]) -> None:
    master = next((node for node, role in state.items() if role == "Master"), "")
    redis = world.state["redis"]
    if redis is None or not master or redis["master"] == master:
        return
    redis["master"], redis["bgsave"] = master, None
    servers = _behind_haproxy(world.state).get("redis", {})
    for node in servers:
        servers[node] = "UP" if node == master else "DOWN"


def _behind_haproxy(state: State) -> dict[str, dict[str, str]]:
    """{service: {node: status}}; nothing where the site has no haproxy."""
    haproxy = state["haproxy"]
    return haproxy["services"] if haproxy else {}


def follow(world: World, host: str, up: bool) -> None:
    """The services that come and go with the node's membership; of those that come, some need longer."""
    state, entry = world.state, world.state["hosts"][host]
    for name in ("galera_is_in_step", "rabbit_has_joined"):
        world.cancel(name, host=host)
    if state["galera"] and host in state["galera"]["nodes"]:
        late = up and entry.get("galera_seconds", 0)
        in_step = up and not late and not entry.get("galera_stays_unsynced")
        state["galera"]["nodes"][host] = {"synced": in_step, "running": up}
        if late:
            world.after(late, "galera_is_in_step", host=host)
    if state["rabbit"] and host in state["rabbit"]["nodes"]:
        late = up and entry.get("rabbit_seconds", 0)
        cast_out = entry.get("fenced_at_its_stop", False)
        state["rabbit"]["nodes"][host] = {"running": up and not late, "healthy": up and not cast_out}
        if late:
            world.after(late, "rabbit_has_joined", host=host)
        if up and entry.get("rabbit_comes_up_alone"):
            state["rabbit"]["nodes"][host]["alone"] = True
    for name, servers in _behind_haproxy(state).items():
        if host in servers and name in ("mysql",):
            servers[host] = "UP" if up else "DOWN"


@event("galera_is_in_step")
def galera_is_in_step(world: World, host: str) -> None:
    synced = not world.state["hosts"][host].get("galera_stays_unsynced")
    access.galera(world.state)["nodes"][host]["synced"] = synced


@event("rabbit_has_joined")
def rabbit_has_joined(world: World, host: str) -> None:
    access.rabbit(world.state)["nodes"][host]["running"] = True


@event("host_down")
def control_plane_host_down(world: World, host: str, off: bool = False) -> None:
    state = world.state
    cluster = state["pacemaker"]
    if cluster and state["hosts"][host].get("rabbit_stops_slowly") and cluster["nodes"][host]["online"]:
        # the shutdown does not wait for it: its peers fence the node, and its rabbit cannot rejoin them
        state["hosts"][host]["fenced_at_its_stop"] = True
    stop_node(world, host)
    if state["mongo"] and host in state["mongo"]["nodes"]:
        state["mongo"]["nodes"][host]["up"] = False
        left = [name for name, node in state["mongo"]["nodes"].items() if node["up"]]
        if state["mongo"]["primary"] == host:
            state["mongo"]["primary"] = left[0] if left else ""
    for servers in _behind_haproxy(state).values():
        if host in servers:
            servers[host] = "DOWN"


@event("host_up")
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
        world.after(state["hosts"][host].get("haproxy_seconds", REJOIN), "haproxy_sees", host=host)


@event("haproxy_sees")
def haproxy_sees(world: World, host: str) -> None:
    """Health checks pass again; a redis that is not the master stays down for haproxy, by design."""
    state = world.state
    stays_down = state["hosts"][host].get("haproxy_down", ())
    if not state["hosts"][host]["up"]:
        return
    for name, servers in _behind_haproxy(state).items():
        if name == "redis":
            servers[host] = "UP" if access.redis(state)["master"] == host else "DOWN"
        elif host in servers and name not in stays_down:
            servers[host] = "UP"


@event("unit_changed")
def cluster_units(world: World, host: str, unit: str, active: str) -> None:
    cluster = world.state["pacemaker"]
    if unit != "pacemaker.service" or cluster is None or host not in cluster["nodes"]:
        return
    if active == "active":
        start_node(world, host)
    else:
        stop_node(world, host)
