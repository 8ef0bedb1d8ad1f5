"""Proof that the backups restore: each is loaded or extracted somewhere fresh, and compared with its source."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lab import databases, keys
from lab.machines import Machine
from lab.results import Results
from lab.site import Lab

CUTS = 20


class Restore:
    """Works in the lab's folder; the backups are those that the scripts have made on the undercloud."""

    def __init__(self, lab: Lab, results: Results) -> None:
        self._lab = lab
        self._results = results
        self._place = lab.folder / "restored"
        self._place.mkdir(exist_ok=True)
        self.login = self._place / "login"
        self.login.write_text(lab.mysql_login)
        self.login.chmod(0o600)

    def newest(self, kind: str) -> Path:
        """The undercloud's newest backup of this kind, as it lies in the machine's layer."""
        folder = self._lab.undercloud.folder / "up/var/backup/osp"
        return max(folder.glob(f"*/{kind}-*"))

    def database(self, title: str, source: Machine, pieces: Sequence[Path], without: str = "") -> None:
        """The dump, and what else goes with it, loaded into a fresh server; every fact of it compared."""
        before = databases.facts(self._ask(source), without)
        with databases.fresh_server(self._place / f"mariadb-{title}".replace(" ", "-"), self.login) as (ask, load):
            for piece in pieces:
                load(piece)
            after = databases.facts(ask, without)
        wrong = [
            f"{place}: {before.get(place)} -> {after.get(place)}"[:200]
            for place in sorted(before)
            if before[place] != after.get(place)
        ]
        self._results.judge(f"{title} restores: {len(before)} facts compared", wrong[:10])

    def _ask(self, machine: Machine) -> databases.Ask:
        def ask(query: str) -> list[list[str]]:
            words = ["mysql", "--defaults-file=/dev/stdin", *databases.QUIET, "-e", query]
            return databases.rows(machine.do(*words, stdin=self.login.read_text()))

        return ask

    def redis(self, dump: Path, before: dict[str, str]) -> None:
        """The dump loaded into a fresh server; every key of it compared with what the master held."""
        after = keys.of_dump(dump, self._place / "redis")
        wrong = [f"{key}: {before.get(key)} -> {after.get(key)}" for key in before if before[key] != after.get(key)]
        self._results.judge(f"the dump of Redis restores: {len(before)} keys compared", wrong[:10])

    def cut(self, title: str, piece: Path, verify: Callable[[str], int]) -> None:
        """The piece, cut short at CUTS places, is refused by the scripts' own check, which takes it whole."""
        whole = piece.stat().st_size
        # through the machine's own eyes: it may not see what something else changes in a layer
        short = Path(f"/proc/{self._lab.undercloud.first_process()}/root/root/cut")
        wrong = []
        for number in range(CUTS + 1):
            shutil.copy(piece, short)
            os.truncate(short, whole if number == CUTS else whole * number // CUTS)
            status = verify("/root/cut")
            if (status == 0) != (number == CUTS):
                wrong.append(f"at {short.stat().st_size} of {whole} bytes the check ends with {status}")
        short.unlink()
        self._results.judge(f"{title}, cut short at {CUTS} places, is refused", wrong)

    def archive(self, title: str, archive: Path, source: Machine, changing: Sequence[str]) -> None:
        """Extracted, and compared with the machine by content, owner, mode and extended attributes.

        `changing` are beginnings of paths that live on while the archive is made.
        """
        there = self._place / title.replace(" ", "-")
        there.mkdir()
        words = [
            "tar",
            "--extract",
            "--xattrs",
            "--xattrs-include=*",
            "--numeric-owner",
            "--file",
            str(archive),
            "--directory",
            str(there),
        ]
        subprocess.run(words, check=True, capture_output=True)
        root = Path(f"/proc/{source.first_process()}/root")
        compared, wrong = 0, []
        for name in files(there):
            if name.startswith(tuple(changing)):
                continue
            compared += 1
            ours, theirs = identity(there / name), identity(root / name)
            if ours != theirs:
                wrong.append(f"/{name}: {theirs} -> {ours}")
        self._results.judge(
            f"{title} restores: {compared} files compared", wrong[:10] or ([] if compared else ["nothing in it"])
        )


def files(top: Path) -> Iterator[str]:
    for place, _, names in os.walk(top):
        for name in names:
            yield str(Path(place, name).relative_to(top))


def identity(path: Path) -> str:
    """What of a file must come back: type and mode, owner, extended attributes, content or where it leads."""
    try:
        facts = path.lstat()
    except OSError:
        return "is not there"
    what = (
        str(path.readlink())
        if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else ""
    )
    names = [] if path.is_symlink() else sorted(name for name in os.listxattr(path) if not name.startswith("trusted."))
    attributes = [f"{name}={os.getxattr(path, name).hex()}" for name in names]
    return " ".join([oct(facts.st_mode), f"{facts.st_uid}:{facts.st_gid}", *attributes, what[:16]])
