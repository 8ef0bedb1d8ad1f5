"""Packages that are excluded from updates on a host: yum's `exclude` lines and the list of its versionlock plugin.

They are read from the host's own files, as yum does; `excluded` in the host's state is for those that no file lists.
"""

from __future__ import annotations

import configparser
import fnmatch
import re

from osp_simulator.engine.world import World

CONFIGURATION = "/etc/yum.conf"
REPOSITORIES = "/etc/yum.repos.d"
PLUGIN = "/etc/yum/pluginconf.d/versionlock.conf"
LOCKS = "/etc/yum/pluginconf.d/versionlock.list"
ENTRY = re.compile(r"!?(?:\d+:)?(?P<name>.+)-[^-]+-[^-]+$")


def held(world: World, host: str) -> list[str]:
    """Patterns of the names of packages that yum does not update."""
    return [*excluded(world, host), *map(name_of, locks(world, host))]


def excluded(world: World, host: str) -> list[str]:
    """Patterns of the names of packages that yum does not see at all."""
    return [*world.state["hosts"][host].get("excluded", []), *_excluded(world, host)]


def is_held(name: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def has_plugin(world: World, host: str) -> bool:
    """Whether yum-plugin-versionlock is there and switched on."""
    file = world.files.path(host, PLUGIN)
    return file.is_file() and _read(file.read_text(errors="replace")).getboolean("main", "enabled", fallback=False)


def locks(world: World, host: str) -> list[str]:
    """The entries of the lock list, if the plugin is enabled."""
    file = world.files.path(host, LOCKS)
    if not has_plugin(world, host) or not file.is_file():
        return []
    lines = (line.strip() for line in file.read_text(errors="replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def name_of(entry: str) -> str:
    """The package of `0:openvswitch-2.6.1-16.el7ost.*`."""
    match = ENTRY.match(entry)
    return match["name"] if match else entry


def _excluded(world: World, host: str) -> list[str]:
    files = [world.files.path(host, CONFIGURATION)]
    folder = world.files.path(host, REPOSITORIES)
    if folder.is_dir():
        files += [world.files.settled(host, file) for file in sorted(folder.glob("*.repo"))]
    found: list[str] = []
    for file in files:
        if not file.is_file():
            continue
        parsed = _read(file.read_text(errors="replace"))
        for section in parsed.sections():
            if parsed.getboolean(section, "enabled", fallback=True):
                found += re.split(r"[\s,]+", parsed.get(section, "exclude", fallback="").strip())
    return [pattern for pattern in found if pattern]


def _read(text: str) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None, strict=False)
    parsed.read_string(text)
    return parsed
