"""sleep and timeout: they let world time pass."""

from __future__ import annotations

import itertools
import os
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass, replace

from osp_simulator.engine.call import Call, Gone, Refused, guarded, wait_for_end
from osp_simulator.engine.protocol import receive, send
from osp_simulator.engine.registry import TOOLS, Facts, always, facts_of, tool
from osp_simulator.engine.world import World
from osp_simulator.hosts.processes import children, descendants, send_signal

UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def seconds(text: str, name: str) -> float:
    """`90`, `1.5`, `2m`: a duration as sleep and timeout read it."""
    match = re.fullmatch(r"(\d+\.?\d*|\.\d+)([smhd]?)", text)
    if not match:
        status = 125 if name == "timeout" else 1
        raise Refused(status, f"{name}: invalid time interval '{text}'\nTry '{name} --help' for more information.")
    return float(match[1]) * UNITS[match[2]]


@tool("sleep", facts=Facts(reaches="nothing", inline=False, idle=always))
def sleep(call: Call, world: World) -> int:
    if not call.argv:
        raise Refused(1, "sleep: missing operand\nTry 'sleep --help' for more information.")
    if call.argv[0] == "infinity":
        world.clock.hang()
    boot = world.state["hosts"][call.host]["boot_id"]
    world.clock.advance(sum(seconds(word, "sleep") for word in call.argv))
    if world.state["hosts"][call.host]["boot_id"] != boot or not world.state["hosts"][call.host]["up"]:
        # its host went down, and the process that waits for it is about to be killed: do not return before that
        wait_for_end(call)
    return 0


_numbers = itertools.count(1)


@dataclass
class Limit:
    """A running `timeout`: its limit, and whether that has passed."""

    options: Mapping[str, str]
    seconds: float
    argv: list[str]
    key: str
    expired: bool = False

    @property
    def foreground(self) -> bool:
        return self.options["foreground"] == "yes"

    def over(self) -> int:
        """The exit status of a `timeout` whose command was ended by SIGTERM."""
        return 128 + signal.SIGTERM if self.options["preserve-status"] == "yes" else 124

    def timers(self, call: Call) -> tuple[str, ...]:
        return (*call.timers, self.key)


@tool("timeout", facts=Facts(reaches="nothing", inline=True, idle=always, passes_on="command"))
def timeout(call: Call, world: World) -> int:
    options, limit, argv = _timeout_arguments(call)
    key = f"timeout-{next(_numbers)}"
    running = Limit(options, limit, argv, key)
    try:
        usual = options["signal"] == "TERM" and not options["kill-after"]
        # for what becomes a real program the client has to be there
        here = argv[0] in TOOLS and not facts_of(argv[0]).becomes_real
        if usual and (call.nested or here):
            return _within(call, world, running)
        return _beside(call, world, running)
    finally:
        world.clock.drop_timer(key)


def _within(call: Call, world: World, running: Limit) -> int:
    """Performs the command within the server: this saves a process, and a nested call has no client to start one."""
    alarm = os.eventfd(0, os.EFD_CLOEXEC)

    def ring() -> None:
        running.expired = True
        os.eventfd_write(alarm, 1)

    outside = world.clock.around
    try:
        if running.seconds:
            world.clock.add_timer(running.seconds, ring, running.key)
        name, *argv = running.argv
        world.clock.around = running.timers(call)
        inner = replace(
            call, tool=name, argv=tuple(argv), timers=running.timers(call), nested=True, alarm=alarm,
            stdin=guarded(call.fds[0], call.connection, alarm),
        )  # fmt: skip
        assert world.served is not None
        if name in TOOLS:
            status = world.served.perform(inner)
        else:
            status = world.served.runner.spawn(inner, call.host, call.user, running.argv, env=call.env, cwd=call.cwd)
        return running.over() if running.expired else status
    except Gone:
        if running.expired:
            return running.over()
        raise
    finally:
        world.clock.around = outside
        world.clock.drop_timer(running.key)
        os.close(alarm)


def _beside(call: Call, world: World, running: Limit) -> int:
    """Runs the command beside the client, which reports how it ended; the clock decides whether it was in time."""
    options = running.options
    number = _signal_number(options["signal"])

    def ring() -> None:
        running.expired = True
        _end(call.pid, number, running.foreground)
        if options["kill-after"]:
            grace = seconds(options["kill-after"], "timeout")
            world.clock.add_timer(grace, lambda: _end(call.pid, signal.SIGKILL, running.foreground), running.key)

    if running.seconds:
        world.clock.add_timer(running.seconds, ring, running.key)
    marks = ":".join(running.timers(call))
    send(call.connection, *[word.encode("utf-8", "surrogateescape") for word in (
        "watch", "1" if running.foreground else "0", f"OSP_SIM_TIMERS={marks}", *running.argv,
    )])  # fmt: skip
    report = receive(call.connection)
    if report is None:
        raise Gone
    return _verdict(int(report[0][1]), running.expired, options["preserve-status"] == "yes")


def _verdict(status: int, expired: bool, preserve: bool) -> int:
    killed = status & 0x7F
    result = 128 + killed if killed else status >> 8
    if expired and not preserve:
        return 137 if killed == signal.SIGKILL else 124
    return result


def _timeout_arguments(call: Call) -> tuple[dict[str, str], float, list[str]]:
    options = {"signal": "TERM", "kill-after": "", "foreground": "", "preserve-status": ""}
    words = list(call.argv)
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word == "--":
            break
        _take_option(options, word, words)
    if len(words) < 2:
        raise Refused(125, "timeout: missing operand\nTry 'timeout --help' for more information.")
    return options, seconds(words[0], "timeout"), words[1:]


def _take_option(options: dict[str, str], word: str, following: list[str]) -> None:
    name, _, value = word.partition("=")
    if word in ("--foreground", "--preserve-status"):
        options[word[2:]] = "yes"
    elif name in ("--signal", "--kill-after"):
        options[name[2:]] = value or (following.pop(0) if following else "")
    elif word[:2] in ("-s", "-k"):
        options["signal" if word[1] == "s" else "kill-after"] = word[2:] or (following.pop(0) if following else "")
    else:
        raise Refused(125, f"timeout: unrecognized option '{word}'\nTry 'timeout --help' for more information.")


def _signal_number(name: str) -> int:
    try:
        return int(name) if name.isdigit() else int(signal.Signals[f"SIG{name.upper().removeprefix('SIG')}"])
    except KeyError:
        raise Refused(125, f"timeout: {name}: invalid signal") from None


def _end(pid: int, number: int, foreground: bool) -> None:
    """Sends the signal to the command alone with --foreground, else to all below it; wakes a stopped process for it."""
    for one in children(pid) if foreground else descendants(pid):
        send_signal(one, number)
        if number not in (signal.SIGKILL, signal.SIGCONT):
            send_signal(one, signal.SIGCONT)
