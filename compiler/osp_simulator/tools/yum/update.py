"""yum update: what is pending is installed, and what comes with some packages arrives with them."""

from __future__ import annotations

from collections.abc import Iterable

from osp_simulator.engine import events
from osp_simulator.engine.call import Refused
from osp_simulator.engine.world import World
from osp_simulator.hosts import folders, image_archives, package_files, packages
from osp_simulator.tools.yum.command_line import PLUGINS, Command

IMAGES = "rhosp-director-images"
RELEASE = "Red Hat Enterprise Linux Server release 7.6 (Maipo)\n"


def update(command: Command) -> int:
    call, world, entry, names = command.call, command.world, command.entry, command.names
    command.need_root(f"{PLUGINS}You need to be root to perform this command.")
    command.need_repositories()
    known = [name for name in names if name in entry["packages"]]
    found = packages.pending(world, call.host, known) if known or not names else {}
    command.say(PLUGINS)
    for name in names:
        if name not in known:
            command.say(f"No package {name} available.\n")
    if not found:
        command.say("No packages marked for update\n")
        return 0
    if trouble := packages.unresolved(world, call.host, found):
        command.say(" You could try using --skip-broken to work around the problem\n")
        raise Refused(1, "\n".join(trouble))
    if not _agreed(command):
        command.say("Exiting on user command\n")
        return 1
    _install(command, found)
    return 0


def _agreed(command: Command) -> bool:
    if command.flags & {"-y", "--assumeno"}:
        return "--assumeno" not in command.flags
    command.say("Is this ok [y/d/N]: ")
    return command.call.stdin.readline().lower().startswith(b"y")


def _install(command: Command, found: Iterable[str]) -> None:
    """Installs what is pending of these packages, and says so."""
    call, world = command.call, command.world
    if call.fault.startswith("yum-fails"):
        world.clock.advance(30)
        raise Refused(1, "Error: Package: openvswitch requires: openssl-libs >= 1.1")
    words = f"update {' '.join(command.names)}".strip()
    for name, version in packages.update(world, call.host, found, words).items():
        command.say(f"  Updating   : {name}-{packages.split(version)[1]}.{packages.arch(name)}\n")
    command.say("\nComplete!\n")


@events.packages_updated.handler
def archives_arrive(world: World, host: str, packages: dict[str, str]) -> None:
    """The image packages bring their archives; the release file follows the system."""
    if IMAGES in packages:
        for path, (content, mode) in image_archives.archives(packages[IMAGES]).items():
            folders.write(world.files.path(host, path), content, mode)
    if "systemd" in packages:
        folders.write(world.files.path(host, "/etc/redhat-release"), RELEASE)


@events.packages_updated.handler
def files_arrive(world: World, host: str, packages: dict[str, str]) -> None:
    """An update writes a package's files over whatever was patched in them; a changed configuration stays."""
    for name, version in packages.items():
        for path, text in package_files.files_of(name, version).items():
            laid_out = host == "undercloud" or world.files.itself(host, path).exists()
            if laid_out and path not in package_files.CONFIG.get(name, ()):
                if world.files.itself(host, path).is_symlink():
                    world.files.itself(host, path).unlink()
                folders.write(world.files.path(host, path), text)
