"""The points at which a run can be cut or a command fail, taken from the calls of an undisturbed run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any, Literal, TypeVar

from osp_simulator.engine.hostile import ANSWERS, SPOKEN
from osp_simulator.engine.meanwhile import CHANGES
from osp_simulator.engine.registry import facts_of

One = TypeVar("One")
Matrix = Literal["kill", "fail", "answer", "change"]
MATRICES: tuple[Matrix, ...] = ("kill", "fail", "answer", "change")
# Where, or as whom, a tool runs the command that it passes on; the function says whether an earlier call was made by
# that command.
CAME_OF: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], bool]] = {
    "host": lambda carrier, one: one["host"] != carrier["host"],
    "user": lambda carrier, one: one["host"] == carrier["host"] and one["user"] != carrier["user"],
}
# The ways in which the real command fails, by the tool: see osp_simulator/engine/faults.py.
BROKEN = "exit 1 {tool}: it fails before it does anything"
LATE = "after 1 {tool}: all was done, and then it fails"
API_DOWN = "exit 1 Service Unavailable (HTTP 503)"
LIE = "exit 0"
KILLS = ("kill", "kill-after")
NAMING = {"answer-": ANSWERS, "says-": SPOKEN, "change-": CHANGES}  # followed by the name of a text or of a change
DESCRIPTIONS = {"exit": "fails", "after": "fails late", "lie": "does nothing, with success", "lost": "connection lost",
           "lost-after": "connection lost late", "kill": "killed before", "kill-after": "killed after",
           "answer": "answers", "says": "says besides", "change": "meanwhile"}  # fmt: skip
HOWS = tuple(how for how in DESCRIPTIONS if f"{how}-" not in NAMING)
POINT = re.compile(r"\d\.\d\d:\d{1,9}:(?P<how>[a-z0-9-]+)", re.ASCII)
IDENTIFIER = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
MOMENT = re.compile(r"\d{6,}|\d{4}-\d\d-\d\d|osp\\?\.\w{5,6}")


@dataclass(frozen=True)
class InjectionPoint:
    """A call and what happens there; `fault` has the form that osp_simulator/engine/faults.py takes.

    `again` is set where a question fails that has been asked before, and has been answered then: a matrix leaves these
    out, and a share of it has them. `asks` are the tools that the command called which this call has passed on.
    """

    section: str
    number: int
    how: str
    line: str
    fault: Mapping[str, Any]
    step: str = ""
    again: bool = False
    asks: str = ""

    @property
    def id(self) -> str:
        return f"{self.section}:{self.number}:{self.how}"

    @property
    def title(self) -> str:
        shown = self.line if len(self.line) <= 90 else f"{self.line[:87]}..."
        how, _, name = self.how.partition("-") if self.how.startswith((*NAMING,)) else (self.how, "", "")
        return f"{self.id} {DESCRIPTIONS[how]}{f' {name}' if name else ''}: {shown} on {self.fault['host']}"


def points_of(section: str, calls: Sequence[Mapping[str, Any]], matrix: Matrix) -> Iterator[InjectionPoint]:
    """Every point of a section's undisturbed run, in its order."""
    seen: dict[tuple[str, str, str], int] = {}
    known: set[tuple[str, ...]] = set()
    for number, call in enumerate(calls):
        line = " ".join((call["tool"], *call["argv"]))
        match = f"^{pattern(line)}$"
        key = (match, call["host"], call["user"])
        seen[key] = seen.get(key, 0) + 1
        if facts_of(call["tool"]).idle(call["argv"]):
            continue
        # questions to root on a node share one command line, since the function comes on standard input: they are told
        # apart by the step and by what they call
        step, asks = (call.get("step", ""), called_within(calls, number)) if matrix == "answer" else ("", "")
        alike = (match, call["user"], step, asks)
        first_time = alike not in known
        known.add(alike)
        if matrix == "answer" and not call["changed"] and changed_within(calls, number):
            continue
        for how, behaviour in behaviours(call, matrix, first_time):
            fault = {"match": match, "host": call["host"], "user": call["user"], "nth": seen[key], "do": behaviour}
            again = matrix == "fail" and not (call["changed"] or first_time)
            yield InjectionPoint(section, number, how, line, fault, call.get("step", ""), again, asks)


def changed_within(calls: Sequence[Mapping[str, Any]], number: int) -> bool:
    """Whether this call has changed something; a call that passes a command on counts as that command."""
    call = calls[number]
    if call["changed"]:
        return True
    passes_on = facts_of(call["tool"]).passes_on
    if passes_on == "command" and number:
        command = [calls[number - 1]["tool"], *calls[number - 1]["argv"]]
        return [*call["argv"]][-len(command) :] == command and changed_within(calls, number - 1)
    if passes_on not in CAME_OF:
        return False
    return any(one["changed"] for one in _came_of(calls, number))


