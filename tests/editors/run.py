#!/usr/bin/env python3
"""What shells complete of osp-compile, and what an editor says of a spec, by the programs themselves.

    tests/editors/run.py [--install] [PYTEST ARGUMENT...]

Needs bash, zsh, fish, and yaml-language-server, which needs node; plays what is there, and says what is not. With
--install, as root on Debian, it installs the shells; and yaml-language-server, by npm, into a folder of the user's
cache. Ends with 3 where there is nothing to play.

Another yaml-language-server: put its version into package.json, and call `npm install --package-lock-only` beside it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "compiler"))

import debian
from osp_compile.assets import cache

HERE = Path(__file__).resolve().parent
SHELLS = ("bash", "zsh", "fish")
SERVER = "yaml-language-server"
WANTED = (HERE / "package.json", HERE / "package-lock.json")  # exactly these versions, whatever else is on PATH
UNFIT = 3
LIMIT = 600  # seconds for one command
ASKED = "OSP_EDITORS"  # in the environment of the pytest that is to play these: the programs that are there, with `:`


def server() -> Path:
    """Where the user's cache has yaml-language-server, or is to have it."""
    wanted = b"".join(file.read_bytes() for file in WANTED)
    return cache("tests") / f"{SERVER}-{hashlib.sha256(wanted).hexdigest()[:12]}" / "node_modules/.bin" / SERVER


def missing() -> dict[str, str]:
    """Each program that is not there, with the reason."""
    found = {name: "not installed here" for name in SHELLS if shutil.which(name) is None}
    if shutil.which("node") is None:
        found[SERVER] = "it needs node, which is not installed here"
    elif not server().exists():
        found[SERVER] = "not installed here"
    return found


def install() -> dict[str, str]:
    """What is missing, as far as that can be had; {program: why not} of the others."""
    lacks, why = missing(), {}
    shells = [name for name in lacks if name in SHELLS]
    if shells and debian.is_ours_to_install() and (trouble := debian.install(*shells)):
        why = dict.fromkeys(shells, f"it cannot be installed: {trouble}")
    # node is hundreds of packages of Debian: it is used where it is there
    if SERVER in lacks and shutil.which("node") is not None:
        why[SERVER] = _install_server()
    return {name: reason for name, reason in why.items() if reason}


def _install_server() -> str:
    """Why it cannot be installed; nothing where it is there now."""
    npm = shutil.which("npm")
    if npm is None:
        return "npm, which installs it, is not installed here"
    place = server().parents[2]
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        fresh = Path(folder) / "fresh"
        fresh.mkdir()
        for file in WANTED:
            shutil.copy(file, fresh)
        ended = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=fresh,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=LIMIT,
        )  # fmt: skip
        if ended.returncode != 0:
            return f"npm cannot install it: {(ended.stderr.strip().splitlines() or ['no reason given'])[0]}"
        if not server().exists():
            fresh.rename(place)
    return ""


def main() -> int:
    arguments = sys.argv[1:]
    why = {}
    if "--install" in arguments:
        arguments.remove("--install")
        why = install()
    lacks = missing()
    for name, reason in lacks.items():
        print(f"no {name}: {why.get(name, reason)}")
    if any(name not in why for name in lacks):
        print(f"to have them: tests/run editors --install; shells as root on Debian, {SERVER} where node and npm are")
    there = [name for name in (*SHELLS, SERVER) if name not in lacks]
    if not there:
        return UNFIT
    words = [sys.executable, "-m", "pytest", "--quiet", "-p", "no:xdist", str(HERE), *arguments]
    environment = {**os.environ, ASKED: ":".join(there)}
    sys.stdout.flush()
    return subprocess.run(words, cwd=HERE.parents[1], env=environment, check=False, timeout=LIMIT).returncode


if __name__ == "__main__":
    sys.exit(main())
