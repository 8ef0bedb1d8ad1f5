"""Writes a spec whole or not at all; an existing file is replaced only on request."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from osp_compile.diagnostics import RefusedError


def check_place(target: Path, force: bool) -> None:
    """Raises RefusedError if a file is there already and may not be replaced."""
    if target.is_dir():
        raise RefusedError(f"{target} is a folder: name the file to write, such as {target}/site.yaml")
    if not force and (target.exists() or target.is_symlink()):
        raise RefusedError(f"{target} is there already: --force replaces it, -o names another file")
    if not target.parent.is_dir():
        raise RefusedError(f"there is no folder {target.parent} to write to")


def write(target: Path, text: str, force: bool) -> None:
    """Puts the file in its place in one step; a file that appeared there meanwhile is kept."""
    with NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        file.write(text)
    made = Path(file.name)
    try:
        made.chmod(0o666 & ~_umask())
        if force:
            made.replace(target)
        else:
            os.link(made, target)
    except FileExistsError:
        check_place(target, force)
        raise
    finally:
        made.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
