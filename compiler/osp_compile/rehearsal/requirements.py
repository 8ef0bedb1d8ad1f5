"""What a rehearsal needs on this machine, each with one line that says how to get it."""

from __future__ import annotations

import os
import shutil
import subprocess

from osp_compile.diagnostics import RefusedError

PROGRAMS = {
    "bats": "install the package bats, or: npm install --global bats",
    "bwrap": "install the package bubblewrap",
    "perl": "install the package perl",
    "pgrep": "install the package procps",
    "bzip2": "install the package bzip2",
}


NO_NAMESPACES = (
    "user namespaces are switched off here, and a site is simulated in them: "
    "sysctl kernel.unprivileged_userns_clone=1 (Debian) "
    "or kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu)"
)


class NeedError(RefusedError):
    """Something is missing; the text says what, and how to get it."""


def check() -> None:
    """Raises NeedError with a line for each thing that is missing."""
    missing = [f"{name} is not installed: {how}" for name, how in PROGRAMS.items() if shutil.which(name) is None]
    if "bwrap is not installed" not in "".join(missing) and not namespaces_work():
        missing.append(NO_NAMESPACES)
    if missing:
        raise NeedError("\n".join(missing))


def namespaces_work() -> bool:
    command = [
        "bwrap",
        "--unshare-user",
        "--unshare-pid",
        "--unshare-net",
        "--ro-bind",
        "/",
        "/",
        "--dev",
        "/dev",
        "true",
    ]
    return subprocess.run(command, capture_output=True, check=False, env=dict(os.environ)).returncode == 0
