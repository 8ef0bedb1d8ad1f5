"""The roles of a Newton deployment and what their nodes are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from osp_compile.spec.model import Capability

STOCK: Mapping[str, frozenset[Capability]] = {
    "Controller": frozenset({"controller", "pacemaker"}),
    "Compute": frozenset({"compute"}),
    "CephStorage": frozenset({"ceph_osd"}),
    "BlockStorage": frozenset(),
    "ObjectStorage": frozenset(),
}

# roles that many sites have under these names, as the spec would state them
COMMON: Mapping[str, str] = {
    "ComputeOvsDpdk": "{compute: true, dpdk: true}",
    "ComputeOvsDpdkSriov": "{compute: true, dpdk: true}",
    "ComputeSriov": "{compute: true}",
    "ComputeHCI": "{compute: true, ceph_osd: true}",
    "HyperConverged": "{compute: true, ceph_osd: true}",
    "OsdCompute": "{compute: true, ceph_osd: true}",
    "ControllerOpenstack": "{controller: true}",
    "Database": "{pacemaker: true}",
    "Messaging": "{pacemaker: true}",
    "CephMon": "{ceph_mon: true}",
    "Networker": "{}",
    "Telemetry": "{}",
}
# The profiles and flavors of machines, and the role whose nodes have them.
PROFILES: Mapping[str, str] = {
    "control": "Controller",
    "controller": "Controller",
    "compute": "Compute",
    "ceph-storage": "CephStorage",
    "swift-storage": "ObjectStorage",
    "block-storage": "BlockStorage",
}


def capabilities(stated: Mapping[str, Mapping[str, bool]], used: Iterable[str]) -> dict[str, frozenset[Capability]]:
    """What the nodes of every stock and stated role are; `used` names the roles that have nodes.

    The stock Controller carries the Ceph monitors of a deployment that has OSDs, unless it is said not to,
    or another role in use is said to carry them.
    """
    roles = dict(STOCK)
    for name, words in stated.items():
        roles[name] = _as_stated(roles.get(name, frozenset()), words)
    in_use = [roles[name] for name in set(used) if name in roles]
    has_osds = any("ceph_osd" in role for role in in_use)
    has_monitors = any("ceph_mon" in role for role in in_use)
    if has_osds and not has_monitors and "ceph_mon" not in stated.get("Controller", {}):
        roles["Controller"] |= {"ceph_mon"}
    return roles


def _as_stated(stock: frozenset[Capability], words: Mapping[str, bool]) -> frozenset[Capability]:
    given = {cast(Capability, word) for word, has in words.items() if has}
    taken = {word for word, has in words.items() if not has}
    return frozenset(word for word in stock | given if word not in taken)
