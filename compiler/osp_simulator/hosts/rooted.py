"""Resolves paths of a host as its own programs would: no link leads out of the host's root."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

LINKS = 40  # the most links that are followed, as in the kernel


def below(root: Path, parts: Iterable[str]) -> Path:
    """The target of a path for a process whose root is `root`: every link leads to something below it."""
    place, waiting, links = str(root), [*reversed([*parts])], 0
    while waiting:
        name = waiting.pop()
        if name == "..":
            place = os.path.dirname(place) if place != str(root) else place
            continue
        step = f"{place}/{name}"
        try:
            target = os.readlink(step)
        except OSError:  # not a link, or missing
            place = step
            continue
        links += 1
        if links > LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), step)
        place = str(root) if target.startswith("/") else place
        waiting += [part for part in reversed(target.split("/")) if part not in ("", ".")]
    return Path(place)


def inside(root: Path, path: str) -> Path:
    """The path below a root that has no links yet; ValueError if it would lead upwards."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ValueError(f"no path of a host: {path!r}")
    return root.joinpath(*parts)
