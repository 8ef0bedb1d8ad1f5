"""yum 3.4: each of its commands by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.tools.yum.command_line import Command, parse
from osp_simulator.tools.yum.lists import check_update, history, list_packages, repolist
from osp_simulator.tools.yum.update import update
from osp_simulator.tools.yum.versionlock import versionlock


@tool("yum", facts=Facts(reaches="host", inline=False, shows=("yum-fails",)))
def yum(call: Call, world: World) -> int:
    flags, words = parse(call)
    if "--version" in flags:
        call.stdout.write("3.4.3\n")
        return 0
    if not words:
        raise Refused(1, "You need to give some command")
    world.clock.advance(2)
    command = COMMANDS.get(words[0])
    if command is None:
        raise Refused(1, f"No such command: {words[0]}. Please use /bin/yum --help")
    return command(Command(call, world, world.state["hosts"][call.host], flags, tuple(words[1:])))


def clean(command: Command) -> int:
    command.call.stdout.write("Cleaning repos: rhel-7-server-rpms rhel-7-server-openstack-10-rpms\n")
    return 0


def makecache(_command: Command) -> int:
    return 0


COMMANDS: Mapping[str, Callable[[Command], int]] = {
    "update": update,
    "upgrade": update,
    "check-update": check_update,
    "list": list_packages,
    "history": history,
    "repolist": repolist,
    "clean": clean,
    "makecache": makecache,
    "versionlock": versionlock,
}
