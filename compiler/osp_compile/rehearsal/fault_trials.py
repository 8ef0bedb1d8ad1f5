"""Trials of a run that is killed or meets a failing command, and of the run after it, which must reach the same end."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from osp_compile.rehearsal import injection_points, moments, site
from osp_compile.rehearsal.equivalence import ResultCache, state_key
from osp_compile.rehearsal.injection_points import KILLS, InjectionPoint
from osp_compile.rehearsal.operator import Operator, ScriptRun
from osp_compile.rehearsal.steps import records_of
from osp_compile.rehearsal.trials import (
    Outcome,
    Rehearsal,
    clone_world,
    different,
    opened,
    run_of,
    run_to_completion,
    write_transcript,
)
from osp_simulator.engine import lifecycle
from osp_simulator.engine.clock import FOREVER
from osp_simulator.engine.hostile import CANARY
from osp_simulator.engine.run import KILLED

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Most seconds between a gate's last check and the command that it allows; no script can see a change in between.
UNSEEN = 30
# Refusals of a run that comes after the spec's not_after, or with a backup that is too old, and what the
# operator does then: windows are of twelve hours.
TOO_LATE = "remedy: continue in the next window"
TOO_OLD = "for a new one (this one is kept), or --force-gate REASON"
HALF_A_DAY = 12 * 3600
GO_ON = re.compile(r"to continue(?:, when that is done)?: cd \S+ && (?P<command>.+?)\s*$", re.MULTILINE)


def killed(rehearsal: Rehearsal, name: str) -> Outcome:
    """A trial of the run after one that was killed at this point, in the world kept from that moment."""
    point = injection_points.find(rehearsal.folder, name)
    moment = moments.recorded(rehearsal, point.section).get(name)
    if moment is None:
        return run_with_fault(rehearsal, name)
    outcome = Outcome(name.replace(":", "-"), point.title, list(moment.wrong))
    words = [f"./{rehearsal.scripts[point.section]}"]
    try:
        shown = _continue_to_the_end(
            rehearsal, outcome, point.section, moment.state_key, words, lambda: moments.take(rehearsal, moment)
        )
    except moments.TakenError:  # taken by a trial that did not finish
        return run_with_fault(rehearsal, name)
    write_transcript(
        rehearsal, outcome, f"{point.title}\nthe run until then: transcripts/moments-{point.section}.txt\n{shown}"
    )
    return outcome


def run_with_fault(rehearsal: Rehearsal, name: str) -> Outcome:
    """A trial that plays the section with the point's fault, and then the run after it."""
    point, outcome, world = _prepared(rehearsal, name)
    section = point.section
    with opened(world) as operator:
        ran, outputs = _run_with(operator, rehearsal, point)
        met = operator.ask("get", path="faults.0").get("seen", 0) >= point.fault["nth"]
        operator.ask("set", path="faults", value=[])
    outcome.window = ran.seconds
    if not met:
        outcome.wrong.append("the point was not reached")
    # a kill at the undercloud's own reboot is that reboot: the command was already run again
    if not (point.how in KILLS and len(outputs) > 1):
        outcome.wrong += how_it_ended(point, ran)
    if injection_points.matrix_of(point.how) == "answer":
        outcome.wrong += _effects_of_the_answer(world, ran.output)
    words = _command_to_continue(rehearsal, section, ran)
    shown = _continue_to_the_end(rehearsal, outcome, section, state_key(world, words), words, lambda: world)
    write_transcript(rehearsal, outcome, "".join(outputs) + shown)
    lifecycle.remove(world)
    return outcome


def changed(rehearsal: Rehearsal, name: str) -> Outcome:
    """A trial in which somebody else changes the site during the section: it ends well, or stops and says how to
    continue.

    After a stop the change is taken back, if its doer would do so, and the run is continued to its end.
    """
    point, outcome, world = _prepared(rehearsal, name)
    with opened(world) as operator:
        ran, outputs = _run_with(operator, rehearsal, point)
        operator.ask("set", path="faults", value=[])
        change = operator.ask("take_back")
        outcome.window = ran.seconds
        if change is None:
            outcome.wrong.append("the point was not reached")
        elif change["happened"]:
            late = [breach for breach in ran.breaches if breach["at"] > change["at"] + UNSEEN]
            outcome.wrong += how_it_ended(point, replace(ran, breaches=tuple(late)))
        if change is not None and change["happened"] and ran.status != 0:
            words = _command_to_continue(rehearsal, point.section, ran)
            again = _carry_on(operator, words)
            outputs += ["\n=== again ===\n", again.output]
            outcome.wrong += _how_going_on_ended(again)
    write_transcript(rehearsal, outcome, "".join(outputs))
    lifecycle.remove(world)
    return outcome


def _prepared(rehearsal: Rehearsal, name: str) -> tuple[InjectionPoint, Outcome, Path]:
    """The point of that name, an outcome for its trial, and a world for it, as the section before has left it."""
    point = injection_points.find(rehearsal.folder, name)
    outcome = Outcome(name.replace(":", "-"), point.title)
    world = rehearsal.world(outcome.trial)
    clone_world(rehearsal.before(point.section), world)
    return point, outcome, world


def _run_with(operator: Operator, rehearsal: Rehearsal, point: InjectionPoint) -> tuple[ScriptRun, list[str]]:
    """The section's run, and what it has printed, with the point's fault, which stays set."""
    operator.ask("set", path="faults", value=[dict(point.fault)])
    return run_to_completion(operator, point.section, rehearsal.scripts[point.section])


