"""ceph status, health, pg stat, mon stat, quorum_status and df (Jewel 10.2)."""

# ruff: noqa: E501  a line that a tool prints stays one line here
from __future__ import annotations

from osp_simulator.engine.call import Call
from osp_simulator.engine.world import World
from osp_simulator.state.control_plane import Ceph
from osp_simulator.tools.ceph.format import emit
from osp_simulator.tools.ceph.state import flags_of, health, mons, placement, quorum_ranks


def status(call: Call, world: World, state: Ceph, _words: list[str], form: str) -> int:
    overall, reasons = health(world)
    pgs, osds = placement(world), state["osds"]
    up, inside = sum(osd["up"] for osd in osds), sum(osd["in"] for osd in osds)
    members, ranks = mons(world), quorum_ranks(world)
    if form.startswith("json"):
        return emit(call, {
            "health": {"health": {"health_services": [{"mons": []}]}, "timechecks": {"round_status": "finished"},
                       "summary": [{"severity": "HEALTH_WARN", "summary": one} for one in reasons], "overall_status": overall, "detail": []},
            "fsid": state["fsid"], "election_epoch": 12, "quorum": ranks, "quorum_names": members,
            "monmap": {"epoch": 1, "fsid": state["fsid"], "mons": [{"rank": n, "name": name, "addr": f"{world.state['hosts'][name]['address']}:6789/0"} for n, name in enumerate(state["mons"])]},
            "osdmap": {"osdmap": {"epoch": 120, "num_osds": len(osds), "num_up_osds": up, "num_in_osds": inside, "full": False, "nearfull": False, "num_remapped_pgs": 0}},
            "pgmap": {"pgs_by_state": [{"state_name": name, "count": count} for name, count in pgs.items()], "version": 4321, "num_pgs": state["num_pgs"],
                      "data_bytes": sum(state["pools"].values()), "bytes_used": state["used"], "bytes_avail": state["total"] - state["used"], "bytes_total": state["total"]},
            "fsmap": {"epoch": 1, "by_rank": []},
        }, form)  # fmt: skip
    lines = [f"    cluster {state['fsid']}", f"     health {overall}", *[f"            {one}" for one in reasons]]
    addresses = ",".join(f"{name}={world.state['hosts'][name]['address']}:6789/0" for name in state["mons"])
    lines += [
        f"     monmap e1: {len(state['mons'])} mons at {{{addresses}}}",
        f"            election epoch 12, quorum {','.join(map(str, ranks))} {','.join(members)}",
    ]
    lines.append(f"     osdmap e120: {len(osds)} osds: {up} up, {inside} in")
    lines.append(f"            flags {','.join(flags_of(state))}")
    lines.append(
        f"      pgmap v4321: {state['num_pgs']} pgs, {len(state['pools'])} pools, {sum(state['pools'].values()) >> 20} MB data, 26 kobjects"
    )
    lines.append(
        f"            {state['used'] >> 20} MB used, {(state['total'] - state['used']) >> 30} GB / {state['total'] >> 30} GB avail"
    )
    lines += [f"            {count:>8} {name}" for name, count in pgs.items()]
    call.stdout.write("\n".join(lines) + "\n")
    return 0


def health_command(call: Call, world: World, _state: Ceph, words: list[str], form: str) -> int:
    overall, reasons = health(world)
    if form.startswith("json"):
        return emit(
            call,
            {
                "health": {"health_services": []},
                "summary": [{"severity": "HEALTH_WARN", "summary": one} for one in reasons],
                "overall_status": overall,
                "detail": reasons if words else [],
            },
            form,
        )
    call.stdout.write(f"{overall} {'; '.join(reasons)}".rstrip() + "\n")
    return 0


def pg_stat(call: Call, world: World, state: Ceph, _words: list[str], form: str) -> int:
    pgs = placement(world)
    if form.startswith("json"):
        return emit(
            call,
            {
                "num_pg_by_state": [{"name": name, "num": count} for name, count in pgs.items()],
                "version": 4321,
                "num_pgs": state["num_pgs"],
                "num_bytes": 0,
            },
            form,
        )
    call.stdout.write(
        f"v4321: {state['num_pgs']} pgs: {', '.join(f'{count} {name}' for name, count in pgs.items())}; 0 data\n"
    )
    return 0


def mon_stat(call: Call, world: World, state: Ceph, _words: list[str], _form: str) -> int:
    members = mons(world)
    call.stdout.write(
        f"e1: {len(state['mons'])} mons at {{}}, election epoch 12, quorum {','.join(map(str, quorum_ranks(world)))} {','.join(members)}\n"
    )
    return 0


def quorum_status(call: Call, world: World, state: Ceph, _words: list[str], form: str) -> int:
    members = mons(world)
    return emit(call, {"election_epoch": 12, "quorum": quorum_ranks(world), "quorum_names": members, "quorum_leader_name": members[0],
                       "monmap": {"epoch": 1, "fsid": state["fsid"], "mons": [{"rank": n, "name": name} for n, name in enumerate(state["mons"])]}}, form if form != "plain" else "json")  # fmt: skip


def df(call: Call, _world: World, state: Ceph, _words: list[str], form: str) -> int:
    free = state["total"] - state["used"]
    if form.startswith("json"):
        return emit(call, {"stats": {"total_bytes": state["total"], "total_used_bytes": state["used"], "total_avail_bytes": free},
                           "pools": [{"name": name, "id": n, "stats": {"kb_used": used >> 10, "bytes_used": used, "max_avail": free // 3, "objects": used >> 22}} for n, (name, used) in enumerate(state["pools"].items())]}, form)  # fmt: skip
    call.stdout.write(
        f"GLOBAL:\n    SIZE       AVAIL      RAW USED     %RAW USED \n    {state['total'] >> 30}G     {free >> 30}G         {state['used'] >> 30}G         {state['used'] * 100 / state['total']:.2f} \n"
    )
    call.stdout.write("POOLS:\n    NAME        ID     USED       %USED     MAX AVAIL     OBJECTS \n")
    for number, (name, used) in enumerate(state["pools"].items()):
        call.stdout.write(
            f"    {name:<11} {number:<6} {used >> 20}M      {used * 100 / state['total']:.2f}        {free // 3 >> 30}G        {used >> 22} \n"
        )
    return 0
