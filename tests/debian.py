"""Packages of Debian that a part of the suite needs, besides those that tests/run itself installs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

LIMIT = 1200  # seconds for one command
OPTIONS = ("-qq", "-o", "DPkg::Lock::Timeout=900", "-o", "Acquire::Retries=3")  # another part may install just now


def is_ours_to_install() -> bool:
    """Whether this is root on Debian."""
    return os.geteuid() == 0 and Path("/etc/debian_version").exists()


def install(*packages: str) -> str:
    """Installs them. Why that cannot be, in apt's own words; nothing where they are there."""
    for words in (("update",), ("install", "-y", "--no-install-recommends", *packages)):
        ended = subprocess.run(
            ["apt-get", *OPTIONS, *words], env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=LIMIT,
        )  # fmt: skip
    return "" if ended.returncode == 0 else (ended.stderr.strip().splitlines() or ["no reason given"])[-1]
