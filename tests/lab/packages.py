"""Debian packages for the lab: installed where they are missing; none of their services is started on this machine."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

BASE = tuple(
    "openssh-server openssh-client sudo iproute2 util-linux uuid-runtime dbus systemd rsync screen tmux curl".split()
)
OPTIONS = ("-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=600")  # somebody else may install just now
POLICY = Path("/usr/sbin/policy-rc.d")


class NeedError(Exception):
    """The lab cannot be had now; the text says why, and what would help."""


class UnfitError(NeedError):
    """This machine is unsuited to a lab, whatever is installed on it."""


def check() -> None:
    """UnfitError where no lab can be had."""
    if os.geteuid() != 0:
        raise UnfitError("it makes namespaces, mounts and bridges: run it as root")
    try:
        system = platform.freedesktop_os_release()
    except OSError:  # no such file, as on a Mac
        system = {}
    if (system.get("ID"), system.get("VERSION_ID")) != ("debian", "12"):
        raise UnfitError(
            f"its parts are Debian 12's packages, and this is {system.get('PRETTY_NAME', 'another system')}"
        )
    spaces = ["unshare", "--mount", "--net", "--uts", "--ipc", "--pid", "--fork", "--mount-proc", "true"]
    ended = subprocess.run(spaces, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise UnfitError(f"root may not make namespaces here (a container?): {ended.stderr.strip()}")


def missing(names: Iterable[str]) -> list[str]:
    """Those that are not installed, in order."""
    wanted = sorted(set(names))
    words = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\\n", *wanted]
    shown = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    there = {row.split()[0] for row in shown.splitlines() if row.endswith(" installed")}
    return [name for name in wanted if name not in there]


def ask(parts: Mapping[str, Iterable[str]], unasked: bool) -> None:
    """UnfitError unless whoever is at the terminal agrees to what would be installed; nothing is asked for nothing."""
    wanted = missing(name for names in parts.values() for name in names)
    if not wanted or unasked:
        return
    print(f"the lab would install {len(wanted)} packages on this machine, and start none of their services:")
    print(textwrap.fill(" ".join(wanted), 100, initial_indent="  ", subsequent_indent="  "))
    if not sys.stdin.isatty():
        raise UnfitError("its packages are not here, and nobody can be asked: tests/run lab --install installs them")
    if input("type yes to install them: ").strip() != "yes":
        raise UnfitError("its packages are not here, and are not wanted")


def install(parts: Mapping[str, Iterable[str]]) -> None:
    """The packages of each part. NeedError names every part that cannot be had, with apt's own words."""
    wanted = missing(name for names in parts.values() for name in names)
    if not wanted:
        return
    with nothing_started(), bytecode_at_once():
        _apt("update")
        ended = _apt("install", "--no-install-recommends", *wanted)
        if ended.returncode == 0:
            return
        troubles = [
            f"{part} cannot be had: {said}" for part, names in parts.items() if (said := _refused(missing(names)))
        ]
    raise NeedError("\n".join(troubles or [f"apt-get install failed: {_last(ended)}"]))


def _refused(names: list[str]) -> str:
    """Why these would not be installed; nothing where they would."""
    ended = _apt("install", "--no-install-recommends", "--simulate", *names) if names else None
    return "" if ended is None or ended.returncode == 0 else _last(ended)


def _apt(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["apt-get", "-y", "-qq", *OPTIONS, *words], stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )  # fmt: skip


def _last(ended: subprocess.CompletedProcess[str]) -> str:
    return (ended.stderr.strip().splitlines() or ["no reason given"])[-1]


@contextmanager
def nothing_started() -> Iterator[None]:
    """Debian asks this file whether a package may start its service."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


@contextmanager
def bytecode_at_once() -> Iterator[None]:
    """Python's bytecode is made once for all packages, without their tests: one by one takes four times as long."""
    path = os.environ["PATH"]
    with tempfile.TemporaryDirectory(prefix="osp-lab.") as folder:
        stand_in = Path(folder, "py3compile")
        stand_in.write_text("#!/bin/sh\n")
        stand_in.chmod(0o755)
        os.environ["PATH"] = f"{folder}:{path}"
        try:
            yield
        finally:
            os.environ["PATH"] = path
            words = ["/usr/bin/python3", "-m", "compileall", "-q", "-x", "/tests?/", "/usr/lib/python3/dist-packages"]
            subprocess.run(words, capture_output=True, check=False)
