"""What no signal cuts in two, and what was done for good by the time that one is heard."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# What the command that runs has done for good, in words; whoever tells of an interruption has to say so.
done: list[str] = []


@contextmanager
def unheard() -> Iterator[None]:
    """A signal that comes meanwhile is heard at the end of it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
