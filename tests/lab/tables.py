"""OpenStack's empty tables: a machine's `tables.sh` makes them, which takes long, and the next lab loads what it made.

They are kept for this user, for as long as neither the packages nor the script have another version.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Sequence
from pathlib import Path

from lab.site import Lab
from osp_compile.assets import cache

GIVEN, MADE = "/var/lib/lab-tables.sql", "/var/lib/lab-tables-made.sql"
PASSWORD = "the-password-of-this-lab"  # stands for it there: nova's cells have it in their addresses


def lend(lab: Lab, machine: str, script: str, packages: Sequence[str]) -> None:
    """Before it boots: the script, and the tables where there are any."""
    lab.write(machine, "/root/tables.sh", script)
    place = _place(machine, script, packages)
    if place.exists():
        lab.write(machine, GIVEN, place.read_text("utf-8").replace(PASSWORD, lab.cloud_password), 0o600)


def keep(lab: Lab, machine: str, script: str, packages: Sequence[str]) -> None:
    """Once its script has run."""
    made = lab.layer(machine, MADE)
    if made.exists():
        place = _place(machine, script, packages)
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = place.with_suffix(".new")
        fresh.write_text(made.read_text("utf-8").replace(lab.cloud_password, PASSWORD), "utf-8")
        fresh.replace(place)


def _place(machine: str, script: str, packages: Sequence[str]) -> Path:
    words = ["dpkg-query", "--show", *sorted(packages)]
    versions = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return cache("lab") / f"tables-{machine}-{hashlib.sha256((script + versions).encode()).hexdigest()[:12]}.sql"
