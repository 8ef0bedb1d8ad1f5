"""Gives each host a root of its own, by bubblewrap and without root rights.

One real user takes the place of all users of a host, so mounts decide who may write: root's files are read-only (or
hidden) in a user's sandbox, writable in root's.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from osp_simulator.hosts import users

# Folders that a host has itself; its programs and libraries are the machine's, its /usr/share is its own.
PRIVATE = ("etc", "root", "home", "var", "srv", "tmp", "run", "httpboot", "opt", "boot", "mnt")
USERS_OWN = ("tmp", "var/tmp")
# Paths that only root may read on these hosts; mode bits cannot forbid it, since all users share one uid.
ROOTS_ONLY = (
    "root", "etc/puppet/hieradata", "etc/sudoers.d", "var/log/yum.log", "etc/haproxy/haproxy.cfg", "var/lib/redis",
    "var/lib/mysql", "var/lib/mongodb", "etc/ceph/ceph.client.admin.keyring", "var/lib/glance",
)  # fmt: skip
SYSTEM = ("lib", "lib32", "lib64", "libx32", "libexec")  # below /usr
LIBRARIES = ("lib", "lib32", "lib64", "libx32")
SHARED = (
    "zoneinfo", "locale", "i18n", "terminfo", "misc", "file", "perl", "perl5", "awk", "tabset", "ca-certificates",
)  # fmt: skip
# The machine's /usr is mounted here. bubblewrap reads all mounts for each mount, so links are used where possible.
# /usr/bin and /usr/sbin have the simulated tools, and links to some of the machine's programs.
REAL = "/.real"
PYTHON = "/.python"
PATH = "/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin"
UIDS = {"root": 0}


def identity(world: Path, host: str, user: str) -> Path:
    """The folder that a sandbox sees as /run/osp-sim: the world's socket, and the sandbox's host and user."""
    folder = world / "run" / "id" / f"{host}.{user}"
    if not (folder / "id").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.link(world / "run" / "socket", folder / "socket")
        put_whole(folder / "id", f"{host} {user}\n")
    return folder


def put_whole(place: Path, text: str) -> None:
    """Makes a file that is there with all of its text or not at all: several processes may make the same at once."""
    handle, draft = tempfile.mkstemp(dir=place.parent)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(draft, place)


def command(
    world: Path,
    host: str,
    user: str,
    argv: list[str],
    *,
    env: Mapping[str, str],
    cwd: str,
    no_network: int,
    bundle: str | None = None,
) -> list[str]:
    """The bwrap command line that runs argv as this user on this host; environment and cwd are those inside.

    `no_network` is a descriptor from `open_filter`, which bwrap reads to its end.
    """
    root = f"{world}/hosts/{host}/root"
    words = ["bwrap", "--unshare-user", "--unshare-pid", "--unshare-uts", "--unshare-net", "--unshare-ipc"]
    words += ["--seccomp", str(no_network)]
    words += ["--die-with-parent", "--hostname", host_name(world, host)]
    words += ["--uid", str(UIDS.get(user, 1000)), "--gid", str(UIDS.get(user, 1000))]
    if user == "root":
        words += ["--cap-add", "ALL", "--bind", root, "/", *_system(world)]
    else:
        words += ["--ro-bind", root, "/", *_system(world), *_private(world, root, host, user)]
    words += ["--ro-bind", str(identity(world, host, user)), "/run/osp-sim"]
    if bundle and host == "undercloud":
        words += ["--ro-bind", bundle, "/home/stack/bundle"]
    # the kernel asks in /proc who owns a setting: where root rehearses, everybody here is that root
    words += ["--dev", "/dev", "--proc", "/proc", "--remount-ro", "/proc"]
    for name, place in (("boot_id", "/proc/sys/kernel/random/boot_id"), ("uptime", "/proc/uptime")):
        words += ["--ro-bind", f"{world}/hosts/{host}/{name}", place]
    words.append("--clearenv")
    for key, value in env.items():
        words += ["--setenv", key, value]
    words += ["--chdir", cwd, "--", *argv]
    return words


def surroundings() -> dict[str, str]:
    """The environment for bwrap itself, whose process is in the sandbox for all to read: it says nothing."""
    return {"PATH": os.environ.get("PATH", os.defpath)}


def open_filter(world: Path) -> int:
    """A descriptor of the filter of network.py for one sandbox; who starts the sandbox closes it."""
    return os.open(world / "run" / "no-network", os.O_RDONLY)


def host_name(world: Path, host: str) -> str:
    try:
        return (world / "hosts" / host / "root/etc/hostname").read_text().strip()
    except OSError:
        return host


def lay_out(root: Path) -> None:
    """Makes a host's root: its own folders, and mount points for what all hosts share with the machine."""
    for name in (*PRIVATE, "dev", "proc", "run/osp-sim", "usr/share", "usr/bin", REAL[1:], PYTHON[1:]):
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in ("bin", "sbin", "usr/sbin"):
        (root / name).symlink_to("bin" if name == "usr/sbin" else "usr/bin")
    # even if the machine lacks it: two worlds must not differ because of a package installed between them
    for name in SYSTEM:
        (root / "usr" / name).symlink_to(f"{REAL}/{name}")
    for name in LIBRARIES:
        if os.path.islink(f"/{name}"):
            (root / name).symlink_to(os.readlink(f"/{name}"))
        else:
            (root / name).mkdir()
    for name in SHARED:
        (root / "usr/share" / name).symlink_to(f"{REAL}/share/{name}")


def _system(world: Path) -> list[str]:
    words = ["--ro-bind", "/usr", REAL, "--ro-bind", f"{world}/bin", "/usr/bin"]
    for name in LIBRARIES:
        if os.path.isdir(f"/{name}") and not os.path.islink(f"/{name}"):
            words += ["--ro-bind", f"/{name}", f"/{name}"]
    return [*words, *_interpreter()]


def _interpreter() -> list[str]:
    """The Python that runs this, if the machine has no /usr/bin/python3."""
    if os.path.exists("/usr/bin/python3"):
        return []
    return ["--ro-bind", sys.base_prefix, PYTHON]


def interpreter() -> str:
    """The path of Python within a sandbox."""
    if os.path.exists("/usr/bin/python3"):
        return inside(os.path.realpath("/usr/bin/python3"))
    return f"{PYTHON}/bin/python3"


def inside(program: str) -> str:
    """Where a sandbox finds a program of the machine's /usr/bin or /usr/sbin (given by its real path)."""
    return f"{REAL}/{program.removeprefix('/usr/')}"


def _private(world: Path, root: str, host: str, user: str) -> list[str]:
    """Mounts for a user who is not root: what he may write in the host's root, and what he may not see."""
    words = []
    for name in (*USERS_OWN, *(["srv"] if host == "backup" else [])):
        words += ["--bind", f"{root}/{name}", f"/{name}"]
    home = users.home_of(world, host, user)
    words += ["--bind", root + home, home]
    for name in ROOTS_ONLY:
        place = f"{root}/{name}"
        if os.path.exists(place):
            void = "void" if os.path.isdir(place) else "void-file"
            words += ["--ro-bind", f"{world}/run/{void}", f"/{name}"]
    return words


def login_environment(user: str, home: str) -> dict[str, str]:
    """The environment in which a login shell of this user starts."""
    return {
        "HOME": home, "USER": user, "LOGNAME": user, "SHELL": "/bin/bash", "PATH": PATH,
        "LANG": "C.UTF-8", "TERM": "dumb", "PWD": home,
    }  # fmt: skip
