"""Ceph's state: its quorum, placement groups and health, and what follows when a host goes down or comes back."""

from __future__ import annotations

from osp_simulator.engine import events
from osp_simulator.engine.world import World
from osp_simulator.state import access
from osp_simulator.state.control_plane import Ceph, Osd

FLAGS = (  # in the order of their bits, in which they are always listed
    "full",
    "pause",
    "noup",
    "nodown",
    "noout",
    "noin",
    "nobackfill",
    "norebalance",
    "norecover",
    "noscrub",
    "nodeep-scrub",
    "notieragent",
    "sortbitwise",
    "require_jewel_osds",
)
OSD_START, RECOVERY = 15, 90  # seconds from a boot to its OSDs up, from there to clean placement groups


def flags_of(state: Ceph) -> list[str]:
    """The flags that are set, as the cluster lists them: whatever the order in which they were set."""
    return sorted(state["flags"], key=FLAGS.index)


def mons(world: World) -> list[str]:
    known = access.ceph(world.state)["mons"]
    return [name for name, mon in known.items() if mon["up"] and world.state["hosts"][name]["up"]]


def quorum_ranks(world: World) -> list[int]:
    """The ranks of the monitors that are in the quorum, in the order of `mons`."""
    known = list(access.ceph(world.state)["mons"])
    return [known.index(name) for name in mons(world)]


def quorum(world: World) -> bool:
    return len(mons(world)) * 2 > len(access.ceph(world.state)["mons"])


def down_but_in(state: Ceph) -> int:
    """How many OSDs are down and still count."""
    return sum(osd["in"] and not osd["up"] for osd in state["osds"])


def placement(world: World) -> dict[str, int]:
    """{state: number} of all placement groups."""
    state = access.ceph(world.state)
    down = down_but_in(state)
    counts: dict[str, int] = dict(state["stuck"])
    rest = state["num_pgs"] - sum(counts.values())
    if down:
        degraded = min(rest, state["num_pgs"] * down // max(len(state["osds"]), 1) * 3 or 1)
        counts["active+undersized+degraded"] = counts.get("active+undersized+degraded", 0) + degraded
        rest -= degraded
    elif state["recovering"]:
        recovering = state["recovering"]
        counts[recovering["state"]] = counts.get(recovering["state"], 0) + min(rest, recovering["count"])
        rest -= min(rest, recovering["count"])
    scrubbing = min(rest, state.get("scrubbing", 2))
    if rest - scrubbing:
        counts["active+clean"] = rest - scrubbing
    if scrubbing:
        counts["active+clean+scrubbing"] = scrubbing
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def health(world: World) -> tuple[str, list[str]]:
    state = access.ceph(world.state)
    reasons = _unclean(placement(world))
    down = down_but_in(state)
    if down:
        reasons.append(f"{down}/{sum(osd['in'] for osd in state['osds'])} in osds are down")
    set_flags = [flag for flag in flags_of(state) if flag not in ("sortbitwise", "require_jewel_osds")]
    if set_flags:
        reasons.append(f"{','.join(set_flags)} flag(s) set")
    up = mons(world)
    missing = len(state["mons"]) - len(up)
    if missing:
        ranks = [str(list(state["mons"]).index(name)) for name in up]
        reasons.append(f"{missing} mons down, quorum {','.join(ranks)} {','.join(up)}")
    reasons += state.get("warnings", [])
    if state.get("error"):
        return "HEALTH_ERR", [*reasons, state["error"]]
    return ("HEALTH_WARN", reasons) if reasons else ("HEALTH_OK", [])


def _unclean(pgs: dict[str, int]) -> list[str]:
    """What is wrong with placement groups, a line for each fault that a state names."""
    reasons = []
    for name, count in pgs.items():
        if not name.startswith("active+clean"):
            reasons += [f"{count} pgs {part}" for part in name.split("+") if part not in ("active", "clean")]
    return reasons


@events.host_down.handler
def osds_down(world: World, host: str, **_: bool) -> None:
    state = world.state["ceph"]
    if state is None:
        return
    for osd in state["osds"]:
        if osd["host"] == host:
            osd["up"] = False
            if "noout" not in state["flags"]:
                world.clock.after(600, events.osd_out, osd=osd["id"])
    if host in state["mons"]:
        state["mons"][host]["up"] = False


@events.osd_out.handler
def osd_out(world: World, osd: int) -> None:
    """Ten minutes down without noout: the cluster gives the OSD up and starts to rebuild."""
    state = access.ceph(world.state)
    for one in state["osds"]:
        if one["id"] == osd and not one["up"] and "noout" not in state["flags"]:
            put_out(world, one)


def put_out(world: World, osd: Osd) -> None:
    """Marks an OSD out; its data is rebuilt on the others."""
    state = access.ceph(world.state)
    if osd["in"]:
        osd["in"] = False
        state["recovering"] = {
            "state": "active+undersized+degraded+remapped+backfilling",
            "count": state["num_pgs"] // 8,
        }
        world.clock.after(state.get("recovery_seconds", RECOVERY), events.ceph_recovered)


@events.host_up.handler
def osds_start(world: World, host: str) -> None:
    state = world.state["ceph"]
    if state and any(osd["host"] == host for osd in state["osds"]):
        world.clock.after(world.state["hosts"][host].get("osd_seconds", OSD_START), events.osds_up, host=host)
    if state and host in state["mons"]:
        world.clock.after(5, events.mon_up, host=host)


@events.mon_up.handler
def mon_up(world: World, host: str) -> None:
    access.ceph(world.state)["mons"][host]["up"] = world.state["hosts"][host]["up"]


@events.osds_up.handler
def osds_up(world: World, host: str) -> None:
    """They are back and recover what was written meanwhile; norebalance can keep some of it from moving."""
    state = access.ceph(world.state)
    if not world.state["hosts"][host]["up"]:
        return
    silent = {*state.get("broken_osds", []), *state.get("missed_by_udev", [])}
    for osd in state["osds"]:
        if osd["host"] == host and osd["id"] not in silent:
            osd["up"] = osd["in"] = True
    state["recovering"] = {"state": "active+recovery_wait+degraded", "count": state["num_pgs"] // 8}
    world.clock.after(state.get("recovery_seconds", RECOVERY), events.ceph_recovered)


@events.ceph_recovered.handler
def ceph_recovered(world: World) -> None:
    state = access.ceph(world.state)
    if state.get("needs_rebalance") and "norebalance" in state["flags"]:
        state["recovering"] = {"state": "active+remapped+backfill_wait", "count": state["needs_rebalance"]}
        world.clock.after(5, events.ceph_recovered)
        return
    state["recovering"] = None
