"""OpenStack's tables before anything happens: `tables.sh` makes them, which takes long, and the next lab loads them.

They are kept for this user, for as long as neither the packages nor what makes them have another version.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.parts.files import CONFIG
from lab.site import Lab
from osp_compile.assets import cache

GIVEN, MADE = "/var/lib/lab-tables.sql", "/var/lib/lab-tables-made.sql"
UNIT = """\
[Unit]
Description=The tables of the lab's OpenStack
After=mariadb.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/bash /root/tables.sh {words}
"""


@dataclass(frozen=True)
class Tables:
    """Those of a machine. `folder` is the one below config that has its script, `words` are the script's.

    `besides` is the text of what else has a part in them.
    """

    machine: str
    folder: str
    packages: Sequence[str]
    words: str
    besides: str = ""

    def lend(self, lab: Lab) -> None:
        """Before it boots: the script, a unit that runs it, and the tables where there are any."""
        lab.write(self.machine, "/root/tables.sh", self._script())
        lab.write(self.machine, "/etc/systemd/system/lab-tables.service", UNIT.format(words=self.words))
        lab.want(self.machine, "lab-tables.service", "/etc/systemd/system/lab-tables.service")
        place = self._place()
        if place.exists():
            lab.write(self.machine, GIVEN, place.read_bytes(), 0o600)

    def keep(self, lab: Lab) -> None:
        """Once its script has run."""
        made = lab.layer(self.machine, MADE)
        if made.exists():
            place = self._place()
            place.parent.mkdir(parents=True, exist_ok=True)
            fresh = place.with_suffix(".new")
            fresh.write_bytes(made.read_bytes())
            fresh.replace(place)
            for older in set(place.parent.glob(f"tables-{self.machine}-*.sql")) - {place}:
                older.unlink(missing_ok=True)

    def _script(self) -> str:
        return (CONFIG / self.folder / "tables.sh").read_text("utf-8")

    def _place(self) -> Path:
        show = ["dpkg-query", "--show", *sorted(self.packages)]
        versions = subprocess.run(show, capture_output=True, text=True, check=True).stdout
        made_of = "\n".join((self._script(), self.words, self.besides, versions))
        return cache("lab") / f"tables-{self.machine}-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}.sql"
