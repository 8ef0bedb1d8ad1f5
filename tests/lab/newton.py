"""The clients of OpenStack as OSP 10 has them: Newton's, with a Python 2.7 of this machine."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

import pyenv
from lab.packages import NeedError, UnfitError
from osp_compile.assets import cache

CONSTRAINTS = Path(__file__).parent / "config" / "newton-constraints.txt"
WANTED = (
    "python-openstackclient", "python-novaclient", "python-neutronclient", "python-cinderclient", "python-heatclient",
    "python-ironicclient", "python-tripleoclient==5.4.6", "tripleo-common==5.4.9",
)  # fmt: skip
SEEN_AT = "/opt/newton"  # where a machine has them
READY = "/run/lab-clients"  # the socket of the processes that are kept ready there


def python() -> Path:
    """pyenv's newest Python 2.7; UnfitError where there is none."""
    found = pyenv.versions("2.7.")
    if not found:
        raise UnfitError("its clients are Newton's, which want a Python 2.7 of pyenv's: pyenv install 2.7.18")
    return found[0]


def place() -> Path:
    wanted = CONSTRAINTS.read_bytes() + " ".join(WANTED).encode()
    return cache("lab") / f"newton-{hashlib.sha256(wanted).hexdigest()[:12]}"


def make() -> None:
    """Once for this user: a copy of that Python with the clients in it, so that it can be anywhere."""
    found = python()
    if place().exists():
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
