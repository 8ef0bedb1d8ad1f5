"""Shared by scp and rsync: how a place is written, the host that it is on, and who may read or write there."""

from __future__ import annotations

import glob
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.world import World
from osp_simulator.hosts import remote, sandbox

ANYBODYS = ("/tmp/", "/var/tmp/", "/srv/")


class Place(NamedTuple):
    """A place as it was written; without a host it is local."""

    host: str | None
    path: str


@dataclass(frozen=True)
class End:
    """A path on a host, as a user of that host reaches it; `path` is where the server sees it."""

    host: str
    user: str
    path: Path

    def shown(self, world: World) -> str:
        """The path as the host knows it."""
        root = world.files.root(self.host)
        return f"/{self.path.relative_to(root)}" if self.path.is_relative_to(root) else str(self.path)

    def readable(self, world: World) -> bool:
        """Whether the user may read it. Root reads all; all files have one owner, so modes count only outside homes."""
        if self.user == "root":
            return True
        shown = self.shown(world)
        if any(shown == f"/{one}" or shown.startswith(f"/{one}/") for one in sandbox.ROOTS_ONLY):
            return False
        return bool({"home", "tmp"} & set(self.path.parts) or self.path.stat().st_mode & 0o004)

    def writable(self, world: World) -> bool:
        home = world.files.home_of(self.host, self.user)
        return self.user == "root" or self.shown(world).startswith((f"{home}/", *ANYBODYS))


def place_of(word: str) -> Place:
    """`[user@]host:path`, brackets round an IPv6 address; a colon before any slash makes a host."""
    match = re.match(r"((?:[^@/:\[\]]+@)?)\[([^\]]+)\]:(.*)$", word, re.S)
    if match:
        return Place(match[1] + match[2], match[3])
    colon, slash = word.find(":"), word.find("/")
    if colon > 0 and (slash < 0 or colon < slash):
        return Place(word[:colon], word[colon + 1 :])
    return Place(None, word)


def reach(
    call: Call, world: World, options: remote.Options, where: str | None, lost: tuple[int, str]
) -> tuple[str, str]:
    """(host, user) at the far end, the key and the login checked; here, where no host was written.

    Where ssh refuses, Refused with the status and the last line in `lost`, which are the tool's own.
    """
    if where is None:
        return call.host, call.user
    user, _, address = where.rpartition("@")
    settings = remote.Options(settings=dict(options.settings))
    remote.read_config(settings, world, call, address)
    user = user or settings.get("user", call.user)
    try:
        host = remote.connect(world, call, settings, address)
        remote.login(world, call, settings, host, user)
    except Refused as refused:
        raise Refused(lost[0], f"{refused.text}\n{lost[1]}") from None
    return host, user


def inside(call: Call, world: World, host: str, user: str, path: str) -> End:
    """The end that a written path means: relative to the caller's folder here, to the user's home elsewhere."""
    if path.startswith("~/"):
        path = f"{world.files.home_of(host, user)}/{path[2:]}"
    base = call.cwd if host == call.host and user == call.user else world.files.home_of(host, user)
    return End(host, user, world.files.path(host, path if path.startswith("/") else f"{base}/{path}"))


def matches(call: Call, world: World, host: str, user: str, path: str) -> list[End]:
    """The files that a path with patterns stands for; itself, where it matches nothing."""
    end = inside(call, world, host, user, path)
    found = sorted(glob.glob(str(end.path))) if any(letter in path for letter in "*?[") else []
    return [End(host, user, world.files.settled(host, Path(one))) for one in found] or [end]
