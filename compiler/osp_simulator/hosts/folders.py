"""A host's folder: made when first needed, its /proc files kept up to date."""

from __future__ import annotations

import json
import os
import re
import threading
from pathlib import Path
from typing import Any

from osp_simulator.hosts import files, sandbox, users
from osp_simulator.hosts.rooted import inside
from osp_simulator.state import State

_making = threading.Lock()
NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


def make(world: Path, state: State, host: str) -> bool:
    """Makes the host's root, with the files for its part in the site; False if it exists already."""
    if not NAME.fullmatch(host):
        raise ValueError(f"no host can be called {host!r}")
    folder = world / "hosts" / host
    if (folder / "root").is_dir():
        return False
    with _making:
        if (folder / "root").is_dir():
            return False
        making = folder / "making"
        sandbox.lay_out(making)
        for relative in ("var/tmp", "var/log", "var/lib", users.of_nodes(state["site"]).home.lstrip("/")):
            (making / relative).mkdir(parents=True, exist_ok=True)
        for relative in ("tmp", "var/tmp"):
            (making / relative).chmod(0o1777)
        (making / "root").chmod(0o700)
        (folder / "boot_id").write_text(state["hosts"][host]["boot_id"] + "\n")
        (folder / "uptime").write_text("0.00 0.00\n")
        for path, (text, mode) in files.files(state, host).items():
            write(inside(making, path), text, mode)
        making.rename(folder / "root")
    return True


def write(path: Path, text: str | bytes, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(mode)


def write_uptime(folder: Path, seconds: float) -> None:
    overwrite(folder / "uptime", f"{seconds:.2f} {seconds * 1.8:.2f}\n")


def write_boot_id(folder: Path, boot_id: str) -> None:
    overwrite(folder / "boot_id", f"{boot_id}\n")


def overwrite(path: Path, text: str) -> None:
    """Writes the file in place, since it is bind-mounted into running sandboxes."""
    try:
        fd = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    try:
        os.pwrite(fd, text.encode(), 0)
        os.ftruncate(fd, len(text))
    finally:
        os.close(fd)


def load_manifest(bundle: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((bundle / "manifest.json").read_text("utf-8"))
    return manifest
