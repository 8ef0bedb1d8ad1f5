"""One call of a tool inside a sandbox, as its handler sees it."""

# ruff: noqa: N818  these are outcomes of a call, few of them are errors

from __future__ import annotations

import io
import os
import select
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TextIO, cast


@dataclass(frozen=True)
class Call:
    """A call: `argv` is without the tool; the streams are the caller's descriptors 0, 1 and 2, text flushed by lines.

    `timers` names the running `timeout` calls around this one; `fault` is the behaviour the world's
    faults ask the handler itself to show ("cut", ...), or empty; `pid` is the client's process, as the server sees it.
    `nested` is a call that another one makes within the server, without a client of its own; `alarm` a descriptor that
    can be read once such a call's time is up.
    """

    tool: str
    argv: tuple[str, ...]
    host: str
    user: str
    cwd: str
    env: Mapping[str, str]
    stdin: BinaryIO
    stdout: TextIO
    stderr: TextIO
    fds: tuple[int, int, int]
    timers: tuple[str, ...] = ()
    fault: str = ""
    pid: int = 0
    connection: Any = field(default=None, repr=False, compare=False)
    nested: bool = False
    alarm: int | None = None


class Refused(Exception):
    """Raised by a handler: the tool ends with this exit status after this text on stderr (a newline is added)."""

    def __init__(self, status: int, text: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class Exec(Exception):
    """Raised by a handler: the client becomes this real command (an absolute path and its arguments)."""

    def __init__(self, *argv: str) -> None:
        super().__init__(argv)
        self.argv = argv


class Killed(Exception):
    """Raised where a call does not return to its caller: the client dies by this signal."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.signal = signal


class Gone(Exception):
    """Raised where the client has died, or its time is up, so that nobody waits for the result."""


class GuardedInput(io.RawIOBase):
    """Reads a descriptor; raises `Gone` when the client that passed it dies, or its time is up."""

    def __init__(self, fd: int, ends: tuple[int, ...]) -> None:
        self._fd = fd
        self._ends = ends

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._fd

    def isatty(self) -> bool:
        return os.isatty(self._fd)

    def readinto(self, buffer: Any) -> int:
        if self._ends:
            poller = select.poll()
            for one in (self._fd, *self._ends):
                poller.register(one, select.POLLIN)
            ready = {fd for fd, _ in poller.poll()}
            if self._fd not in ready:
                raise Gone
        data = os.read(self._fd, len(buffer))
        buffer[: len(data)] = data
        return len(data)


def ends(connection: socket.socket | None, alarm: int | None = None) -> tuple[int, ...]:
    """The descriptors that become readable when nobody waits for the call any more."""
    return (*(() if connection is None else (connection.fileno(),)), *(() if alarm is None else (alarm,)))


def guarded(fd: int, connection: socket.socket | None, alarm: int | None = None) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(GuardedInput(fd, ends(connection, alarm))))


def wait_for_end(call: Call) -> None:
    """Waits on a host that goes down, where nothing replies any more, until the caller is killed."""
    poller = select.poll()
    poller.register(call.connection, select.POLLIN)
    if not poller.poll(5000):
        raise Killed(signal.SIGKILL)
    raise Gone
