"""The consequences of a node's cluster membership: galera, rabbit, redis's master, and haproxy's view of them."""

from __future__ import annotations

from osp_simulator.engine import events
from osp_simulator.engine.world import World
from osp_simulator.state import State, access
from osp_simulator.state.control_plane import GaleraNode, RabbitNode


def follow(world: World, host: str, up: bool) -> None:
    """The services that come and go with the node's membership; of those that come, some need longer."""
    state = world.state
    for due in (events.galera_is_in_step, events.rabbit_has_joined):
        world.clock.cancel(due, host=host)
    if state["galera"] and host in state["galera"]["nodes"]:
        state["galera"]["nodes"][host] = _galera_of(world, host, up)
    if state["rabbit"] and host in state["rabbit"]["nodes"]:
        state["rabbit"]["nodes"][host] = _rabbit_of(world, host, up)
    servers = behind_haproxy(state).get("mysql", {})
    if host in servers:
        servers[host] = "UP" if up else "DOWN"


def _galera_of(world: World, host: str, up: bool) -> GaleraNode:
    entry = world.state["hosts"][host]
    late = up and entry.get("galera_seconds", 0)
    if late:
        world.clock.after(late, events.galera_is_in_step, host=host)
    return {"synced": up and not late and not entry.get("galera_stays_unsynced"), "running": up}


def _rabbit_of(world: World, host: str, up: bool) -> RabbitNode:
    entry = world.state["hosts"][host]
    late = up and entry.get("rabbit_seconds", 0)
    if late:
        world.clock.after(late, events.rabbit_has_joined, host=host)
    cast_out = entry.get("fenced_at_its_stop", False)
    node: RabbitNode = {"running": up and not late, "healthy": up and not cast_out}
    if up and entry.get("rabbit_comes_up_alone"):
        node["alone"] = True
    return node


@events.galera_is_in_step.handler
def galera_is_in_step(world: World, host: str) -> None:
    synced = not world.state["hosts"][host].get("galera_stays_unsynced")
    access.galera(world.state)["nodes"][host]["synced"] = synced


@events.rabbit_has_joined.handler
def rabbit_has_joined(world: World, host: str) -> None:
    access.rabbit(world.state)["nodes"][host]["running"] = True


def promote_redis(world: World, state: dict[str, str]) -> None:
    master = next((node for node, role in state.items() if role == "Master"), "")
    redis = world.state["redis"]
    if redis is None or not master or redis["master"] == master:
        return
    redis["master"], redis["bgsave"] = master, None
    servers = behind_haproxy(world.state).get("redis", {})
    for node in servers:
        servers[node] = "UP" if node == master else "DOWN"


def behind_haproxy(state: State) -> dict[str, dict[str, str]]:
    """{service: {node: status}}; nothing where the site has no haproxy."""
    haproxy = state["haproxy"]
    return haproxy["services"] if haproxy else {}


@events.haproxy_sees.handler
def haproxy_sees(world: World, host: str) -> None:
    """Health checks pass again; a redis that is not the master stays down for haproxy, by design."""
    state = world.state
    stays_down = state["hosts"][host].get("haproxy_down", ())
    if not state["hosts"][host]["up"]:
        return
    for name, servers in behind_haproxy(state).items():
        if name == "redis":
            servers[host] = "UP" if access.redis(state)["master"] == host else "DOWN"
        elif host in servers and name not in stays_down:
            servers[host] = "UP"
