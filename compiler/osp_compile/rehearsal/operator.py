"""The operator: runs a script of the bundle on a terminal, and answers its questions."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
import termios
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from osp_compile.diagnostics import RefusedError
from osp_simulator import cli
from osp_simulator.engine import lifecycle, traces

# The questions of the scripts, as they end the output, and what an operator who agrees types.
CONFIRM = re.compile(r"type (?P<word>\S+) to continue, anything else stops here: $")
BREAKPOINT = re.compile(r"number of the node to update next, r to look again, q to leave the update waiting: $")
CLEARING = re.compile(r"update \S+ now\? y clears its breakpoint, anything else shows the list again: $")
WHOLE = re.compile(r"cluster: (?P<state>healthy|not healthy|cannot tell)")
COPIED = re.compile(r"where did you copy it\? Enter alone stops here: $")
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
PLACE = "tape 4711"
TRUST = re.compile(r"type yes: $")
QUESTIONS = (CONFIRM, TRUST, COPIED, CLEARING, BREAKPOINT)
AGREED = {TRUST: "yes", COPIED: PLACE, CLEARING: "y"}
MOST = 64 * 1024**2  # bytes of output after which a run is aborted: a script may print for ever
LAST = 64 * 1024  # bytes at the end of the output in which a question is looked for
PATIENCE = 900.0  # real seconds without output after which a run is aborted; world time takes no real time
# Real seconds without output or a call of a simulated tool: after the first a `timeout` of the run is over, after the
# second a run is aborted. No program of a site takes as long, on a busy machine either.
QUIET = 120.0
STILL = 300.0
SHOWN = 5  # lines at the end of the output that are shown of an aborted run


class GivenUpError(RefusedError):
    """A run was aborted, since nothing was heard of it for too long: its text says what was waited for."""


@dataclass(frozen=True)
class ScriptRun:
    """One run of a script: its exit status (137 if it was killed), its output, and its world seconds."""

    status: int
    output: str
    seconds: float
    breaches: tuple[dict[str, Any], ...] = ()


class Operator:
    """A stack user who is logged in to the undercloud of the world in the folder `world`."""

    def __init__(self, world: Path, answers: Sequence[str] = (), thinks: float = 0.0) -> None:
        """`answers` are typed at the first questions, instead of what an operator who agrees would type; each answer
        comes after `thinks` world seconds.
        """
        self.world = world
        self._answers = list(answers)
        self._thinks = thinks
        self.traced = False  # whether the world records a flight plan, and so traces what the script itself runs

    def ask(self, verb: str, **data: Any) -> Any:
        return lifecycle.ask(self.world, verb, **data)

    def run(self, section: str, words: Sequence[str]) -> ScriptRun:
        """Runs the script `words` of this section while the safety rules watch."""
        self.ask("begin_run", section=section)
        before = self.ask("get", path="clock")
        status, output = self.type(words)
        after = self.ask("get", path="clock")
        breaches = self.ask("end_run", status=status, output=output)
        return ScriptRun(status, output, after - before, tuple(breaches))

    def type(self, words: Sequence[str], user: str = "") -> tuple[int, str]:
        """Runs a command on a terminal of the undercloud: (exit status, output). GivenUpError where it does not end."""
        pid, terminal = pty.fork()
        if pid == 0:
            traced = traces.enter(self.world) if self.traced else []
            _become(["run", str(self.world), *(["--user", user] if user else []), *traced, "--", *words])
        try:
            output = self._talk(terminal)
        finally:
            os.close(terminal)
            status = end_of(pid)
        return (128 - status if status < 0 else status), output

    def _talk(self, terminal: int) -> str:
        """Answers questions until the terminal closes; everything that was printed."""
        seen = bytearray()
        answered = 0
        os.set_blocking(terminal, False)
        heard = looked = time.monotonic()
        while len(seen) < MOST:
            if not select.select([terminal], [], [], 1.0)[0]:
                if time.monotonic() - looked >= QUIET:
                    self._look_why(time.monotonic() - heard, seen)
                    looked = time.monotonic()
                continue
            try:
                data = os.read(terminal, 65536)
            except OSError:  # the other end is closed
                break
            if not data:
                break
            seen += data
            heard = looked = time.monotonic()
            text = seen[max(answered, len(seen) - LAST) :].decode("utf-8", "replace").replace("\r\n", "\n")
            reply = self._answer(text)
            if reply is not None:
                answered = len(seen)
                os.write(terminal, f"{reply}\n".encode())
        return seen.decode("utf-8", "replace").replace("\r\n", "\n")

    def _look_why(self, silent: float, seen: bytearray) -> None:
        """Has the deadlines of a run that stands still pass; GivenUpError if it has none, or is silent for too long."""
        try:
            found = lifecycle.ask(self.world, "still", patience=QUIET, seconds=QUIET)
        except TimeoutError:
            found = {"seconds": silent, "waited_for": "the simulator, which does not answer"}
        if found["seconds"] < STILL and silent < PATIENCE:
            return
        lines = CONTROLS.sub("", seen[-LAST:].decode("utf-8", "replace")).splitlines()
        last = [f"  {line.strip()[:300]}" for line in lines if line.strip()][-SHOWN:]
        why = f"given up after {silent:.0f} s without a word: waited for {found['waited_for']}; the last lines:"
        raise GivenUpError("\n".join((why, *last)))

    def _answer(self, text: str) -> str | None:
        """Types the reply, after the time that the operator takes to think."""
        reply = self._reply(text)
        if reply is not None and self._thinks:
            self.ask("advance", seconds=self._thinks)
        return reply

    def _reply(self, text: str) -> str | None:
        """What to type if `text` ends with a question, else None."""
        found = next(filter(None, (question.search(text) for question in QUESTIONS)), None)
        if found is None:
            return None
        if self._answers:
            return self._answers.pop(0)
        if found.re is BREAKPOINT:
            return self._next_node(text)
        return found["word"] if found.re is CONFIRM else AGREED[found.re]

    def _next_node(self, text: str) -> str:
        """The first node of the menu at the end of `text`, once the cluster is healthy."""
        states = WHOLE.findall(text)
        first = re.search(r"^ +(\d+)\) ", text, re.MULTILINE)  # the menu has the spec's order
        if states and states[-1] == "healthy" and first:
            return first[1]
        # an operator takes a minute before looking again
        self.ask("advance", seconds=60)
        return "r"


def _become(words: list[str]) -> NoReturn:
    """Turns the child, which owns the terminal, into the simulator's command line."""
    status = 1
    try:
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        attributes = termios.tcgetattr(0)
        attributes[3] &= ~termios.ECHO
        termios.tcsetattr(0, termios.TCSANOW, attributes)
        os.environ["TERM"] = "dumb"
        status = cli.main(words)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def end_of(pid: int) -> int:
    """Waits for a child whose terminal is closed: its exit status, -N for signal N. Kills it if it does not end."""
    descriptor = os.pidfd_open(pid)
    try:
        if not select.select([descriptor], [], [], 30)[0]:
            os.killpg(pid, signal.SIGKILL)
    finally:
        os.close(descriptor)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
