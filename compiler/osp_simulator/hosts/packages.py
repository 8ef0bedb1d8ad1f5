"""Packages of a host: versions, what its repositories offer, and what an update does."""

from __future__ import annotations

from collections.abc import Iterable

from osp_simulator.engine import events
from osp_simulator.engine.clocktext import yum_stamp
from osp_simulator.engine.world import World
from osp_simulator.hosts import channels
from osp_simulator.hosts.packages_held import held, is_held
from osp_simulator.state.hosts import Host

KEPT_SIDE_BY_SIDE = ("kernel", "kernel-rt")
SECONDS_EACH = 8


def split(version: str) -> tuple[str, str]:
    """("10", "2.9.0-16.el7") for "10:2.9.0-16.el7"; the epoch is empty if there is none."""
    epoch, separator, rest = version.partition(":")
    return (epoch, rest) if separator else ("", version)


def arch(name: str) -> str:
    noarch = ("puppet-", "python-", "openstack-", "instack", "rhosp-", "linux-firmware", "tuned")
    return "noarch" if name.startswith(noarch) else "x86_64"


def pending(world: World, host: str, names: Iterable[str] = ()) -> dict[str, str]:
    """{package: offered version} that an update of these packages (all, if none are named) would install."""
    entry, patterns = world.state["hosts"][host], held(world, host)
    wanted = tuple(names)
    return {
        name: offer
        for name, offer in sorted(entry["offers"].items())
        if name in entry["packages"] and offer not in entry["packages"][name] and (not wanted or name in wanted)
        and not is_held(name, patterns) and channels.is_enabled(entry, channels.source(entry, name))
    }  # fmt: skip


def unresolved(world: World, host: str, names: Iterable[str] = ()) -> list[str]:
    """What yum says, instead of updating these packages, of each whose offer requires what no repository has."""
    entry = world.state["hosts"][host]
    required = entry.get("requires", {})
    found = [(name, offer, required[name]) for name, offer in pending(world, host, names).items() if name in required]
    return [
        f"Error: Package: {name}-{split(offer)[1]}.{arch(name)} ({channels.source(entry, name)})\n"
        f"           Requires: {what}"
        for name, offer, what in found
    ]


def remember_offers(world: World, host: str) -> None:
    """Records in `offered` what an update that begins now has to install; the safety rules check it at the end."""
    entry = world.state["hosts"][host]
    entry["offered"] = {**entry.get("offered", {}), **pending(world, host)}


def left(world: World, host: str) -> dict[str, str]:
    """{package: version} that an update should have installed and has not; if none has begun, all that is pending.

    What has hidden an offer since, a later one, does not make it done.
    """
    offered = world.state["hosts"][host].get("offered")
    found = pending(world, host)
    if offered is None:
        return found
    entry = world.state["hosts"][host]
    return {
        name: version
        for name, version in found.items()
        if name in offered and offered[name] not in entry["packages"][name]
    }


def update(world: World, host: str, names: Iterable[str] = (), command: str = "update") -> dict[str, str]:
    """Installs what is pending, writes yum.log and the history, sets the default kernel; returns what it installed.

    Time passes while it does. Running daemons and the running kernel stay what they were.
    """
    with world.lock:
        entry = world.state["hosts"][host]
        found = pending(world, host, names)
        world.clock.advance(5 + SECONDS_EACH * len(found))
        lines = []
        for name, version in found.items():
            verb = "Installed" if name in KEPT_SIDE_BY_SIDE else "Updated"
            if name in KEPT_SIDE_BY_SIDE:
                entry["packages"][name].append(version)
                _new_kernel(entry, version)
            else:
                entry["packages"][name] = [version]
            entry["updated"][name] = world.state["clock"]
            if name in entry.get("offered", {}):  # a later one than was on offer brings that too
                entry["offered"][name] = version
            epoch, rest = split(version)
            lines.append(
                f"{yum_stamp(world.state['clock'])} {verb}: {epoch + ':' if epoch else ''}{name}-{rest}.{arch(name)}\n"
            )
        if found:
            number = len(entry["yum_history"]) + 1
            entry["yum_history"].append(
                {"id": number, "at": world.clock.now(), "command": command, "packages": list(found)}
            )
            with world.files.path(host, "/var/log/yum.log").open("a") as log:
                log.writelines(lines)
            world.fire(events.packages_updated, host=host, packages=found)
        return found


def _new_kernel(entry: Host, version: str) -> None:
    kernel = entry["kernel"]
    kernel["installed"].append(f"{version}.x86_64")
    if not entry["pinned_kernel"]:
        kernel["default"] = f"{version}.x86_64"
