"""Files of machines that have not been started yet, with the owners that this machine's packages expect."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from string import Template

from lab.site import Lab

CONFIG = Path(__file__).parent.parent / "config"


def upper(lab: Lab, machine: str, path: str) -> Path:
    """Where the machine's own layer holds this path."""
    return lab.folder / "machines" / machine / "up" / path.lstrip("/")


def put(lab: Lab, machine: str, path: str, text: str, owner: str = "root", mode: int = 0o644) -> None:
    """A file, `owner` as USER or USER:GROUP. Folders on the way keep the owner and mode they have below the layer."""
    lab.write(machine, path, text, mode)
    give(upper(lab, machine, path), owner)
    keep_folders(lab, machine, path)


def give(place: Path, owner: str) -> None:
    user, _, group = owner.partition(":")
    shutil.chown(place, user, group or user)


def keep_folders(lab: Lab, machine: str, path: str) -> None:
    """A folder in the layer hides the owner and mode of the one below it, so it gets the same."""
    for below in Path(path).parents:
        above = upper(lab, machine, str(below))
        if below != Path("/") and below.is_dir():
            known = below.stat()
            os.chown(above, known.st_uid, known.st_gid)
            above.chmod(known.st_mode & 0o7777)


def hide_below(folder: Path) -> None:
    """Nothing that this machine has in the same folder shows through the layer."""
    os.setxattr(folder, "trusted.overlay.opaque", b"y")


def config(name: str, /, **words: str) -> str:
    """One of the texts under config/, with these words put in."""
    return Template((CONFIG / name).read_text()).substitute(words)
