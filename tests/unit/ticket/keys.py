"""Keys of people who sign, made by the gpg of the machine in a home of their own."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from unit.waiting import LIMIT


@dataclass(frozen=True)
class Keys:
    """`home` is that of gpg; Ada signs with her key, Eve with hers."""

    home: Path
    ada: str
    eve: str

    def gpg(self, *words: str, stdin: bytes = b"") -> bytes:
        command = ["gpg", "--batch", "--quiet", "--homedir", str(self.home), *words]
        return subprocess.run(command, input=stdin, capture_output=True, check=True, timeout=LIMIT).stdout

    def exported(self, name: str, place: Path, *options: str) -> Path:
        place.write_bytes(self.gpg(*options, "--export", name))
        return place


@contextmanager
def made() -> Iterator[Keys]:
    """A home with both keys; its agent ends with it. The agent's socket needs a short path."""
    with tempfile.TemporaryDirectory(prefix="gpg", dir="/tmp") as name:
        home = Path(name)
        empty = Keys(home, "", "")
        try:
            for person in ("ada", "eve"):
                who = f"{person.title()} <{person}@example.com>"
                empty.gpg("--passphrase", "", "--quick-generate-key", who, "ed25519", "sign", "never")
            yield Keys(home, fingerprint(empty, "ada"), fingerprint(empty, "eve"))
        finally:
            subprocess.run(["gpgconf", "--homedir", name, "--kill", "all"], check=False, timeout=LIMIT)


def fingerprint(keys: Keys, person: str) -> str:
    rows = keys.gpg("--with-colons", "--list-keys", f"{person}@example.com").decode().splitlines()
    return next(row.split(":")[9] for row in rows if row.startswith("fpr:"))
