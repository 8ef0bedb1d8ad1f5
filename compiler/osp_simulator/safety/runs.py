"""Watches a run of one script: the state of the site when it begins, and when it ends.

A rehearsal marks both with the control verbs `begin_run` and `end_run`. The state before the first run is kept for good
as `initial_site`: it shows what others had set, and what was running.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from osp_simulator.engine import watching
from osp_simulator.engine.run import KILLED, Breach, Files, Run
from osp_simulator.fast import list_files
from osp_simulator.safety.digests import Digests
from osp_simulator.safety.journals import state_folder
from osp_simulator.state.clouds import Clouds
from osp_simulator.state.control_plane import ControlPlane
from osp_simulator.state.places import below, differing_parts

if TYPE_CHECKING:
    from osp_simulator.engine.changes import Change
    from osp_simulator.engine.world import World
    from osp_simulator.state import Parts, State

# Paths that are not compared: scratch, folders that a boot empties, and files of the simulator itself.
PASSING = ("tmp/", "run/", "proc/", "dev/")
# Parts of the state that are compared; the others are clocks, planned events and the like.
SITE = ("hosts", *ControlPlane.__annotations__, *Clouds.__annotations__)


class Runs:
    """Holds the current run, if there is one."""

    def __init__(self, world: World, manifest: Mapping[str, Any]) -> None:
        self._world = world
        self._manifest = manifest
        self._digests = Digests()
        self._errors = len(world.state["errors"])  # those that have been reported
        self.current: Run | None = None

    def begin(self, section: str) -> None:
        world = self._world
        for host in world.state["hosts"]:
            world.files.root(host)  # the initial files of a host are not changes of the run
        self._journal = f"{state_folder(world)}/journal.tsv"
        if "initial_site" not in world.state:
            world.state["initial_site"] = site_of(world.state)
        self.current = Run(section, site_of(world.state), files_of(world, self._digests), self._manifest)

    def end(self, status: int, output: str) -> list[Breach]:
        """Ends the run; its breaches."""
        run = self.current
        if run is None:
            raise ValueError("no run has begun")
        run.status, run.output, run.files_after = status, output, files_of(self._world, self._digests)
        watching.watch(self._world, "run", run)
        self.current = None
        return [*run.breaches, *self._own_errors()]

    def _own_errors(self) -> Iterator[Breach]:
        """The simulator's own breakdowns since the last run: a run that met one proves nothing."""
        errors = self._world.state["errors"]
        for text in errors[self._errors :]:
            lines = text.strip().splitlines()
            said = "\n".join((f"the simulated site itself failed, and not the script: {lines[-1]}", *lines))
            yield Breach(rule="simulator", text=said, at=round(self._world.clock.now()))
        self._errors = len(errors)

    def journalled(self) -> int:
        """The present size of the run's journal in bytes; 0 if there is no run."""
        if self.current is None:
            return 0
        try:
            return os.stat(self._journal).st_size
        except OSError:
            return 0

    def cut(self) -> list[Breach]:
        """The breaches that this run would have if all of its processes were killed now; the run continues."""
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

    def time_brought(self, changes: Iterable[Change]) -> None:
        """Notes changes that an event has made, and not a command; `changes` are parts of the state before it."""
        run = self.current
        if run is None:
            return
        for part, old in changes:
            if part[0] in SITE:
                before = None if old is None else marshal.loads(old)
                run.changed_by_events.update(differences(before, self._world.changes.part(part), ".".join(part)))
        watching.watch(self._world, "changed")


def site_of(state: State) -> Parts:
    """A copy of the site's state without clocks and planned events, ten times as fast as copy.deepcopy."""
    copied: Parts = marshal.loads(marshal.dumps(parts_of(state)))
    return copied


def parts_of(state: State) -> dict[str, object]:
    """The parts of the site's state that are compared, as one dict."""
    return {part: below(state, (part,)) for part in SITE if part in state}


def files_of(world: World, digests: Digests) -> Files:
    """The digests of every host's files, without scratch paths."""
    found = {}
    for root in sorted((world.folder / "hosts").glob("*/root")):
        for name, entry in list_files.unordered(str(root), PASSING.__contains__):
            if entry.is_symlink() or entry.is_file():
                found[root.parent.name, name] = digests.of(entry)
    return found


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """The places, written a.b.0.c, at which two structures differ."""
    if before == after:
        return
    parts = differing_parts(before, after)
    if parts is None:
        yield path
        return
    for key, old, new in parts:
        yield from differences(old, new, f"{path}.{key}".lstrip("."))