def _continue_to_the_end(
    rehearsal: Rehearsal, outcome: Outcome, section: str, here: str, words: list[str], world: Callable[[], Path]
) -> str:
    """Continues the run from this state, unless another trial has done so; returns what was shown."""
    endings = ResultCache(rehearsal.folder)
    with endings.claimed(here):
        ending = endings.known(here)
        if ending is None:
            shown, wrong = _go_on(rehearsal, section, world(), words)
            endings.keep(here, outcome.trial, wrong)
            told = f"\n=== again ===\n{shown}"
        else:
            outcome.as_after, wrong = ending
            told = f"\n=== the site is as {outcome.as_after} has left it, which went on from there ===\n"
    outcome.wrong += wrong
    return told


def how_it_ended(point: InjectionPoint, ran: ScriptRun) -> list[str]:
    """What is wrong with the end of a run that has met this point, a line each: its status, its words, its waiting."""
    wrong = [f"safety rule {breach['rule']}: {breach['text']}" for breach in ran.breaches]
    if point.how in KILLS:
        return wrong if ran.status == KILLED else [*wrong, f"the run ended with {ran.status}, though it was killed"]
    wrong += _waits_without_end(point, ran)
    if ran.status == 0:
        return wrong
    if ran.status not in (1, 3, 4):
        wrong.append(f"the run ended with {ran.status}")
    # a failed check shows its remedy; there is no command to continue with
    if not (GO_ON.search(ran.output) or "failed checks: " in ran.output):
        wrong.append("the run does not say how to continue")
    return wrong


def _waits_without_end(point: InjectionPoint, ran: ScriptRun) -> list[str]:
    """A line where a run has waited for a node's answer until the world's time was over.

    What reads or writes whole backups may take as long as it takes; it calls no simulated tool.
    """
    if ran.seconds < FOREVER or not point.asks or not point.line.startswith("ssh "):
        return []
    return ["the run waits for a node's answer without an end"]


def _effects_of_the_answer(world: Path, output: str) -> list[str]:
    """A line for each place where part of a hostile answer was run, or reached a screen or a record unescaped."""
    hosts = [place.relative_to(world / "hosts").parts[0] for place in world.glob(f"hosts/*/root/{CANARY}")]
    wrong = [f"something of the answer was run on {host}" for host in hosts]
    if CONTROLS.search(output):
        wrong.append("the screen shows it with its control characters")
    records = [*records_of(world).glob("*/*/**/*")]
    for record in records:
        if record.is_file() and record.name != "reserve" and CONTROLS.search(record.read_text("utf-8", "replace")):
            wrong.append(f"{record.name} holds it with its control characters")
    return wrong


def _command_to_continue(rehearsal: Rehearsal, section: str, ran: ScriptRun) -> list[str]:
    """The command that the run names to continue, or the same again if it was killed; empty after a good end."""
    if ran.status == 0:
        return []
    found = GO_ON.findall(ran.output)
    return shlex.split(found[-1]) if found and ran.status != KILLED else [f"./{rehearsal.scripts[section]}"]


def _carry_on(operator: Operator, words: list[str]) -> ScriptRun:
    """Runs the commands, which are joined by `&&`, until one fails: the last one's status, and the output of all."""
    runs: list[ScriptRun] = []
    for command in shlex.join(words).split(" '&&' "):
        script, *options = shlex.split(command)
        runs += _in_its_time(operator, script[2:6], [script, *options])  # ./2.07-...
        if runs[-1].status != 0:
            break
    breaches = tuple(breach for ran in runs for breach in ran.breaches)
    output = "".join(ran.output for ran in runs)
    return ScriptRun(runs[-1].status, output, sum(ran.seconds for ran in runs), breaches)


def _in_its_time(operator: Operator, section: str, words: list[str]) -> list[ScriptRun]:
    """The run, and the runs after its remedies if it was refused because too much time had passed."""
    runs = [run_of(operator, section, words)]
    if TOO_LATE in runs[-1].output:
        operator.ask("advance", seconds=HALF_A_DAY)
        runs.append(run_of(operator, section, words))
    if TOO_OLD in runs[-1].output:
        runs.append(run_of(operator, section, [*words, "--force-gate", "the backup is of before this section"]))
    return runs


def _go_on(rehearsal: Rehearsal, section: str, world: Path, words: list[str]) -> tuple[str, list[str]]:
    """Continues the run to its end: (what the screen showed, what is wrong with the end)."""
    wrong: list[str] = []
    output = ""
    if words:
        with opened(world) as operator:
            again = _carry_on(operator, words)
        output = again.output
        wrong += _how_going_on_ended(again)
    undisturbed = site.canonical_state(rehearsal.world(f"after-{section}"))
    different_places = different(undisturbed, site.canonical_state(world))
    lifecycle.remove(world)
    return output, wrong + [f"in the end it differs: {place}" for place in different_places][:20]


def _how_going_on_ended(again: ScriptRun) -> list[str]:
    wrong = []
    if again.status != 0:
        last = [line.strip() for line in again.output.splitlines() if line.strip()][-5:]
        wrong += [f"going on ended with {again.status}:", *(f"  {line}" for line in last)]
    return wrong + [f"safety rule {breach['rule']}, going on: {breach['text']}" for breach in again.breaches]
