"""Defers signals during steps that must not be cut in two, and lists what is already done for good."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# What the running command has done for good, in words; the message of an interruption includes it.
done: list[str] = []


@contextmanager
def ending_signals_blocked() -> Iterator[None]:
    """Blocks the ending signals within this context; one that arrives meanwhile is delivered at its end."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
