"""The operator of the lab: sits at the undercloud's terminal as the stack user, and answers what the scripts ask."""

from __future__ import annotations

import os
import pty
import re
import signal
import termios
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lab.machines import Machine
from osp_compile.rehearsal import operator

BEGINS = re.compile(r"^\[\d+/\d+\] \S+", re.MULTILINE)  # `[3/9] 2.07/4b`
LOGIN = 'cd "$1" && shift && export TERM=dumb LANG=C.UTF-8 && exec "$@"'


@dataclass(frozen=True)
class Ran:
    """A command of the bundle: its exit status, what stood on the screen, and how long it took, seconds."""

    status: int
    output: str
    seconds: float


class Operator(operator.Operator):
    """The one of the rehearsals, at a real terminal of a real machine."""

    def __init__(self, undercloud: Machine, folder: str, on_step: Callable[[str], None] | None = None) -> None:
        """`on_step` is called with each step that begins."""
        super().__init__(undercloud.folder, ())
        self._undercloud = undercloud
        self._folder = folder
        self._on_step = on_step
        self._begun = ""

    def ask(self, verb: str, **data: Any) -> Any:
        """Time is real here: whoever looks again in a minute waits it out."""
        if verb == "advance":
            time.sleep(2)

    def _reply(self, text: str) -> str | None:
        begun = BEGINS.findall(text)
        if self._on_step and begun and begun[-1] != self._begun:
            self._begun = begun[-1]
            self._on_step(self._begun.split()[1])
        return super()._reply(text)

    def at_work(self, *words: str) -> Ran:
        """A command in the bundle's folder, on a terminal."""
        started = time.monotonic()
        status, output = self.type(words)
        return Ran(status, output, time.monotonic() - started)

    def type(self, words: Sequence[str], user: str = "stack") -> tuple[int, str]:
        line = self._undercloud.command(["bash", "-lc", LOGIN, "bash", self._folder, *words], user=user)
        pid, terminal = pty.fork()
        if pid == 0:
            _become(line)
        try:
            output = self._talk(terminal)
        finally:
            os.close(terminal)
            status = operator.end_of(pid)
        return (128 - status if status < 0 else status), output


def _become(line: list[str]) -> None:
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    attributes = termios.tcgetattr(0)
    attributes[3] &= ~termios.ECHO
    termios.tcsetattr(0, termios.TCSANOW, attributes)
    try:
        os.execvp(line[0], line)
    finally:
        os._exit(127)
