"""Keeps the world at every moment at which a run is to be cut; for this the section is played once more.

SIGKILL ends every process of a run at once, so a killed run leaves the world as it is at that moment, and trials of the
run after it need not play the first half again. If two moments leave the same state, the world is kept once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osp_compile.rehearsal.equivalence import state_key
from osp_compile.rehearsal.injection_points import InjectionPoint, load
from osp_compile.rehearsal.trials import (
    Outcome,
    Rehearsal,
    clone_world,
    expect_end,
    opened,
    run_to_completion,
    write_transcript,
)
from osp_simulator.engine.call import Call
from osp_simulator.engine.server import Server
from osp_simulator.engine.snapshot import snapshot


def kept_at_each_cut(rehearsal: Rehearsal, section: str) -> Outcome:
    """A trial that repeats the section's first run and keeps the world at each point where the rehearsal kills it."""
    outcome = Outcome(f"moments-{section}", f"{section} kept wherever it will be killed")
    points = [point for point in load(rehearsal.folder, section, "kill") if point.id in rehearsal.points]
    world = rehearsal.world(outcome.trial)
    clone_world(rehearsal.before(section), world)
    moments = Moments(rehearsal, section, points)
    with opened(world, moments.watch) as operator:
        ran, _ = run_to_completion(operator, section, rehearsal.scripts[section])
        outcome.window = ran.seconds
        expect_end(outcome, ran, 0)
    found = recorded(rehearsal, section)
    outcome.wrong += [f"the point was not reached: {point.title}" for point in points if point.id not in found]
    write_transcript(rehearsal, outcome, ran.output)
    return outcome


class Moments:
    """Watches the calls of a run, within the world's server, and keeps the world whenever a point is reached."""

    def __init__(self, rehearsal: Rehearsal, section: str, points: Sequence[InjectionPoint]) -> None:
        self._rehearsal = rehearsal
        self._words = [f"./{rehearsal.scripts[section]}"]
        self._place = record(rehearsal, section)
        self._due = [(point, re.compile(point.fault["match"])) for point in points]
        self._met = dict.fromkeys((point.id for point in points), 0)
        self._breaches: dict[str, list[str]] = {}

    def watch(self, server: Server) -> None:
        """Begin to watch the calls of this server's world."""
        self._place.parent.mkdir(exist_ok=True)
        self._place.write_text("")
        self._server = server
        server.dispatcher.watchers.append(self)

    def before(self, call: Call) -> list[InjectionPoint]:
        """Called before a call is made: keeps the world for points that kill before it, returns the other points."""
        line = " ".join((call.tool, *call.argv))
        here = []
        with self._server.world.lock:
            for point, pattern in self._due:
                if (point.fault["host"], point.fault["user"]) == (call.host, call.user) and pattern.search(line):
                    self._met[point.id] += 1
                    if self._met[point.id] == point.fault["nth"]:
                        here.append(point)
        for point in here:
            if point.how == "kill":
                self._keep(point)
        return [point for point in here if point.how != "kill"]

    def after(self, points: list[InjectionPoint]) -> None:
        """Called when the call has done its work: keeps the world for the points that `before` returned."""
        for point in points:
            self._keep(point)

    def _keep(self, point: InjectionPoint) -> None:
        world = self._server.world
        with world.lock:
            world.save()
            name = state_key(world.folder, self._words)
            if name not in self._breaches:
                assert world.served is not None
                self._breaches[name] = [f"safety rule {one['rule']}: {one['text']}" for one in world.served.runs.cut()]
            place = place_of(self._rehearsal, name)
            if not place.exists():
                snapshot(world.folder, place)
            with self._place.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps([point.id, name, self._breaches[name]]) + "\n")


@dataclass(frozen=True)
class KeptWorld:
    """The world as it is kept at a moment of a run: `state_key` names the state of the site.

    `wrong` is what a run that ends there has broken.
    """

    state_key: str
    wrong: tuple[str, ...]


class TakenError(Exception):
    """Raised if the world of a moment has already been taken."""


def place_of(rehearsal: Rehearsal, name: str) -> Path:
    """The folder that keeps the world of a state until a trial takes it."""
    return rehearsal.world(f"at-{name[:24]}")


def take(rehearsal: Rehearsal, kept: KeptWorld) -> Path:
    """The folder of this world, for the trial that continues from it; TakenError if another trial has it."""
    place = place_of(rehearsal, kept.state_key)
    taken = place.with_name(f"from-{kept.state_key[:24]}")
    try:
        place.rename(taken)
    except FileNotFoundError as error:
        raise TakenError from error
    return taken


def record(rehearsal: Rehearsal, section: str) -> Path:
    return rehearsal.folder / "moments" / f"{section}.jsonl"


def recorded(rehearsal: Rehearsal, section: str) -> dict[str, KeptWorld]:
    """{point: the world kept there} of a section; empty where none are kept."""
    try:
        lines = record(rehearsal, section).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    rows: list[Any] = [json.loads(line) for line in lines]
    return {point: KeptWorld(name, tuple(wrong)) for point, name, wrong in rows}
