"""clustercheck: whether this node's Galera is synced."""

from __future__ import annotations

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World


@tool("clustercheck", facts=Facts(reaches="nothing", inline=True))
def clustercheck(call: Call, world: World) -> int:
    galera = world.state["galera"]
    if galera is None or call.host not in galera["nodes"]:
        raise Refused(127, "bash: clustercheck: command not found")
    synced = galera["nodes"][call.host]["synced"]
    text = f"Galera cluster node is {'' if synced else 'not '}synced."
    heading = "HTTP/1.1 200 OK" if synced else "HTTP/1.1 503 Service Unavailable"
    heading += f"\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: {len(text) + 2}"
    call.stdout.write(f"{heading}\r\n\r\n{text}\r\n")
    return 0 if synced else 1
