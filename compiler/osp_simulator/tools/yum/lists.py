"""yum's lists: what an update would bring, what is installed or offered, past updates, repositories."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from osp_simulator.engine.call import Refused
from osp_simulator.hosts import channels, packages, packages_held
from osp_simulator.state.hosts import Host
from osp_simulator.tools.yum.command_line import PLUGINS, Command, wanted


def check_update(command: Command) -> int:
    command.need_repositories()
    found = packages.pending(command.world, command.call.host, command.names)
    command.say(PLUGINS)
    if found:
        command.call.stdout.write("\n" + "".join(_offered(command.entry, found.items())))
    return 100 if found else 0


def list_packages(command: Command) -> int:
    """`list [installed|available|updates|all] [NAME...]`: the parts that hold something, each under its heading."""
    kind, names = "all", command.names
    if names and names[0] in PARTS:
        kind, names = names[0], names[1:]
    if kind != "installed":
        command.need_repositories()
    # whatever is listed, yum reads its configuration
    newer = packages.pending(command.world, command.call.host)
    text = "".join(part(command, names, newer) for part in PARTS[kind])
    command.say(PLUGINS)
    command.call.stdout.write(text)
    if not text and names:
        raise Refused(1, "Error: No matching Packages to list")
    return 0


def _installed_part(command: Command, names: tuple[str, ...], _newer: dict[str, str]) -> str:
    rows = _offered(command.entry, _installed(command.entry), names, "@")
    return _under("Installed", rows) if rows else ""


def _available_part(command: Command, names: tuple[str, ...], newer: dict[str, str]) -> str:
    entry = command.entry
    older = entry.get("older_offers", {})
    found = _still_there(command, _installed(entry)) if "--showduplicates" in command.flags else []
    for name, last in {**newer, **_fresh(command)}.items():
        found += [(name, version) for version in (*older.get(name, ()), last)]
    rows = _offered(entry, sorted(found, key=lambda one: one[0]), names)
    return _under("Available", rows) if rows else ""


def _updated_part(command: Command, names: tuple[str, ...], newer: dict[str, str]) -> str:
    """The heading is printed even if none of the named packages has an update."""
    return _under("Updated", _offered(command.entry, newer.items(), names)) if newer else ""


# a part of the list: (packages of these names, with the updates in `newer`)
Part = Callable[[Command, tuple[str, ...], dict[str, str]], str]
PARTS: Mapping[str, tuple[Part, ...]] = {
    "all": (_installed_part, _available_part),
    "installed": (_installed_part,),
    "available": (_available_part,),
    "updates": (_updated_part,),
}


def _under(heading: str, rows: Iterable[str]) -> str:
    return f"{heading} Packages\n" + "".join(rows)


def _installed(entry: Host) -> list[tuple[str, str]]:
    return [(name, version) for name, versions in sorted(entry["packages"].items()) for version in versions]


def _fresh(command: Command) -> dict[str, str]:
    """{package: version} of what the repositories hold and the host has not."""
    entry = command.entry
    patterns = packages_held.held(command.world, command.call.host)
    return {
        name: version
        for name, version in entry["offers"].items()
        if name not in entry["packages"] and not packages_held.is_held(name, patterns)
        and channels.is_enabled(entry, channels.source(entry, name))
    }  # fmt: skip


def _still_there(command: Command, installed: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is installed and still lies in a repository that is enabled; the first of several is the oldest."""
    patterns = packages_held.excluded(command.world, command.call.host)
    return [
        (name, version)
        for name, version in installed
        if not packages_held.is_held(name, patterns)
        and channels.is_enabled(command.entry, channels.repository(name))
    ]  # fmt: skip


def _offered(entry: Host, found: Iterable[tuple[str, str]], names: tuple[str, ...] = (), mark: str = "") -> list[str]:
    """A line each of the (package, version) that are wanted; `mark` goes before the repository."""
    return [
        row(f"{name}.{packages.arch(name)}", version, mark + _place(entry, name, version))
        for name, version in found
        if wanted(name, names)
    ]


def _place(entry: Host, name: str, version: str) -> str:
    """The repository of this version: the offer's, or Red Hat's own."""
    return channels.source(entry, name) if entry["offers"].get(name) == version else channels.repository(name)


def row(name: str, version: str, where: str) -> str:
    """One line of a list, wrapped as yum wraps what does not fit into 80 columns."""
    first = f"{name:<40} " if len(name) <= 40 else f"{name}\n{'':<41}"
    second = f"{version:<22} " if len(version) <= 22 else f"{version}\n{'':<64}"
    return f"{first}{second}{where}\n"


def history(command: Command) -> int:
    command.need_root("You don't have access to the history DB.")
    write = command.call.stdout.write
    write("ID     | Command line             | Date and time    | Action(s)      | Altered\n" + "-" * 79 + "\n")
    for one in reversed(command.entry["yum_history"]):
        moment = time.strftime("%Y-%m-%d %H:%M", time.gmtime(one["at"]))
        shown = f"{one['id']:>6} | {one['command'][:24]:<24} | {moment} | Update         | {len(one['packages']):>4}"
        write(f"{shown}   \n")
    write("history list\n")
    return 0


def repolist(command: Command) -> int:
    write = command.call.stdout.write
    write("repo id                            repo name                          status\n")
    for name in channels.known(command.entry):
        if channels.is_enabled(command.entry, name):
            status = "20,000" if command.entry["repositories"] else "0"
            write(f"{name + '/x86_64':<35}{'Red Hat Enterprise Linux 7':<35}{status}\n")
    return 0
