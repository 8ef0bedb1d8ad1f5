"""A copy of a world's folder: run/ is left behind, and bin/ is made anew by whoever opens the copy."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def snapshot(world: Path, to: Path) -> None:
    """Copy `world`, whose state is saved, to the new folder `to`."""
    to.mkdir(parents=True)
    shutil.copytree(
        world, to, symlinks=True, dirs_exist_ok=True,
        ignore=lambda folder, names: {"run", "bin"} if Path(folder) == world else _specials(folder, names),
    )  # fmt: skip


def _specials(folder: str, names: list[str]) -> set[str]:
    """Sockets and pipes do not outlive the processes that made them."""
    return {name for name in names if not _copyable(os.path.join(folder, name))}


def _copyable(path: str) -> bool:
    return os.path.islink(path) or os.path.isfile(path) or os.path.isdir(path)
