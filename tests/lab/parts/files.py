"""Files of machines that have not been started yet, with the owners that this machine's packages expect."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from string import Template

from lab.site import Lab

CONFIG = Path(__file__).parent.parent / "config"


def put(lab: Lab, machine: str, path: str, text: str, owner: str = "root", mode: int = 0o644) -> None:
    """A file, `owner` as USER or USER:GROUP."""
    lab.write(machine, path, text, mode)
    give(lab.layer(machine, path), owner)


def give(place: Path, owner: str) -> None:
    user, _, group = owner.partition(":")
    shutil.chown(place, user, group or user)


def hide_below(folder: Path) -> None:
    """Nothing that this machine has in the same folder shows through the layer."""
    os.setxattr(folder, "trusted.overlay.opaque", b"y")


def config(name: str, /, **words: str) -> str:
    """One of the texts under config/, with these words put in."""
    return Template((CONFIG / name).read_text()).substitute(words)
