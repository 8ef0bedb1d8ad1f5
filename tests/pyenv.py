"""Pythons that pyenv has on this machine, whatever the home of who asks."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path


def versions(prefix: str) -> list[Path]:
    """The folders of its versions that begin so, newest first; those that nobody may look into are none."""
    found: set[Path] = set()
    for place in {*_places()}:
        try:
            found.update(place.glob(f"versions/{prefix}*"))
        except OSError:
            continue
    return sorted(found, key=lambda one: [*map(int, re.findall(r"\d+", one.name))], reverse=True)


def _places() -> Iterator[Path]:
    """Folders where pyenv may be: as it says, as usual, and around the Pythons that run this or are on PATH."""
    if os.environ.get("PYENV_ROOT"):
        yield Path(os.environ["PYENV_ROOT"])
    yield Path(os.path.expanduser("~/.pyenv"))  # noqa: PTH111  Path fails without a home
    for word in (f"{sys.base_prefix}/bin", *os.environ.get("PATH", "").split(os.pathsep)):
        place = Path(word)
        if place.name == "shims":
            yield place.parent
        elif place.parent.parent.name == "versions":
            yield place.parent.parent.parent
