"""Rules: the stack's update runs once, interactive, never rolled back, node by node, with a complete plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from osp_simulator.engine.watching import rule
from osp_simulator.safety.cluster import control_plane_troubles

if TYPE_CHECKING:
    from osp_simulator.engine.call import Call
    from osp_simulator.engine.watching import Answered
    from osp_simulator.engine.world import World
    from osp_simulator.state.heat import Update

NOTHING = "(?!)"  # a pattern that no name matches: the client asks again


def values_of(words: Sequence[str], *names: str) -> list[str]:
    """The values of these options, in either spelling."""
    found = []
    for at, word in enumerate(words):
        if word in names and at + 1 < len(words):
            found.append(words[at + 1])
        found += [word.removeprefix(f"{name}=") for name in names if word.startswith(f"{name}=")]
    return found


def asks_openstack(call: Call, *words: str) -> bool:
    return call.tool == "openstack" and call.argv[: len(words)] == words and "--help" not in call.argv


@rule("update-misused", "call", "the update is started once, with -i, and never cancelled")
def update_misused(world: World, call: Call) -> Iterator[str]:
    if not asks_openstack(call, "overcloud", "update", "stack"):
        return
    if "--abort" in call.argv or "-a" in call.argv:
        yield "the update was cancelled with --abort"
    elif not {"-i", "--interactive"} & set(call.argv):
        yield "the update was started without -i"
    for stack in world.state["heat"]["undercloud"]["stacks"]:
        update = stack.get("update")
        if stack["status"] == "UPDATE_COMPLETE" and update and update.get("ours") and reached_every_node(update):
            yield f"the update of {stack['name']} was started again after it was complete"


def reached_every_node(update: Update) -> bool:
    """Lines on nodes that heat has skipped, for which the update must be started again."""
    nodes = update["nodes"].values()
    return bool(nodes) and all(
        node["state"] == "completed" and node.get("update", "works") == "works" for node in nodes
    )


@rule("breakpoint-answer", "answer", "a breakpoint is answered with one full node name, and never with no")
def breakpoint_answer(_: World, asked: Answered) -> Iterator[str]:
    text, waiting = asked.text.strip(), asked.waiting
    if text == NOTHING:
        return
    if text.lower() == "no":
        yield "a breakpoint was answered with no, which rolls the update back"
    elif text not in [re.escape(name) for name in waiting] and text not in waiting:
        yield f"a breakpoint was answered with {text!r}, which is not one full name of {', '.join(waiting)}"


@rule("breakpoint-too-early", "answer", "a node is released from its breakpoint when all is well, and alone")
def breakpoint_too_early(world: World, asked: Answered) -> Iterator[str]:
    text, waiting = asked.text.strip(), asked.waiting
    chosen = [name for name in waiting if text in (name, re.escape(name))]
    for name in chosen:
        yield from (f"{name} was let go while {trouble}" for trouble in control_plane_troubles(world.state))
        for stack in world.state["heat"]["undercloud"]["stacks"]:
            update = stack.get("update")
            nodes = update["nodes"] if update else {}
            for other in (other for other, node in nodes.items() if node["state"] == "in_progress"):
                yield f"{name} was let go while {other} was being updated"


@rule("plan-misused", "call", "a plan is updated on a stack that exists, with every file there, in the spec's order")
def plan_misused(world: World, call: Call) -> Iterator[str]:
    if not asks_openstack(call, "overcloud", "deploy"):
        return
    if "--update-plan-only" not in call.argv:
        yield "the stack was deployed, where only its plan is to be updated"
    stacks = [stack["name"] for stack in world.state["heat"]["undercloud"]["stacks"]]
    for name in values_of(call.argv, "--stack") or ["overcloud"]:
        if name not in stacks:
            yield f"a plan was made for {name}, a stack that does not exist"
    yield from _environment_misgiven(world, call)


def _environment_misgiven(world: World, call: Call) -> Iterator[str]:
    """Environment files that are not there, or not in the spec's order."""
    given = values_of(call.argv, "-e", "--environment-file")
    for path in given:
        if not world.files.path(call.host, path).is_file():
            yield f"the plan was given {path}, which is not there"
    of_the_spec = list(world.state["site"]["env_files"])
    if [path for path in given if path in of_the_spec] != of_the_spec:
        yield "the plan was given the environment files in another order than the spec's"
