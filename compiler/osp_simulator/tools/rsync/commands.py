"""rsync 3.1.2: one file or folder after another, the first that fails ends it."""

from __future__ import annotations

import fnmatch
from pathlib import Path

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.hosts.pinned import copy_file, copy_tree
from osp_simulator.tools.rsync.options import Asked, parse
from osp_simulator.tools.transfer import End, Place, inside, matches, place_of, reach

LOST = (
    255,
    "rsync: connection unexpectedly closed (0 bytes received so far) [sender]\n"
    "rsync error: unexplained error (code 255) at io.c(226) [sender=3.1.2]",
)
PARTIAL = (
    "rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1179) [sender=3.1.2]"
)
NO_FOLDER = "rsync error: error in file IO (code 11) at main.c(674) [Receiver=3.1.2]"
NO_SPACE = (
    "rsync: write failed: No space left on device (28)\n"
    "rsync error: error in file IO (code 11) at receiver.c(393) [receiver=3.1.2]"
)


@tool("rsync", facts=Facts(reaches="site", inline=False, over_ssh=True, shows=("cut", "disk-full")))
def rsync(call: Call, world: World) -> int:
    if call.argv[:1] == ("--version",):
        call.stdout.write("rsync  version 3.1.2  protocol version 31\n")
        return 0
    asked = parse(call.argv)
    world.clock.advance(1)
    target = place_of(asked.places[-1])
    to = inside(call, world, *reach(call, world, asked.options, target.host, LOST), target.path)
    if asked.as_root and target.host:
        to = End(to.host, "root", to.path)
    for word in asked.places[:-1]:
        place = place_of(word)
        host, user = reach(call, world, asked.options, place.host, LOST)
        user = "root" if asked.as_root and place.host else user
        for source in matches(call, world, host, user, place.path.rstrip("/") or "/"):
            _send(call, world, asked, (source, place), (to, target))
    return 0


def _send(call: Call, world: World, asked: Asked, source: tuple[End, Place], target: tuple[End, Place]) -> None:
    end, place = source
    _check_source(world, end)
    if end.path.is_dir() and not asked.recursive:
        call.stdout.write(f"skipping directory {end.path.name}\n")
        return
    to, written = target
    destination = _landing(end.path, place.path, to.path, written.path)
    landing = End(to.host, to.user, world.files.settled(to.host, destination))
    _check_target(world, landing, written.path)
    landing.path.parent.mkdir(exist_ok=True)
    if call.fault.startswith(("cut", "disk-full")):
        raise Refused(11 if "disk" in call.fault else 12, NO_SPACE)
    _copy(world, end.path, landing.path, asked.excluded)


def _check_source(world: World, end: End) -> None:
    shown = end.shown(world)
    if not end.path.exists():
        raise Refused(23, f'rsync: link_stat "{shown}" failed: No such file or directory (2)\n{PARTIAL}')
    if not end.readable(world):
        raise Refused(23, f'rsync: send_files failed to open "{shown}": Permission denied (13)\n{PARTIAL}')


def _check_target(world: World, landing: End, written: str) -> None:
    if not landing.writable(world):
        raise Refused(23, f'rsync: mkstemp "{landing.shown(world)}" failed: Permission denied (13)\n{PARTIAL}')
    if not landing.path.parent.parent.is_dir():  # rsync makes the last folder, and no more
        raise Refused(11, f'rsync: mkdir "{written}" failed: No such file or directory (2)\n{NO_FOLDER}')


def _landing(one: Path, given: str, destination: Path, written: str) -> Path:
    """A slash after a folder's name means what it holds; a file goes into a folder, or to the name given."""
    into_folder = destination.is_dir() or written.endswith("/")
    if (one.is_file() and into_folder) or (one.is_dir() and not given.endswith("/")):
        return destination / one.name
    return destination


def _copy(world: World, one: Path, place: Path, excluded: list[str]) -> None:
    """A file that is there already, byte for byte, is left alone."""

    def ignored(name: str) -> bool:
        return any(fnmatch.fnmatch(name, pattern.strip("/")) for pattern in excluded)

    if one.is_dir():
        copy_tree(one, place, ignored)
        world.changes.touch()
    elif not place.exists() or place.read_bytes() != one.read_bytes():
        copy_file(one, place)
        world.changes.touch()
