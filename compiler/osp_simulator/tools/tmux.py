"""tmux and screen: present, and holding no session."""

from __future__ import annotations

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World

VERSIONS = {"tmux": "tmux 1.8", "screen": "Screen version 4.01.00devel (GNU) 2-May-06"}
NO_SESSION = {
    "tmux": "failed to connect to server: Connection refused",
    "screen": "No Sockets found in /var/run/screen/S-stack.",
}


@tool("tmux", "screen", facts=Facts(reaches="site", inline=False))
def multiplexer(call: Call, _world: World) -> int:
    if call.argv[:1] in (("-V",), ("-v",), ("--version",)):
        call.stdout.write(f"{VERSIONS[call.tool]}\n")
        return 0
    if call.argv[:1] in (("ls",), ("list-sessions",), ("-ls",)):
        raise Refused(1, NO_SESSION[call.tool])
    raise Refused(1, "open terminal failed: not a terminal")
