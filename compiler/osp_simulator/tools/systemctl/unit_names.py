"""systemd's unit names: a bare word means a service, a glob means the loaded units it matches."""

from __future__ import annotations

import fnmatch

from osp_simulator.state.hosts import Unit

Units = dict[str, Unit]
SUFFIXES = (".service", ".target", ".timer", ".socket", ".mount")


def full(name: str) -> str:
    known = "." in name.rsplit("@", 1)[-1] and name.endswith(SUFFIXES)
    return name if known else f"{name}.service"


def is_glob(pattern: str) -> bool:
    return any(letter in pattern for letter in "*?[")


def matching(units: Units, pattern: str) -> list[str]:
    """A glob matches loaded units, an exact name any unit there is."""
    if is_glob(pattern):
        wanted = pattern if pattern.endswith("*") or "." in pattern else f"{pattern}.service"
        return sorted(name for name, unit in units.items() if unit["loaded"] and fnmatch.fnmatchcase(name, wanted))
    return [full(pattern)] if full(pattern) in units else []


def named(units: Units, patterns: tuple[str, ...]) -> list[str]:
    """The units that the patterns mean, in their order; a name that nothing matches stands for itself."""
    return [name for pattern in patterns for name in matching(units, pattern) or [full(pattern)]]
