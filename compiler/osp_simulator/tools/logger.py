"""logger: a line in the host's /var/log/messages."""

from __future__ import annotations

from osp_simulator.engine.call import Call
from osp_simulator.engine.clocktext import ctime
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World


@tool("logger", facts=Facts(reaches="site", inline=False))
def logger(call: Call, world: World) -> int:
    words = [word for word in call.argv if not word.startswith("-")]
    with world.files.path(call.host, "/var/log/messages").open("a") as log:
        log.write(f"{ctime(world.clock.now())} {call.host} {call.user}: {' '.join(words)}\n")
    return 0
