"""The repositories of a host: those that are enabled, and which of them holds a package.

A host's `disabled_repositories` has the ids of those that are off here and on elsewhere; `other_repositories`
is {package: repository} for packages that another repository offers than Red Hat's own for this release.
"""

from __future__ import annotations

from osp_simulator.state.hosts import Host

BASE, OPENSTACK = "rhel-7-server-rpms", "rhel-7-server-openstack-10-rpms"
CLUSTER = "rhel-ha-for-rhel-7-server-rpms"
CEPH = {
    "ceph-mon": "rhel-7-server-rhceph-2-mon-rpms",
    "ceph-osd": "rhel-7-server-rhceph-2-osd-rpms",
}
OF_OPENSTACK = ("openstack-", "python-", "puppet-", "instack", "rhosp-", "openvswitch", "qemu-")


def repository(name: str) -> str:
    """The repository in which Red Hat ships the package."""
    if name in CEPH:
        return CEPH[name]
    if name == "pacemaker":
        return CLUSTER
    return OPENSTACK if name.startswith(OF_OPENSTACK) else BASE


def source(entry: Host, name: str) -> str:
    """The repository that offers the package to this host."""
    return entry.get("other_repositories", {}).get(name, repository(name))


def is_enabled(entry: Host, identity: str) -> bool:
    return identity not in entry.get("disabled_repositories", ())


def known(entry: Host) -> list[str]:
    """Every repository that the host may use."""
    named = {BASE, OPENSTACK, *map(repository, entry["packages"]), *entry.get("other_repositories", {}).values()}
    return sorted(named | set(entry.get("disabled_repositories", ())))


def switch(entry: Host, identity: str, on: bool) -> None:
    """Enables or disables a repository, as `subscription-manager repos` does."""
    off = set(entry.get("disabled_repositories", ())) - {identity} | (set() if on else {identity})
    entry["disabled_repositories"] = sorted(off)
