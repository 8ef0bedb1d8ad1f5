"""Child processes of a call, and killing them."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path


def children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(word) for word in (task / "children").read_text().split()]
    except (OSError, ValueError):
        pass
    return found


def descendants(pid: int) -> list[int]:
    """All processes below this one, nearest first."""
    found = children(pid)
    for child in found:
        found += children(child)
    return found


def send_signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def kill_tree(pid: int) -> None:
    """SIGKILL a process and all below it; a sandbox's first process takes the rest of its namespace along."""
    everyone = [pid, *descendants(pid)]
    for one in everyone:
        send_signal(one, signal.SIGKILL)


def end_trees(pids: Sequence[int], limit: float = 10.0, *, groups: bool = False) -> None:
    """SIGKILL these processes and all below them, and wait until none runs, so that their files can be deleted.

    With `groups` each leads a process group, which is killed too, with what is forked just now. After `limit` seconds
    it waits no longer: a process in the kernel's hands may not end.
    """
    everyone = [one for pid in pids for one in (pid, *descendants(pid))]
    poller = select.poll()
    running = set()
    for one in everyone:
        with suppress(ProcessLookupError):
            running.add(os.pidfd_open(one))
    for pid in pids if groups else ():
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    for one in running:
        poller.register(one, select.POLLIN)
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(one, signal.SIGKILL)
    deadline = time.monotonic() + limit
    ended: set[int] = set()
    while ended != running and time.monotonic() < deadline:
        for one, _ in poller.poll(1000 * max(0.0, deadline - time.monotonic())):
            poller.unregister(one)
            ended.add(one)
    for one in running:
        os.close(one)


class Process:
    """A process known by more than its number, which soon after its end may be another's: `pid` is for looking only.

    Raises ProcessLookupError where it is gone already.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._descriptor = os.pidfd_open(pid)

    def is_running(self) -> bool:
        poller = select.poll()
        poller.register(self._descriptor, select.POLLIN)
        return not poller.poll(0)

    def kill_tree(self) -> None:
        """SIGKILL it and all below it, if it still runs."""
        if self.is_running():
            for one in descendants(self.pid):
                send_signal(one, signal.SIGKILL)
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def close(self) -> None:
        os.close(self._descriptor)
