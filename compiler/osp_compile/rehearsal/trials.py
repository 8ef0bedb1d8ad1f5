"""The trials and their pass criteria.

A trial works in the rehearsal's folder: `worlds/start` is the fresh site, `worlds/after-2.07` the site after the first
run of 2.07. It is one test of the suite, and prints a line for each thing that is wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from osp_compile.assets import TEMPLATES
from osp_compile.rehearsal import site
from osp_compile.rehearsal.operator import Operator, ScriptRun
from osp_compile.rehearsal.steps import Steps, journal_rows
from osp_simulator.engine import lifecycle
from osp_simulator.engine.flight import Flight
from osp_simulator.engine.registry import is_tool
from osp_simulator.engine.server import Recorder, Server
from osp_simulator.engine.snapshot import snapshot

MISSED = re.compile(r"(\S+): command not found")
TRIES = 4  # after a reboot of the undercloud a section is started again, possibly several times


@dataclass(frozen=True)
class Rehearsal:
    """One rehearsal, as its trials read it: `folder` is its own; `scripts` are {section: script} in their order.

    `bash` is another bash, or None; `spec` the file the bundle is compiled of, empty where only the bundle is there;
    `templates` what a changed spec is compiled of; `points` the ids of those that are cut or broken.
    """

    folder: Path
    bundle: Path
    scripts: dict[str, str]
    bash: str | None = None
    spec: str = ""
    templates: str = str(TEMPLATES)
    points: tuple[str, ...] = ()

    def world(self, name: str) -> Path:
        return self.folder / "worlds" / name

    def before(self, section: str) -> Path:
        """The world in which a section begins, as the section before it left it."""
        order = list(self.scripts)
        at = order.index(section)
        return self.world(f"after-{order[at - 1]}") if at else self.world("start")

    def save(self) -> None:
        data = asdict(self) | {"folder": str(self.folder), "bundle": str(self.bundle)}
        (self.folder / "rehearsal.json").write_text(json.dumps(data), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Rehearsal:
        data = json.loads((folder / "rehearsal.json").read_text("utf-8"))
        return cls(**data | {"folder": folder, "bundle": Path(data["bundle"]), "points": tuple(data["points"])})


@dataclass
class Outcome:
    """The outcome of a trial: `wrong` is empty if it passed; `window` is world seconds; `calls` are those of
    simulated tools.

    `real` is its real seconds, `memory` the most that its world's server has used, MiB. `as_after` names the
    trial that continued from the same state, if this one did not have to. `applied` are the
    steps of a first run that had something to do.
    """

    trial: str
    title: str
    wrong: list[str] = field(default_factory=list)
    window: float = 0.0
    real: float = 0.0
    calls: int = 0
    memory: int = 0
    as_after: str = ""
    points: list[dict[str, Any]] = field(default_factory=list)
    applied: list[str] = field(default_factory=list)


@contextmanager
def opened(
    world: Path, prepared: Callable[[Server], None] | None = None, recorder: Recorder | None = None
) -> Iterator[Operator]:
    """A context with an operator in a running world; `prepared` and `recorder` are for its server (launch.start)."""
    try:
        if prepared is not None or recorder is not None:
            lifecycle.start(world, prepared, recorder)
        yield Operator(world)
    finally:
        lifecycle.stop(world)


def run_to_completion(
    operator: Operator, section: str, script: str, options: Sequence[str] = ()
) -> tuple[ScriptRun, list[str]]:
    """Runs a section, and runs it again after each reboot of the undercloud: (the whole run, the output of each)."""
    outputs: list[str] = []
    seconds = 0.0
    breaches: list[dict[str, Any]] = []
    for _ in range(TRIES):
        boots = operator.ask("get", path="hosts.undercloud.boots")
        ran = operator.run(section, [f"./{script}", *options])
        outputs.append(ran.output)
        seconds += ran.seconds
        breaches += ran.breaches
        went_down = not operator.ask("get", path="hosts.undercloud.up")
        if ran.status == 0 or not (went_down or operator.ask("get", path="hosts.undercloud.boots") != boots):
            break
    return ScriptRun(ran.status, "".join(outputs), seconds, tuple(breaches)), outputs


def run_of(operator: Operator, section: str, words: Sequence[str]) -> ScriptRun:
    """`run_to_completion` for a script with its options as one list."""
    return run_to_completion(operator, section, words[0].removeprefix("./"), words[1:])[0]


def prepare(rehearsal: Rehearsal) -> None:
    """Makes the world `start`: fresh, without recorded changes, with the ticket's digest approved."""
    world = rehearsal.world("start")
    world.parent.mkdir(parents=True, exist_ok=True)
    site.make(world, rehearsal.bundle, rehearsal.bash)
    with opened(world) as operator:
        approve(operator, rehearsal.bundle)