def called_within(calls: Sequence[Mapping[str, Any]], number: int) -> str:
    """The tools that the command called which this call has passed on, sorted, with blanks; empty where none."""
    if facts_of(calls[number]["tool"]).passes_on not in CAME_OF:
        return ""
    tools = {str(one["tool"]) for one in _came_of(calls, number)}
    return " ".join(sorted(name for name in tools if facts_of(name).passes_on == "nothing"))


def _came_of(calls: Sequence[Mapping[str, Any]], number: int) -> Iterator[Mapping[str, Any]]:
    """The calls made by the command that this call has passed on, the last one first."""
    call = calls[number]
    return takewhile(partial(CAME_OF[facts_of(call["tool"]).passes_on], call), reversed(calls[:number]))


def load(folder: Path, section: str, matrix: Matrix) -> list[InjectionPoint]:
    """Every point of a section whose first run is over; the rehearsal's folder has its calls."""
    outcome = json.loads((folder / "outcomes" / f"first-{section}.json").read_text("utf-8"))
    return list(points_of(section, outcome["points"], matrix))


def find(folder: Path, name: str) -> InjectionPoint:
    """The point of this id."""
    section, _, how = name.split(":")
    return next(point for point in load(folder, section, matrix_of(how)) if point.id == name)


def matrix_of(how: str) -> Matrix:
    """The matrix that a way of cutting or breaking belongs to."""
    named: Matrix = "change" if how.startswith("change-") else "answer"
    return "kill" if how in KILLS else named if how.startswith((*NAMING,)) else "fail"


def is_point(name: str) -> bool:
    """Whether a point can have this id, in whatever rehearsal."""
    found = POINT.fullmatch(name)
    if found is None:
        return False
    how, separator, named = found["how"].partition("-")
    if f"{how}{separator}" in NAMING:
        return named in NAMING[f"{how}{separator}"]
    return found["how"] in HOWS


def kind(point: InjectionPoint, roles: Mapping[str, str]) -> tuple[str, ...]:
    """The key that equivalent points share: step, command, user and way of breaking, without the node.

    `roles` are {name or address of a node: its role}.
    """
    names = "|".join(re.escape(name) for name in sorted(roles, key=len, reverse=True))
    line = re.sub(rf"(?<![\w.])(?:{names})(?!\w)", lambda found: roles[found[0]], IDENTIFIER.sub("", point.line))
    host = str(point.fault["host"])
    where = roles.get(host, host)
    return point.section, point.step, MOMENT.sub("", line), where, str(point.fault["user"]), point.how, point.asks


def one_of_each_kind(points: Sequence[InjectionPoint], roles: Mapping[str, str]) -> list[InjectionPoint]:
    """The first point of every kind, in order."""
    firsts: dict[tuple[str, ...], InjectionPoint] = {}
    for point in points:
        firsts.setdefault(kind(point, roles), point)
    return list(firsts.values())


def share(whole: Sequence[One], part: tuple[int, int]) -> Sequence[One]:
    """Every M-th point, starting with the K-th, for `part` (K, M)."""
    first, every = part
    return whole[first - 1 :: every]


def pattern(line: str) -> str:
    """A regular expression for the line that matches any time stamp and scratch name."""
    return MOMENT.sub(
        lambda found: r"osp\.\w+" if "osp" in found[0] else r"[0-9-]+", re.escape(line).replace(r"\-", "-")
    )


def behaviours(call: Mapping[str, Any], matrix: Matrix, first_time: bool) -> Iterator[tuple[str, str]]:
    """(name, behaviour) of each fault for this call: every change is cut, and every call is broken.

    A call that changes nothing is answered once with each hostile text, one that does prints some of them besides. The
    site can change before any call.
    """
    if matrix == "change":
        yield from ((f"change-{name}", f"meanwhile {name}") for name in CHANGES)
    elif matrix == "answer" and first_time:
        yield from _texts(bool(call["changed"]))
    elif matrix == "kill" and call["changed"]:
        yield from ((how, how) for how in KILLS)
    elif matrix == "fail":
        yield from _broken(str(call["tool"]), bool(call["changed"]))


def _texts(changed: bool) -> Iterator[tuple[str, str]]:
    word, names = ("says", [*SPOKEN]) if changed else ("answer", [*ANSWERS])
    yield from ((f"{word}-{name}", f"{word} {name}") for name in names)


def _broken(tool: str, changed: bool) -> Iterator[tuple[str, str]]:
    breaks = facts_of(tool).breaks
    if breaks == "connection":
        yield "lost", "lost"
        if changed:
            yield "lost-after", "lost-after"
        return
    yield "exit", API_DOWN if breaks == "api" else BROKEN.format(tool=tool)
    if changed:
        yield "after", LATE.format(tool=tool)
        if breaks == "api":
            yield "lie", LIE
