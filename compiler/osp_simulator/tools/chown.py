"""chown and chgrp: one real uid stands for all users, so nothing changes; who may change what is kept."""

from __future__ import annotations

import re

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World


@tool("chown", "chgrp", facts=Facts(reaches="site", inline=False))
def chown(call: Call, world: World) -> int:
    words = [word for word in call.argv if not word.startswith("-")]
    if len(words) < 2:
        raise Refused(1, f"{call.tool}: missing operand")
    owner, *paths = words
    _need_names(call, world, owner)
    if call.user != "root" and re.split(r"[:.]", owner)[0] not in (call.user, "", "1000"):
        raise Refused(1, f"{call.tool}: changing ownership of \u2018{paths[0]}\u2019: Operation not permitted")
    for path in paths:
        if not world.files.path(call.host, path if path.startswith("/") else f"{call.cwd}/{path}").exists():
            raise Refused(1, f"{call.tool}: cannot access \u2018{path}\u2019: No such file or directory")
    return 0


def _need_names(call: Call, world: World, owner: str) -> None:
    """Refused where the host does not know the user or the group of USER:GROUP; a number need not be known."""
    known = names_in(world, call.host, "/etc/passwd") | names_in(world, call.host, "/etc/group")
    for name in filter(None, re.split(r"[:.]", owner)):
        if not name.isdigit() and name not in known:
            raise Refused(1, f"{call.tool}: invalid user: \u2018{owner}\u2019")


def names_in(world: World, host: str, path: str) -> set[str]:
    """The users or groups that passwd or group has."""
    return {line.split(":")[0] for line in world.files.path(host, path).read_text().splitlines()}
