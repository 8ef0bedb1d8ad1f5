"""Remembers which texts the lint found clean, by the digest of all that the result depends on; findings are not kept.

A user's cache folder has what was compiled here. The package ships the digests of its own library, which is the same in
every bundle: `pytest --update` writes them after checking every file, and the tests keep them true.
"""

from __future__ import annotations

import os
from pathlib import Path

from osp_compile.assets import TEMPLATES, cache

CLEAN = "clean\n"
SHIPPED = TEMPLATES / "_runtime/clean.sha256"


class Memory:
    """The keys of texts without findings. A damaged or missing entry makes a run slower, never wrong."""

    def __init__(self, folder: Path | None = None, shipped: Path | None = SHIPPED) -> None:
        self._folder = folder or cache("lint")
        self._shipped = frozenset(_keys(shipped)) if shipped else frozenset()

    def knows(self, key: str) -> bool:
        if key in self._shipped:
            return True
        try:
            return (self._folder / key).read_text("utf-8") == CLEAN
        except (OSError, UnicodeDecodeError):
            return False

    def learn(self, key: str) -> None:
        # a folder that cannot be written only makes the next run slower
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial_file = self._folder / f"{key}.{os.getpid()}"
            partial_file.write_text(CLEAN, "utf-8")
            partial_file.replace(self._folder / key)
        except OSError:
            return


def _keys(file: Path) -> list[str]:
    try:
        return [line.split()[0] for line in file.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError):
        return []
