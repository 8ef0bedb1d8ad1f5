"""scp of OpenSSH 7.4: each source in turn, complaining of those that fail."""

from __future__ import annotations

from dataclasses import dataclass, field

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.options import split_up
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.hosts import remote
from osp_simulator.hosts.pinned import copy_file, copy_tree
from osp_simulator.tools.ssh.commands import VALUED
from osp_simulator.tools.transfer import End, inside, matches, place_of, reach

USAGE = (
    "usage: scp [-12346BCpqrv] [-c cipher] [-F ssh_config] [-i identity_file]\n"
    "           [-l limit] [-o ssh_option] [-P port] [-S program]\n"
    "           [[user@]host1:]file1 ... [[user@]host2:]file2"
)
FLAGS = frozenset("rpqBCv346T")
LOST = (1, "lost connection")


@dataclass
class Asked:
    options: remote.Options = field(default_factory=remote.Options)
    recursive: bool = False
    places: list[str] = field(default_factory=list)


@tool("scp", facts=Facts(reaches="site", inline=False, over_ssh=True, shows=("cut", "disk-full")))
def scp(call: Call, world: World) -> int:
    asked = parse(call)
    world.clock.advance(1)
    sources, target = [place_of(one) for one in asked.places[:-1]], place_of(asked.places[-1])
    to = inside(call, world, *reach(call, world, asked.options, target.host, LOST), target.path)
    status = 0
    for place in sources:
        host, user = reach(call, world, asked.options, place.host, LOST)
        for source in matches(call, world, host, user, place.path):
            problem = _problem(world, source, to, asked.recursive, many=len(sources) > 1)
            if problem:
                name = source.shown(world) if problem[0] == "source" else target.path
                call.stderr.write(f"scp: {name}: {problem[1]}\n")
                status = 1
            else:
                _copy(call, world, source, landing(world, source, to), target.path)
    return status


def parse(call: Call) -> Asked:
    asked = Asked()
    split_up(call.argv, asked.places, lambda word, words: _letters(asked, word[1:], words))
    if len(asked.places) < 2:
        raise Refused(1, USAGE)
    return asked


def _letters(asked: Asked, letters: str, words: list[str]) -> None:
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter in FLAGS:
            asked.recursive |= letter == "r"
            continue
        if letter not in "oiPFSlc":
            raise Refused(1, USAGE)
        value = letters or (words.pop(0) if words else "")
        if letter == "o":
            remote.put_option(asked.options, value)
        elif letter in VALUED:
            asked.options.settings[VALUED[letter]] = value
        return


def landing(world: World, source: End, to: End) -> End:
    """Where a source comes to lie: inside a folder that is there, else at the name given."""
    if not to.path.is_dir():
        return to
    return End(to.host, to.user, world.files.settled(to.host, to.path / source.path.name))


def _problem(world: World, source: End, to: End, recursive: bool, *, many: bool) -> tuple[str, str] | None:
    """(which end, what is wrong) of a copy that cannot be."""
    if not source.path.exists():
        return "source", "No such file or directory"
    if not source.readable(world):
        return "source", "Permission denied"
    if source.path.is_dir() and not recursive:
        return "source", "not a regular file"
    end = landing(world, source, to)
    if not end.writable(world):
        return "target", "Permission denied"
    if not end.path.parent.is_dir() or (many and not to.path.is_dir()):
        return "target", "No such file or directory"
    return None


def _copy(call: Call, world: World, source: End, end: End, written: str) -> None:
    one, place = source.path, end.path
    if call.fault.startswith(("cut", "disk-full")):
        place.write_bytes(one.read_bytes()[: one.stat().st_size // 2] if one.is_file() else b"")
        full = call.fault.startswith("disk")
        raise Refused(1, f"scp: {written}: No space left on device" if full else LOST[1])
    if one.is_dir():
        copy_tree(one, place)
    else:
        copy_file(one, place)
    world.changes.touch()
