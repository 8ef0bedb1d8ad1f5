"""Chooses where the worlds of a rehearsal are kept: in memory, where their thousands of small files are fast."""

from __future__ import annotations

import os
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108  a private folder is made in it
ROOM = 4 * 1024**3  # bytes that must be free there
TRIES, PAUSE = 20, 0.1  # (seconds between two)


def scratch(memory: Path = MEMORY) -> Path | None:
    """The folder in memory in which a rehearsal makes its own; None for the system's usual one.

    It is None if TMPDIR is set, memory has too little room, or the folder is mounted noexec: worlds hold programs that
    are run.
    """
    if os.environ.get("TMPDIR") or not os.access(memory, os.W_OK):
        return None
    facts = os.statvfs(memory)
    free = min(facts.f_bavail * facts.f_frsize, _free_memory())
    return None if facts.f_flag & os.ST_NOEXEC or free < ROOM else memory


def delete(folder: Path) -> None:
    """Deletes a rehearsal's folder; where that fails, a line on standard error says so.

    It tries for a while: a process that was killed may be about to end, and may still make a file.
    """
    for _ in range(TRIES):
        if sys.version_info >= (3, 12):
            shutil.rmtree(folder, onexc=_without_a_look)
        else:
            shutil.rmtree(folder, onerror=_without_a_look)
        if not folder.exists():
            return
        time.sleep(PAUSE)
    print(f"osp-compile: {folder} could not be deleted; nothing needs it: rm -r {folder}", file=sys.stderr)


def _without_a_look(_: object, path: str, __: object) -> None:
    """Deletes a folder that only root may look into, as each world has one: it is empty. What else fails is left."""
    with suppress(OSError):
        Path(path).rmdir()


def _free_memory() -> int:
    """Bytes of memory that are available now."""
    with Path("/proc/meminfo").open(encoding="ascii") as lines:
        found = {name: int(rest.split()[0]) * 1024 for name, rest in (line.split(":") for line in lines)}
    return found.get("MemAvailable", 0)
