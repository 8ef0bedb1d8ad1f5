"""Rules: Ceph keeps every copy of its data while nodes go down one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from osp_simulator.engine.watching import rule
from osp_simulator.state import access

if TYPE_CHECKING:
    from osp_simulator.engine.world import World


@rule("ceph-unprepared", "reboot", "no node with OSDs goes down without noout, or before all data is clean")
def ceph_unprepared(world: World, host: str) -> Iterator[str]:
    ceph = world.state.get("ceph")
    if ceph is None or not any(osd["host"] == host for osd in ceph["osds"]):
        return
    if "noout" not in ceph["flags"]:
        yield f"{host} was taken down without noout"
    down = access.missed_osds(ceph)
    if down:
        yield f"{host} was taken down while OSD {', '.join(str(osd['id']) for osd in down)} was down"
    if ceph["stuck"] or ceph["recovering"]:
        yield f"{host} was taken down before every placement group was clean"
