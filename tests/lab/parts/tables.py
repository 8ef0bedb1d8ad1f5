"""The tables of OpenStack's services: made by their own commands once, and kept for this user's later labs."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from lab.parts.files import CONFIG
from lab.site import Lab
from osp_compile.assets import cache

UNIT = """\
[Unit]
Description=The tables of the lab's cloud
After=mariadb.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/bash /root/tables.sh {words}
"""
NAME = "lab-tables.service"
SEEN_AT = "/var/cache/lab"


def prepare(lab: Lab, machine: str, script: str, packages: tuple[str, ...], *words: str) -> None:
    """The unit, which `script` under config/ is the work of, and what earlier labs have kept of the same packages."""
    for name, text in {"tables.sh": script, "synced.sh": "synced.sh"}.items():
        lab.write(machine, f"/root/{name}", (CONFIG / text).read_text("utf-8"))
    place = f"/etc/systemd/system/{NAME}"
    lab.write(machine, place, UNIT.format(words=" ".join(words)))
    lab.want(machine, NAME, place)
    kept = _kept(packages)
    kept.mkdir(parents=True, exist_ok=True)
    lab.share(machine, kept, SEEN_AT)


def _kept(packages: tuple[str, ...]) -> Path:
    """Another version of a service may have other tables."""
    words = ["dpkg-query", "--show", "--showformat", "${Package} ${Version}\\n", *sorted(packages)]
    shown = subprocess.run(words, capture_output=True, check=True).stdout
    return cache("lab") / f"tables-{hashlib.sha256(shown).hexdigest()[:12]}"
