"""A run of one script, as the world sees it: how the site stood when it began, and how when it ended.

Rehearsals say when a run begins and ends (control verbs `begin_run` and `end_run`). What the site was like before the
first of them is kept for good in the state, as `origin`: what others had set, and what was running.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from osp_simulator.engine import watching
from osp_simulator.engine.run import KILLED, Files, Run
from osp_simulator.fast import walk
from osp_simulator.safety.digests import Digests
from osp_simulator.safety.journals import state_folder
from osp_simulator.state.clouds import Clouds
from osp_simulator.state.control_plane import ControlPlane
from osp_simulator.state.places import differing_parts

if TYPE_CHECKING:
    from osp_simulator.engine.world import Part, World
    from osp_simulator.state import Parts, State

# Nobody's business: scratch places, what a boot empties, and what the simulator itself keeps.
PASSING = ("tmp/", "run/", "proc/", "dev/")
# Parts of the state by which a site is known again; the rest is clocks, plans of events and the like.
SITE = ("hosts", *ControlPlane.__annotations__, *Clouds.__annotations__)


class Runs:
    """The run that is under way, if one is."""

    def __init__(self, world: World, manifest: Mapping[str, Any]) -> None:
        self._world = world
        self._manifest = manifest
        self._digests = Digests()
        self.current: Run | None = None

    def begin(self, section: str) -> None:
        world = self._world
        for host in world.state["hosts"]:
            world.root(host)  # files that are made on a host's first day are nobody's change
        self._journal = f"{state_folder(world)}/journal.tsv"
        if "origin" not in world.state:
            world.state["origin"] = site_of(world.state)
        self.current = Run(section, site_of(world.state), files_of(world, self._digests), self._manifest)

    def end(self, status: int, output: str) -> list[dict[str, Any]]:
        """The breaches of this run."""
        run = self.current
        if run is None:
            raise ValueError("no run has begun")
        run.status, run.output, run.files_after = status, output, files_of(self._world, self._digests)
        watching.watch(self._world, "run", run)
        self.current = None
        return run.breaches

    def journalled(self) -> int:
        """How much the run's journal holds by now, bytes; 0 where no run is under way."""
        if self.current is None:
            return 0
        try:
            return os.stat(self._journal).st_size
        except OSError:
            return 0

    def cut(self) -> list[dict[str, Any]]:
        """The breaches of this run if every process of it were killed now; the run itself goes on."""
        run = self.current
        if run is None:
            raise ValueError("no run has begun")
        self.current = replace(
            run, status=KILLED, files_after=files_of(self._world, self._digests), breaches=[*run.breaches]
        )
        try:
            watching.watch(self._world, "run", self.current)
            return self.current.breaches
        finally:
            self.current = run

    def time_brought(self, changes: Iterable[tuple[Part, bytes | None]]) -> None:
        """What an event has changed is no doing of a command's; `changes` are parts of the state as they were."""
        run = self.current
        if run is None:
            return
        for part, old in changes:
            if part[0] in SITE:
                before = None if old is None else marshal.loads(old)
                run.by_time.update(differences(before, self._world.part(part), ".".join(part)))
        watching.watch(self._world, "changed")


def site_of(state: State) -> Parts:
    """A copy of what the site is, without clocks and plans, in a tenth of the time that copy.deepcopy takes."""
    copied: Parts = marshal.loads(marshal.dumps(parts_of(state)))
    return copied


def parts_of(state: State) -> dict[str, object]:
    """What the site is, to be marshalled or compared as a whole."""
    whole: Mapping[str, object] = state
    return {part: whole[part] for part in SITE if part in whole}


def files_of(world: World, digests: Digests) -> Files:
    """The digests of every host's files, scratch places left out."""
    found = {}
    for root in sorted((world.folder / "hosts").glob("*/root")):
        for name, entry in walk.unordered(str(root), PASSING.__contains__):
            if entry.is_symlink() or entry.is_file():
                found[root.parent.name, name] = digests.of(entry)
    return found


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """The places, as a.b.0.c, at which two structures differ."""
    if before == after:
        return
    parts = differing_parts(before, after)
    if parts is None:
        yield path
        return
    for key, old, new in parts:
        yield from differences(old, new, f"{path}.{key}".lstrip("."))