def approve(operator: Operator, bundle: Path) -> None:
    from osp_compile.bundle.on_disk import digest

    status, output = operator.type(["./runbook", "approve", digest(bundle)])
    if status != 0:
        raise ValueError(f"the bundle cannot be approved in its own world: {output}")


def first(rehearsal: Rehearsal, section: str) -> Outcome:
    """A trial of the section's first run, after the sections before it: it ends well and breaks no rule."""
    outcome = Outcome(f"first-{section}", f"{section} first run")
    world = rehearsal.world(f"after-{section}")
    clone_world(rehearsal.before(section), world)
    with opened(world, recorder=partial(Flight, place=rehearsal.folder / "flights" / f"{section}.jsonl")) as operator:
        operator.traced = True
        known = _calls(world)
        ran, _ = run_to_completion(operator, section, rehearsal.scripts[section])
        outcome.window, outcome.calls = ran.seconds, _calls(world) - known
        outcome.memory = peak_memory(world)
        expect_end(outcome, ran, 0)
    outcome.points = _points(world, known)
    outcome.applied = sorted({row[5] for row in journal_rows(world) if row[4] == section and row[7] == "start"})
    write_transcript(rehearsal, outcome, ran.output)
    return outcome


def second(rehearsal: Rehearsal, section: str) -> Outcome:
    """A trial of a second run right after the first: nothing in the site changes, and no step reports a change."""
    outcome = Outcome(f"second-{section}", f"{section} second run changes nothing")
    world = rehearsal.world(f"second-{section}")
    clone_world(rehearsal.world(f"after-{section}"), world)
    before = site.canonical_state(world)
    with opened(world) as operator:
        known = _calls(world)
        ran = operator.run(section, [f"./{rehearsal.scripts[section]}"])
        outcome.window, outcome.calls = ran.seconds, _calls(world) - known
        expect_end(outcome, ran, 0)
    after = site.canonical_state(world)
    outcome.wrong += [f"the second run changed {place}" for place in different(before, after)]
    if " 0 steps changed something" not in ran.output:
        outcome.wrong.append("the second run says that a step changed something")
    write_transcript(rehearsal, outcome, ran.output)
    lifecycle.remove(world)
    return outcome


def peak_memory(world: Path) -> int:
    """The most memory that the world's server has used so far, MiB."""
    status = Path("/proc", (world / "run/pid").read_text().strip(), "status").read_text()
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) // 1024 if found else 0


def different(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """The places that differ, with both values if they are short."""
    found = []
    for place in sorted({*one, *other}):
        if one.get(place) != other.get(place):
            values = f"{one.get(place, '(nothing)')} -> {other.get(place, '(nothing)')}"
            found.append(f"{place}: {values}" if len(values) < 200 else place)
    return found


def expect_end(outcome: Outcome, ran: ScriptRun, status: int) -> None:
    if ran.status != status:
        outcome.wrong.append(f"ended with {ran.status}, not {status}:")
        outcome.wrong += last_words(ran.output)
    outcome.wrong += [f"safety rule {breach['rule']}: {breach['text']}" for breach in ran.breaches]


def last_words(output: str) -> Iterator[str]:
    """The last lines of a run that ended wrongly, and the commands it missed that no simulated site has."""
    yield from (f"  {line.strip()}" for line in [line for line in output.splitlines() if line.strip()][-6:])
    for name in dict.fromkeys(MISSED.findall(output)):
        if name not in lifecycle.REAL and not is_tool(name):
            yield f"  no simulated site has {name}; docs/how-to/simulated-tool.md says how to add it"


def clone_world(world: Path, to: Path) -> None:
    """Makes the trial's own copy of `world` at `to`."""
    lifecycle.remove(to)
    snapshot(world, to)


def _calls(world: Path) -> int:
    with (world / "calls.jsonl").open("rb") as calls:
        return sum(1 for _ in calls)


def _points(world: Path, known: int) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in (world / "calls.jsonl").read_text("utf-8").splitlines()[known:]]
    steps = Steps(world)
    keep = ("tool", "argv", "host", "user", "changed", "exit")
    return [{key: row[key] for key in keep} | {"step": steps.at(row["journal"])} for row in rows]


def write_transcript(rehearsal: Rehearsal, outcome: Outcome, text: str) -> None:
    """Writes the transcript of the screen to the folder transcripts/."""
    folder = rehearsal.folder / "transcripts"
    folder.mkdir(exist_ok=True)
    (folder / f"{outcome.trial}.txt").write_text(text, "utf-8")
