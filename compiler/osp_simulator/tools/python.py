"""python: the machine's own; the bundle's small parsers are run by one that runs already."""

from __future__ import annotations

import re

from osp_simulator.engine.call import Call, Exec
from osp_simulator.engine.registry import Facts, always, tool
from osp_simulator.engine.world import World
from osp_simulator.hosts import sandbox, users

PARSER = re.compile(r"/lib/parse/\w+\.py$")


@tool("python", facts=Facts(reaches="nothing", inline=False, idle=always, becomes_real=True))
def python(call: Call, world: World) -> int:
    words = call.argv
    parser = words[1] if words[:1] == ("-S",) and len(words) > 1 and PARSER.search(words[1]) else ""
    here = (call.host, call.user) == ("undercloud", users.of_undercloud(world.state["site"]).name)
    keeper = world.served.interpreter if world.served is not None else None
    if parser and here and keeper is not None and world.files.path(call.host, parser).is_file():
        return keeper.run(parser, words[2:], call.fds, call.connection)
    raise Exec(sandbox.interpreter(), *words)
