"""Where the worlds of a rehearsal lie: a world is a thousand small files, which memory takes in a third of the time."""

from __future__ import annotations

import os
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it, readable by us alone
ROOM = 4 * 1024**3  # bytes that are free there, whatever is rehearsed


def scratch(memory: Path = MEMORY) -> Path | None:
    """The folder in which a rehearsal makes its own: memory's, unless another is asked for (TMPDIR) or it has no room.

    None is the system's usual one. Worlds hold programs that are run: a folder mounted noexec is none for them.
    """
    if os.environ.get("TMPDIR") or not os.access(memory, os.W_OK):
        return None
    facts = os.statvfs(memory)
    free = min(facts.f_bavail * facts.f_frsize, _free_memory())
    return None if facts.f_flag & os.ST_NOEXEC or free < ROOM else memory


def _free_memory() -> int:
    """Bytes of memory that could be had now."""
    with Path("/proc/meminfo").open(encoding="ascii") as lines:
        found = {name: int(rest.split()[0]) * 1024 for name, rest in (line.split(":") for line in lines)}
    return found.get("MemAvailable", 0)
