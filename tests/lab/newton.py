"""The clients of OpenStack as OSP 10 has them: Newton's, where this machine has a Python 2.7, else Debian's."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from lab.packages import NeedError
from osp_compile.assets import cache

CONSTRAINTS = Path(__file__).parent / "config" / "newton-constraints.txt"
WANTED = ("python-openstackclient", "python-novaclient", "python-neutronclient", "python-cinderclient")
SEEN_AT = "/opt/newton"  # where a machine has them


def python() -> Path | None:
    """pyenv's Python 2.7, the newest."""
    return max(Path.home().glob(".pyenv/versions/2.7.*"), default=None)


def place() -> Path:
    return cache("lab") / f"newton-{hashlib.sha256(CONSTRAINTS.read_bytes()).hexdigest()[:12]}"


def make() -> None:
    """Once for this user: a copy of that Python with the clients in it, so that it can stand anywhere."""
    found = python()
    if found is None or place().exists():
        return
    place().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place().parent) as folder:
        fresh = Path(folder) / "python"
        shutil.copytree(found, fresh, symlinks=True)
        pip = [str(fresh / "bin/python2.7"), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        ended = subprocess.run(
            [*pip, "--constraint", str(CONSTRAINTS), *WANTED], capture_output=True, text=True, check=False,
            env={"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), "PYTHONWARNINGS": "ignore", "LANG": "C.UTF-8"},
        )  # fmt: skip
        if ended.returncode != 0:
            raise NeedError(f"Newton's clients cannot be had: {ended.stderr.strip()[-300:]}")
        fresh.replace(place())


def command(name: str) -> str:
    """The words that run a client on a machine."""
    if python() is None:
        return f"/usr/bin/{name}"
    # (both name the place where they were made)
    words = f"env LD_LIBRARY_PATH={SEEN_AT}/lib PYTHONHOME={SEEN_AT} PYTHONWARNINGS=ignore no_proxy='*'"
    return f"{words} {SEEN_AT}/bin/python2.7 -B {SEEN_AT}/bin/{name}"


def told() -> str:
    return "Newton's own" if python() is not None else "Debian's, since this machine has no Python 2.7"
