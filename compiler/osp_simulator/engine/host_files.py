"""The files of the simulated hosts: where they lie, and those that the simulator keeps up to date."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from osp_simulator.hosts import folders, users
from osp_simulator.hosts.pinned import of_host

if TYPE_CHECKING:
    from osp_simulator.state import State


class HostFiles:
    """The hosts' files of the world in `folder`, each host's under hosts/<name>/root."""

    def __init__(self, folder: Path, state: State) -> None:
        self._folder = folder
        self._state = state
        self._uptimes: dict[str, float] = {}  # the content of each host's /proc/uptime
        self._roots: dict[str, Path] = {}

    def path(self, host: str, absolute: str) -> Path:
        """The server's path of a host's file; the bundle, which all runs share, is read at its own path."""
        parts = [part for part in absolute.split("/") if part not in ("", ".")]
        if ".." in parts:
            parts = [part for part in os.path.normpath(absolute).split("/") if part]
        bundle = self._state.get("bundle")
        if bundle and host == "undercloud" and parts[:3] == ["home", "stack", "bundle"]:
            return Path(bundle, *parts[3:])
        return of_host(self.root(host), parts)

    def itself(self, host: str, absolute: str) -> Path:
        """The place of a file in its folder; where that is a link, of the link."""
        folder, _, name = absolute.rpartition("/")
        return self.path(host, folder) / name

    def settled(self, host: str, place: Path) -> Path:
        """A path from `path`, to which a name was added: what is a link there leads to something on the host."""
        root = self.root(host)
        return of_host(root, [*place.relative_to(root).parts]) if place.is_relative_to(root) else place

    def home_of(self, host: str, user: str) -> str:
        """The user's home on that host."""
        return users.home_of(self._folder, host, user)

    def root(self, host: str) -> Path:
        """The folder of a host's files, made when it is first asked for."""
        if host not in self._roots:
            if folders.make(self._folder, self._state, host):
                self.tell_uptime(host)
            self._roots[host] = self._folder / "hosts" / host / "root"
        return self._roots[host]

    def tell_uptime(self, host: str) -> None:
        """Writes the host's /proc/uptime for the present time."""
        seconds = self._state["clock"] - self._state["hosts"][host]["booted_at"]
        if self._uptimes.get(host) != seconds:
            self._uptimes[host] = seconds
            folders.write_uptime(self._folder / "hosts" / host, seconds)

    def tell_boot(self, host: str) -> None:
        """Writes the host's boot id for its present boot."""
        folders.write_boot_id(self._folder / "hosts" / host, self._state["hosts"][host]["boot_id"])
        self.tell_uptime(host)
