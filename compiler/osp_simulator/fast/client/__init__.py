"""The executable installed under each simulated tool's name: the fastest client that this machine can have.

Trials take 1.19 times as long with the one in perl: each of their hundreds of calls starts it. So the one in C stays,
and perl's is for machines without a compiler.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from osp_compile.assets import cache
from osp_simulator.hosts import network, sandbox

HERE = Path(__file__).parent
SENDMSG = {"x86_64": 46, "aarch64": 211}  # the number of sendmsg(2)
CLIENT, REST = ".client", ".client_rest"
OPTIONS = "-O1 -Wall -Werror -static -nostdlib -ffreestanding -fno-stack-protector -fno-pie -no-pie".split()


def install(place: Path) -> bool:
    """Installs the client and its other files in the folder `place`; True if it knows the time by itself.

    Raises ValueError where there is no perl.
    """
    perl = shutil.which("perl", path="/usr/bin")
    if perl is None:
        raise ValueError("perl is needed to simulate a site: install the package perl")
    first_line = f"#!{sandbox.inside(os.path.realpath(perl))}"
    _write(place / REST, _script("rest.pl", first_line))
    built = compiled()
    if built is not None:
        shutil.copy(built, place / CLIENT)
    else:
        number = f"my $SENDMSG = {SENDMSG[network.machine()]};"
        _write(place / CLIENT, _script("client.pl", first_line).replace("my $SENDMSG = 0;", number, 1))
    return built is not None


def _script(name: str, first_line: str) -> str:
    _, rest = (HERE / name).read_text("utf-8").split("\n", 1)
    return f"{first_line}\n{rest}"


def _write(place: Path, text: str) -> None:
    place.write_text(text, "utf-8")
    place.chmod(0o755)


def compiled() -> Path | None:
    """client.c, compiled once for this user; None without a compiler, when perl is used instead."""
    source = HERE / "client.c"
    name = hashlib.sha256(repr(OPTIONS).encode() + source.read_bytes()).hexdigest()[:16]
    place = cache("client") / name / "client"
    if place.exists():
        return place
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    with suppress(OSError, subprocess.SubprocessError):
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as folder:
            fresh = Path(folder) / "client"
            words = [compiler, *OPTIONS, "-o", str(fresh), str(source)]
            subprocess.run(words, check=True, capture_output=True, timeout=60)
            fresh.replace(place)
        return place
    return None
