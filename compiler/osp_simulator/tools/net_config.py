"""os-net-config: with `--noop` what it would make of its configuration."""

from __future__ import annotations

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.fast import late

FILES = ("-c", "--config-file")
FLAGS = ("--noop", "--detailed-exit-codes")


@tool("os-net-config", facts=Facts(reaches="nothing", inline=True))
def os_net_config(call: Call, world: World) -> int:
    """1 for a file without a `network_config` that is a list, as its words say on stderr."""
    words, path = list(call.argv), "/etc/os-net-config/config.json"
    for option in FILES:
        if option in words[:-1]:
            at = words.index(option)
            path = words[at + 1]
            del words[at : at + 2]
    if "--noop" not in words or any(word not in FLAGS for word in words):
        raise Refused(1, "os-net-config: only --noop is answered here")
    file = world.files.path(call.host, path)
    if not file.is_file():
        raise Refused(1, f"No config file exists at: {path}")
    yaml = late.load("yaml")
    try:
        told = yaml.safe_load(file.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise Refused(1, f"yaml.scanner.ScannerError: {str(error).splitlines()[0]}") from error
    if not isinstance(told, dict) or not isinstance(told.get("network_config"), list):
        raise Refused(1, f"No interfaces defined in config: {path}")
    return 0
