"""The users of the hosts: whom people log in as, by the site's spec, and the homes in a host's own /etc/passwd."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from osp_simulator.state.site import Site

HOMES = {"root": "/root"}


class User(NamedTuple):
    """A user who may use sudo without a password: name and home."""

    name: str
    home: str


def of_undercloud(site: Site) -> User:
    """The undercloud's user, who runs the scripts."""
    undercloud = site.get("undercloud") or {}
    name = str(undercloud.get("user") or "stack")
    return User(name, str(undercloud.get("home") or f"/home/{name}").rstrip("/"))


def records_of(site: Site) -> str:
    """The folder of the change's own records on the undercloud, without its first slash."""
    return f"{of_undercloud(site).home}/osp-runbook".strip("/")


def of_nodes(site: Site) -> User:
    """The user whom the undercloud's ssh logs in as."""
    name = str((site.get("ssh") or {}).get("user") or "heat-admin")
    return User(name, f"/home/{name}")


def of_host(site: Site, host: str) -> User:
    """The user that people log in as on that host."""
    return of_undercloud(site) if host == "undercloud" else of_nodes(site)


def home_of(world: Path, host: str, user: str) -> str:
    """The user's home by the host's /etc/passwd; where it has none, or is gone, the usual one."""
    try:
        lines = (world / "hosts" / host / "root/etc/passwd").read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    for columns in (line.split(":") for line in lines):
        if columns[0] == user and len(columns) == 7 and columns[5].startswith("/"):
            return columns[5]
    return HOMES.get(user, f"/home/{user}")
