"""hiera 1: one key of a host's puppet data."""

from __future__ import annotations

import json
from typing import Any

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World

CONFIG = "/etc/hiera.yaml"
UNREADABLE = (
    "/usr/share/ruby/hiera/filecache.rb:76:in `read': Permission denied @ rb_sysopen - "
    "/etc/puppet/hieradata/service_configs.json (Errno::EACCES)"
)


@tool("hiera", facts=Facts(reaches="nothing", inline=True))
def hiera(call: Call, world: World) -> int:
    config, words = parse(call)
    if config != CONFIG and not world.files.path(call.host, config).exists():
        raise Refused(1, f"Cannot find config file: {config}")
    if not words:
        raise Refused(1, "Please supply a data item to look up")
    if call.user != "root":  # the data files are root's alone
        raise Refused(1, UNREADABLE)
    value = world.state["hosts"][call.host]["hiera"].get(words[0])
    if value is None:
        call.stdout.write((words[1] if len(words) > 1 else "nil") + "\n")
    else:
        call.stdout.write(printed(value) + "\n")
    return 0


def parse(call: Call) -> tuple[str, list[str]]:
    """(the config file, [key, default ...])."""
    config, words = CONFIG, list(call.argv)
    if words[:1] in (["-c"], ["--config"]):
        config = words[1] if len(words) > 1 else ""
        words = words[2:]
    elif words and words[0].startswith("--config="):
        config = words.pop(0).partition("=")[2]
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option not in ("-a", "--array", "-h", "--hash", "-d", "--debug"):
            raise Refused(1, f"invalid option: {option}")
    return config, words


def printed(value: Any) -> str:
    """A value as Ruby prints it: bare text, JSON for what is nested."""
    return json.dumps(value) if isinstance(value, bool | list | dict) else str(value)
