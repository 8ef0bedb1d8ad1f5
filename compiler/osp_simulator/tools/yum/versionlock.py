"""yum versionlock: list, delete and clear; its words were not compared with the real plugin."""

from __future__ import annotations

import fnmatch

from osp_simulator.engine.call import Refused
from osp_simulator.hosts import folders, packages_held
from osp_simulator.tools.yum.command_line import Command

LOADED = "Loaded plugins: versionlock\n"


def versionlock(command: Command) -> int:
    """Without the plugin yum knows no such command."""
    call, world = command.call, command.world
    if not packages_held.has_plugin(world, call.host):
        raise Refused(1, "No such command: versionlock. Please use /bin/yum --help")
    word, names = (command.names[0], command.names[1:]) if command.names else ("list", ())
    entries = packages_held.locks(world, call.host)
    command.say(LOADED)
    if word in ("list", "status"):
        call.stdout.writelines(f"{entry}\n" for entry in entries)
        command.say(f"versionlock {word} done\n")
        return 0
    command.need_root("You need to be root to perform this command.")
    if word == "clear":
        _delete(command, entries, entries)
    elif word in ("delete", "del"):
        gone = [entry for entry in entries if _is_meant(entry, names)]
        if not gone:
            raise Refused(1, "Error: versionlock delete: no matches")
        _delete(command, entries, gone)
    else:
        raise Refused(1, "Error: only list, status, delete and clear are answered here")
    return 0


def _delete(command: Command, entries: list[str], gone: list[str]) -> None:
    for entry in gone:
        command.say(f"Deleting versionlock for: {entry}\n")
    rest = "".join(f"{entry}\n" for entry in entries if entry not in gone)
    folders.write(command.world.files.path(command.call.host, packages_held.LOCKS), rest)
    command.say(f"versionlock deleted: {len(gone)}\n")


def _is_meant(entry: str, patterns: tuple[str, ...]) -> bool:
    name = packages_held.name_of(entry)
    return any(
        pattern == entry or fnmatch.fnmatchcase(entry, pattern) or fnmatch.fnmatchcase(name, pattern)
        for pattern in patterns
    )
