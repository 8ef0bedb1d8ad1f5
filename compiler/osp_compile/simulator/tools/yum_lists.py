"""yum's lists: what an update would bring, what is installed or offered, past updates, repositories."""

from __future__ import annotations

import time
from collections.abc import Iterable

from osp_compile.simulator import packages, packages_held
from osp_compile.simulator.call import Refused

from .yum_command import PLUGINS, Command, wanted

OPENSTACK = ("openstack-", "python-", "puppet-", "instack", "rhosp-", "openvswitch", "qemu-")


def check_update(command: Command) -> int:
    command.need_repositories()
    found = packages.pending(command.world, command.call.host, command.names)
    command.say(PLUGINS)
    if found:
        command.call.stdout.write("\n" + "".join(_offered(found.items())))
    return 100 if found else 0


def list_packages(command: Command) -> int:
    """`list [installed|available|updates|all] [NAME...]`: the parts that hold something, each under its heading."""
    entry, names = command.entry, command.names
    kind = "all"
    if names and names[0] in ("installed", "available", "updates", "all"):
        kind, names = names[0], names[1:]
    if kind != "installed":
        command.need_repositories()
    newer = packages.pending(command.world, command.call.host)
    patterns = packages_held.held(command.world, command.call.host)
    fresh = {
        name: version
        for name, version in entry["offers"].items()
        if name not in entry["packages"] and not packages_held.is_held(name, patterns)
    }
    parts = []
    if kind in ("all", "installed"):
        found = ((name, version) for name, versions in sorted(entry["packages"].items()) for version in versions)
        parts.append(("Installed", _offered(found, names, "@")))
    if kind in ("all", "available"):
        older = entry.get("older_offers", {})
        offers = sorted({**newer, **fresh}.items())
        every = ((name, one) for name, last in offers for one in (*older.get(name, ()), last))
        parts.append(("Available", _offered(every, names)))
    if kind == "updates" and newer:
        parts.append(("Updated", _offered(newer.items(), names)))
    command.say(PLUGINS)
    shown = [(heading, rows) for heading, rows in parts if rows or kind == "updates"]
    for heading, rows in shown:
        command.call.stdout.write(f"{heading} Packages\n" + "".join(rows))
    if not shown and names:
        raise Refused(1, "Error: No matching Packages to list")
    return 0


def _offered(found: Iterable[tuple[str, str]], names: tuple[str, ...] = (), mark: str = "") -> list[str]:
    """A line each of the (package, version) that are wanted; `mark` goes before the repository."""
    return [
        row(f"{name}.{packages.arch(name)}", version, mark + repository(name))
        for name, version in found
        if wanted(name, names)
    ]


def row(name: str, version: str, where: str) -> str:
    """One line of a list, wrapped as yum wraps what does not fit into 80 columns."""
    first = f"{name:<40} " if len(name) <= 40 else f"{name}\n{'':<41}"
    second = f"{version:<22} " if len(version) <= 22 else f"{version}\n{'':<64}"
    return f"{first}{second}{where}\n"


def repository(name: str) -> str:
    return "rhel-7-server-openstack-10-rpms" if name.startswith(OPENSTACK) else "rhel-7-server-rpms"


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
    for name in ("rhel-7-server-rpms/x86_64", "rhel-7-server-openstack-10-rpms/x86_64"):
        status = "20,000" if command.entry["repositories"] else "0"
        write(f"{name:<35}{'Red Hat Enterprise Linux 7':<35}{status}\n")
    return 0
