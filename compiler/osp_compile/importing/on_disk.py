"""Writes a spec whole or not at all; an existing file is replaced only on request."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from osp_compile.diagnostics import RefusedError
from osp_compile.interruption import done, ending_signals_blocked


def check_place(target: Path, force: bool) -> None:
    """Raises RefusedError if a file is there already and may not be replaced, or if it is not a regular file."""
    if target.is_dir():
        raise RefusedError(f"{target} is a folder: name the file to write, such as {target}/site.yaml")
    if target.exists() and not target.is_file():
        # a file put in its place would take a device or a pipe away from everybody
        raise RefusedError(f"{target} is not a regular file, and is not replaced: name the file to write")
    if not force and (target.exists() or target.is_symlink()):
        raise RefusedError(f"{target} is there already: --force replaces it, -o names another file")
    if not target.parent.is_dir():
        raise RefusedError(f"there is no folder {target.parent} to write to")


def write(target: Path, text: str, force: bool) -> None:
    """Puts the file in its place in one step; a file that appeared there meanwhile is kept.

    Whatever ends this earlier leaves nothing beside it.
    """
    with TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
        made = Path(folder) / target.name
        made.write_text(text, encoding="utf-8")
        try:
            with ending_signals_blocked():
                if force:
                    made.replace(target)
                else:
                    os.link(made, target)
                done.append(f"{target} is written")
        except FileExistsError:
            check_place(target, force)
            raise
