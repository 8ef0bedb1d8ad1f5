"""Waiting with a limit, so that a test fails by name of what it waited for where it would hang.

pytest's own limit on every test (pyproject.toml) comes after these, and says no more than the line it stood at.
"""

from __future__ import annotations

import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Seconds for what takes one at most where nothing else is to be done: a machine may be busy.
LIMIT = 120.0


def over(what: str, limit: float) -> AssertionError:
    return AssertionError(f"waited {limit:g} s for {what}")


def until(question: Callable[[], object], what: str, *, limit: float = LIMIT) -> None:
    """Asks again and again until the answer is yes."""
    deadline = time.monotonic() + limit
    while not question():
        if time.monotonic() > deadline:
            raise over(what, limit)
        time.sleep(0.005)


def pieces(descriptor: int, what: str, *, size: int = 65536, limit: float = LIMIT) -> Iterator[bytes]:
    """What comes on a pipe, a socket or a terminal, until its end."""
    deadline = time.monotonic() + limit
    looked = select.poll()
    looked.register(descriptor, select.POLLIN)
    while True:
        if not looked.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise over(what, limit)
        try:
            piece = os.read(descriptor, size)
        except OSError:  # a terminal that is gone with its program
            return
        if not piece:
            return
        yield piece


def read(descriptor: int, what: str, *, limit: float = LIMIT) -> str:
    """All that comes until its end."""
    return b"".join(pieces(descriptor, what, limit=limit)).decode()


def read_line(descriptor: int, what: str, *, limit: float = LIMIT) -> str:
    """The next line, and nothing of what follows it."""
    line = b""
    for piece in pieces(descriptor, what, size=1, limit=limit):
        line += piece
        if piece == b"\n":
            break
    return line.decode()


def read_fifo(fifo: Path, what: str, *, limit: float = LIMIT) -> str:
    """What the first writer of a FIFO writes; opened without waiting, since there may never be one."""
    descriptor = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        return read(descriptor, what, limit=limit)
    finally:
        os.close(descriptor)


@contextmanager
def begun(words: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[Any]]:
    """A process beside the test: it ends in time by itself, or with the test that fails."""
    with subprocess.Popen(words, **options) as process:
        try:
            yield process
            process.wait(LIMIT)
        except BaseException:
            process.kill()
            raise
