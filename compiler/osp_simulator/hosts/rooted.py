"""Paths of a host, as its own programs would follow them: nothing on it leads out of its root."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

LINKS = 40  # that are followed, as by the kernel


def below(root: Path, parts: Iterable[str]) -> Path:
    """Where a path leads to for who has `root` for his root: any link leads to something below it."""
    place, waiting, links = str(root), [*reversed([*parts])], 0
    while waiting:
        name = waiting.pop()
        if name == "..":
            place = os.path.dirname(place) if place != str(root) else place
            continue
        step = f"{place}/{name}"
        try:
            target = os.readlink(step)
        except OSError:  # no link, or not there
            place = step
            continue
        links += 1
        if links > LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), step)
        place = str(root) if target.startswith("/") else place
        waiting += [part for part in reversed(target.split("/")) if part not in ("", ".")]
    return Path(place)


def inside(root: Path, path: str) -> Path:
    """An absolute path below a root in which there is no link yet; ValueError where it would lead upwards."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ValueError(f"no path of a host: {path!r}")
    return root.joinpath(*parts)
