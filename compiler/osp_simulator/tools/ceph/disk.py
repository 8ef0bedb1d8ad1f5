"""ceph-disk (Jewel 10.2): starts the OSDs whose disks udev did not report at the boot."""

from __future__ import annotations

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.tools.ceph.state import osds_up


@tool("ceph-disk", facts=Facts(reaches="site", inline=True))
def ceph_disk(call: Call, world: World) -> int:
    state = world.state["ceph"]
    if state is None or "ceph_osd" not in world.state["hosts"][call.host]["capabilities"]:
        raise Refused(127, "bash: ceph-disk: command not found")
    if call.user != "root":
        raise Refused(1, "ceph-disk: Error: must be root")
    if list(call.argv) != ["activate-all"]:
        raise Refused(2, f"ceph-disk: error: argument subcommand: invalid choice: {' '.join(call.argv)!r}")
    here = {osd["id"] for osd in state["osds"] if osd["host"] == call.host}
    missed = here.intersection(state.get("missed_by_udev", []))
    if missed:
        state["missed_by_udev"] = [one for one in state["missed_by_udev"] if one not in missed]
        world.clock.advance(5)
        osds_up(world, host=call.host)
    if here.intersection(state.get("broken_osds", [])):
        raise Refused(1, "ceph-disk: Error: One or more partitions failed to activate")
    return 0
