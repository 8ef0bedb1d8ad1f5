"""openstack overcloud update stack: starting, attaching, the conversation at the breakpoints."""

from __future__ import annotations

import re

from osp_simulator.engine import watching
from osp_simulator.engine.world import World
from osp_simulator.state import access
from osp_simulator.state.heat import Stack
from osp_simulator.tools.openstack.arguments import python2
from osp_simulator.tools.openstack.format import dict_order
from osp_simulator.tools.openstack.session import (
    Answer,
    ClientError,
    Ends,
    Session,
    api_is_up,
    command,
    is_tty,
    refusal,
)
from osp_simulator.tools.tripleo import stack as tripleo_stack

STATES = dict_order(("not_started", "in_progress", "on_breakpoint", "completed", "failed"))
POLL = 5.0


class Printer:
    """The client's stdout: shown at once on a terminal, else only when Python 2 flushes its buffer at the end."""

    def __init__(self, session: Session) -> None:
        self._out = session.call.stdout
        self._at_once = is_tty(session.call, 1) or bool(session.call.env.get("PYTHONUNBUFFERED"))
        self._held: list[str] = []

    def put(self, text: str) -> None:
        self._held.append(text)
        if self._at_once:
            self.flush()

    def flush(self) -> None:
        if self._held:
            self._out.write("".join(self._held))
            self._out.flush()
            self._held.clear()


def need_mistral(session: Session) -> None:
    """Refuse, as tripleo's clients do, where nobody keeps the plan."""
    session.part("mistral")
    if not api_is_up(session.world.state, session.cloud, ("openstack-mistral-api",)):
        host = session.world.state["keystone"][session.cloud]["auth_url"].split("://")[1].rsplit(":", 1)[0]
        raise ClientError(refusal(f"http://{host}:8989", "/v2/action_executions"))


@command("overcloud update stack")
def update_stack(session: Session) -> Answer:
    given, world = session.arguments, session.world
    need_mistral(session)
    session.need("heat", "/stacks")
    name = given.text("stack", session.call.env.get("OVERCLOUD_STACK_NAME", "None"))
    with world.lock:
        stack = tripleo_stack.stack_named(world, name)
        if stack is None:
            raise ClientError(f"ERROR: The Stack ({name}) could not be found.")
        check_servers(session, stack)
    printer = Printer(session)
    try:
        return converse(session, stack, printer)
    finally:
        printer.flush()


def converse(session: Session, stack: Stack, printer: Printer) -> int:
    given, world = session.arguments, session.world
    if given.flag("--abort"):
        with world.lock:
            printer.put(f"cancelling package update on stack {stack['name']}\n")
            tripleo_stack.cancel(world, stack)
            printer.put(f"stack {stack['name']} status: {status_of(world, stack)}\n")
        return 0
    with world.lock:
        if status_of(world, stack) not in ("IN_PROGRESS", "WAITING"):
            printer.put(f"starting package update on stack {stack['name']}\n")
            tripleo_stack.start(world, stack)
            access.update(stack)["ours"] = True
        if not given.flag("--interactive"):
            printer.put(f"stack {stack['name']} status: {status_of(world, stack)}\n")
            return 0
    return interact(session, stack, printer)


def check_servers(session: Session, stack: Stack) -> None:
    """A server that heat knows and nova does not ends the client with an empty line."""
    known = {server["id"] for server in session.part("nova")["servers"]}
    if any(node["server"] not in known for node in stack["nodes"].values()):
        raise ClientError("")


def by_state(stack: Stack) -> dict[str, list[tuple[str, str]]]:
    """{state: [(deployment, server name)]}, each in the order of the client's dict, whose keys are the deployments."""
    update = stack.get("update")
    nodes = update["nodes"] if update else {}
    found: dict[str, list[tuple[str, str]]] = {}
    for state in STATES:
        held = {node["deployment"]: name for name, node in nodes.items() if node["state"] == state}
        found[state] = [(deployment, held[deployment]) for deployment in dict_order(held)]
    return found


def status_of(world: World, stack: Stack) -> str:
    """Heat's status without the action; WAITING if nodes are at breakpoints and none is being updated."""
    tripleo_stack.settle(world, stack)
    status = stack["status"].partition("_")[2]
    nodes = by_state(stack)
    busy = bool(nodes["in_progress"]) and world.state["heat"]["undercloud"].get("waits_for_progress", True)
    update = stack.get("update")
    turned = update.get("rollback_at") if update else None
    busy = busy or (turned is not None and world.clock.now() - turned < POLL)
    return "WAITING" if status == "IN_PROGRESS" and nodes["on_breakpoint"] and not busy else status


def interact(session: Session, stack: Stack, printer: Printer) -> int:
    """Poll and ask until the stack's operation, whosever it is, has ended."""
    world = session.world
    while True:
        with world.lock:
            status, nodes = status_of(world, stack), by_state(stack)
        printer.put(f"{status}\n")
        if status in ("COMPLETE", "FAILED"):
            printer.put(f"update finished with status {status}\n")
            return 0 if status == "COMPLETE" else 1
        if status == "WAITING":
            tell_states(printer, nodes)
            ask(session, stack, printer, nodes["on_breakpoint"])
        if (
            not world.state["events"]
            and stack.get("busy_until") is None
            and by_state(stack) == nodes
            and not nodes["on_breakpoint"]
        ):
            world.clock.advance_after_others(0)
            world.clock.hang()  # no event is left that could end this: the client polls for ever
        world.clock.advance_after_others(POLL)


def tell_states(printer: Printer, nodes: dict[str, list[tuple[str, str]]]) -> None:
    for state in STATES:
        if nodes[state]:
            printer.put(f"{state}: {python2([name for _, name in nodes[state]])}\n")


def ask(session: Session, stack: Stack, printer: Printer, waiting: list[tuple[str, str]]) -> None:
    """One prompt and what its answer does."""
    last = waiting[-1]
    later = session.world.state["heat"]["undercloud"].get("prompt", "later") == "later"
    clears = f" (will clear {last[0]})" if later else ""
    printer.put(
        f"Breakpoint reached, continue? Regexp or Enter=proceed{clears}, no=cancel update, C-c=quit interactive mode: "
    )
    line = session.call.stdin.readline()
    if not line.endswith(b"\n"):
        printer.flush()
        session.call.stderr.write("EOF when reading a line\n")
        raise Ends(1)
    answer = line.decode("utf-8", "replace").rstrip("\n").strip("\r")
    with session.world.lock:
        watching.watch(session.world, "answer", watching.Answered(answer, [name for _, name in waiting]))
        if answer.strip().lower() == "no":
            printer.put("canceling update, doing rollback\n")
            tripleo_stack.cancel(session.world, stack)
            return
        names = [last[1]] if not answer.strip() else matches(answer.strip(), [name for _, name in waiting], printer)
        for name in names:
            if access.update(stack)["nodes"][name]["state"] == "on_breakpoint":
                tripleo_stack.clear_breakpoint(session.world, stack, name)


def matches(pattern: str, names: list[str], printer: Printer) -> list[str]:
    """The servers the answer means: anchored at both ends, but around an alternative only half."""
    try:
        regex = re.compile(f"^{pattern}$")
    except re.error as error:
        printer.put(f"'{pattern}' is invalid regular expression: {python2_words(error)}\n")
        return []
    return [name for name in names if regex.match(name)]


def python2_words(error: re.error) -> str:
    """Python 2's words for a pattern's fault."""
    words = {
        "unterminated character set": "unexpected end of regular expression",
        "missing ), unterminated subpattern": "unbalanced parenthesis",
    }
    return words.get(error.msg, error.msg)
