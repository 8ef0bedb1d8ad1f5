"""OVS-DPDK instances of the lab: which ports they have, and one that has been there since before the update."""

from __future__ import annotations

from lab.parts import cloud
from lab.site import Lab

OLD, NEW = "dpdkvhostuser", "dpdkvhostuserclient"
HOME = "/home/stack/bundle-snapshots"  # where the operator has the bundle with the other strategy
TENANTS = "vnf-0"  # the instance that is not admin's
SNAPSHOT_SPEC = f"nfv: {{strategy: snapshot, instances: [{{server: {TENANTS}, rc_file: /home/stack/vnf.rc}}]}}\n"


def plug_in_as_before(lab: Lab, server: str) -> None:
    """What the old Open vSwitch has plugged in keeps its type where nothing moves the instance."""
    _, node = cloud.place_of(lab, server)
    for port in _ports(lab, server, "name"):
        lab.machines[node].do("ovs-vsctl", "--no-wait", "set", "Interface", port, f"type={OLD}")


def not_new(lab: Lab, server: str) -> list[str]:
    """What is wrong with its ports; nothing where there are some and all are of the new type."""
    types = _ports(lab, server, "type")
    return [] if set(types) == {NEW} else [f"the ports of {server} are {types}"]


def _ports(lab: Lab, server: str, column: str) -> list[str]:
    """That column of its ports, as the Open vSwitch of its compute has them."""
    uuid, node = cloud.place_of(lab, server)
    wanted = f"external_ids:vm-uuid={uuid}"
    return lab.machines[node].do("ovs-vsctl", "--bare", f"--columns={column}", "find", "Interface", wanted).split()
