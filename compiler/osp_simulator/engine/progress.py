"""What a served world is waiting for: its calls in progress, and how long ago in real time one began or ended.

World time passes in calls alone. A real program that makes none, such as a loop of bash or a read of a pipe that nobody
writes, would never reach the end of the `timeout` around it, and a rehearsal would wait for as long as it may.
"""

from __future__ import annotations

import shlex
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from osp_simulator.engine.call import Call

WORDS = 160  # characters of a command that are shown


class Progress:
    """The calls in progress, the newest last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[int, Call] = {}
        self._moved = time.monotonic()
        self._last: Call | None = None

    @contextmanager
    def of(self, call: Call) -> Iterator[None]:
        """The time of one call."""
        with self._lock:
            self._calls[id(call)] = call
            self._moved = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                del self._calls[id(call)]
                self._moved, self._last = time.monotonic(), call

    def still_for(self) -> float:
        """Real seconds since a call began or ended."""
        with self._lock:
            return time.monotonic() - self._moved

    def moved(self) -> None:
        """Notes that time has passed in the world, which may have ended something: counts from here."""
        with self._lock:
            self._moved = time.monotonic()

    def waited_for(self) -> str:
        """What is waited for, in words: the newest call that has not ended, or else the script after its last call."""
        with self._lock:
            newest = next(reversed(self._calls.values()), None)
            if newest is not None:
                return f"`{shown(newest)}` has not ended"
            if self._last is not None:
                return f"the script itself, after `{shown(self._last)}`"
            return "the script itself, before its first command"


def shown(call: Call) -> str:
    """The call as one line: its command, its user and its host."""
    words = "".join(letter if letter.isprintable() else "?" for letter in shlex.join((call.tool, *call.argv)))
    return f"{words if len(words) <= WORDS else f'{words[: WORDS - 3]}...'}` of {call.user} on `{call.host}"
