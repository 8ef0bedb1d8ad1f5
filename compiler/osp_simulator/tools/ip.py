"""ip: the network namespaces of a host, of which the simulated site knows those of routers."""

from __future__ import annotations

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World


@tool("ip", facts=Facts(reaches="nothing", inline=True))
def ip(call: Call, world: World) -> int:
    """They are gone with a boot, and come all at once when its L3 agent has built them again."""
    if call.argv not in (("netns",), ("netns", "list")):
        raise Refused(255, "ip: only netns list is answered here")
    entry = world.state["hosts"][call.host]
    network = world.state.get("neutron", {}).get("overcloud")
    if network is None or world.clock.now() - entry["booted_at"] < entry.get("router_seconds", 0):
        return 0
    here = {agent["host"] for agent in network["agents"] if agent["node"] == call.host and agent["type"] == "L3 agent"}
    for number, router in enumerate(network.get("routers", ())):
        if here & router["agents"].keys():
            call.stdout.write(f"qrouter-{router['id']} (id: {number})\n")
    return 0
