"""The clients of OpenStack as OSP 10 has them: Newton's, where this machine has a Python 2.7, else Debian's."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from lab.packages import NeedError
from osp_compile.assets import cache

CONSTRAINTS = Path(__file__).parent / "config" / "newton-constraints.txt"
WANTED = (
    "python-openstackclient", "python-novaclient", "python-neutronclient", "python-cinderclient", "python-heatclient",
    "python-ironicclient", "python-tripleoclient==5.4.6", "tripleo-common==5.4.9",
)  # fmt: skip
SEEN_AT = "/opt/newton"  # where a machine has them
READY = "/run/lab-clients"  # the socket of those that stand ready there


def python() -> Path | None:
    """pyenv's Python 2.7, the newest."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    return max(pyenv.glob("versions/2.7.*"), default=None)


def place() -> Path:
    wanted = CONSTRAINTS.read_bytes() + " ".join(WANTED).encode()
    return cache("lab") / f"newton-{hashlib.sha256(wanted).hexdigest()[:12]}"


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


def interpreter() -> str:
    """The words that run its Python on a machine."""
    # (both name the place where they were made)
    words = f"/usr/bin/env LD_LIBRARY_PATH={SEEN_AT}/lib PYTHONHOME={SEEN_AT} PYTHONWARNINGS=ignore no_proxy='*'"
    return f"{words} {SEEN_AT}/bin/python2.7 -B"


def told() -> str:
    return "Newton's own" if python() is not None else "Debian's, since this machine has no Python 2.7"
