"""Child processes of a call, and killing them."""

from __future__ import annotations

import os
import signal
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
