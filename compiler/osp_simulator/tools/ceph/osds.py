"""ceph osd set, unset, dump, stat and tree (Jewel 10.2)."""

# ruff: noqa: E501  a line that a tool prints stays one line here
from __future__ import annotations

from typing import Any

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.world import World
from osp_simulator.state.control_plane import Ceph, Osd
from osp_simulator.tools.ceph.format import emit
from osp_simulator.tools.ceph.state import FLAGS, flags_of, put_out

SETTABLE = FLAGS[:-1]  # the last one is set by an upgrade of Ceph itself


def osd_set(call: Call, _world: World, state: Ceph, words: list[str], _form: str) -> int:
    return _flag(call, state, words, True)


def osd_unset(call: Call, _world: World, state: Ceph, words: list[str], _form: str) -> int:
    return _flag(call, state, words, False)


def _flag(call: Call, state: Ceph, words: list[str], on: bool) -> int:
    verb = "set" if on else "unset"
    if len(words) != 1 or words[0] not in SETTABLE:
        choices = "|".join(SETTABLE)
        raise Refused(
            22,
            f"Invalid command:  {words[0] if words else ''} not in {choices}\nosd {verb} {choices} :  {verb} <key>\nError EINVAL: invalid command",
        )
    if on and words[0] not in state["flags"]:
        state["flags"].insert(0, words[0])
    if not on and words[0] in state["flags"]:
        state["flags"].remove(words[0])
    call.stderr.write(f"{verb} {words[0]}\n")
    return 0


def osd_dump(call: Call, _world: World, state: Ceph, _words: list[str], form: str) -> int:
    if form.startswith("json"):
        return emit(call, {
            "epoch": 120, "fsid": state["fsid"], "flags": ",".join(flags_of(state)),
            "osds": [{"osd": osd["id"], "uuid": "", "up": int(osd["up"]), "in": int(osd["in"]), "weight": float(osd["in"])} for osd in state["osds"]],
        }, form)  # fmt: skip
    call.stdout.write(
        f"epoch 120\nfsid {state['fsid']}\nflags {','.join(flags_of(state))}\nmax_osd {len(state['osds'])}\n"
    )
    for osd in state["osds"]:
        call.stdout.write(
            f"osd.{osd['id']} {'up' if osd['up'] else 'down':<4} {'in' if osd['in'] else 'out'}  weight {int(osd['in'])}\n"
        )
    return 0


def osd_out(call: Call, world: World, state: Ceph, words: list[str], _form: str) -> int:
    name = words[0].removeprefix("osd.") if words else ""
    found = next((osd for osd in state["osds"] if str(osd["id"]) == name), None)
    if found is None:
        raise Refused(22, f"osd id {name} does not exist")
    call.stderr.write(f"marked out osd.{name}. \n" if found["in"] else f"osd.{name} is already out. \n")
    put_out(world, found)
    return 0


def osd_df(call: Call, _world: World, state: Ceph, _words: list[str], form: str) -> int:
    """{OSD: its use}; one that is down or out is listed with only those placement groups that have no other copy."""
    size = state["total"] // max(len(state["osds"]), 1) >> 10
    holding = max(sum(osd["up"] and osd["in"] for osd in state["osds"]), 1)
    shared = state["num_pgs"] * 3 // holding
    rows = [_usage(osd, size, shared if osd["up"] and osd["in"] else osd.get("pgs", 0)) for osd in state["osds"]]
    if form.startswith("json"):
        return emit(
            call,
            {
                "nodes": rows,
                "stray": [],
                "summary": {"total_kb": size * holding, "total_kb_used": size * holding // 10},
            },
            form,
        )
    call.stdout.write("ID WEIGHT  REWEIGHT SIZE   USE   AVAIL %USE  VAR  PGS \n")
    for row in rows:
        call.stdout.write(
            f"{row['id']:>2} 1.00000  {row['reweight']:.5f} {row['kb'] >> 20:>5}G {row['kb_used'] >> 20:>4}G {row['kb_avail'] >> 20:>4}G {row['utilization']:5.2f} {row['var']:.2f} {row['pgs']:>3} \n"
        )
    return 0


def _leaf(osd: Osd, depth: int) -> dict[str, Any]:
    """What df and the tree say of an OSD alike."""
    return {
        "id": osd["id"],
        "name": f"osd.{osd['id']}",
        "type": "osd",
        "type_id": 0,
        "crush_weight": 1.0,
        "depth": depth,
    }


def _usage(osd: Osd, size: int, pgs: int) -> dict[str, Any]:
    """A tenth of its kilobytes is in use, and none of one that is out."""
    return {
        **_leaf(osd, depth=0),
        "reweight": float(osd["in"]),
        "kb": size if osd["in"] else 0,
        "kb_used": size // 10 if osd["in"] else 0,
        "kb_avail": size * 9 // 10 if osd["in"] else 0,
        "utilization": 10.0 * osd["in"],
        "var": 1.0 * osd["in"],
        "pgs": pgs,
    }


def osd_stat(call: Call, _world: World, state: Ceph, _words: list[str], form: str) -> int:
    osds = state["osds"]
    up, inside = sum(osd["up"] for osd in osds), sum(osd["in"] for osd in osds)
    if form.startswith("json"):
        return emit(
            call,
            {
                "epoch": 120,
                "num_osds": len(osds),
                "num_up_osds": up,
                "num_in_osds": inside,
                "full": False,
                "nearfull": False,
            },
            form,
        )
    call.stdout.write(
        f"     osdmap e120: {len(osds)} osds: {up} up, {inside} in\n            flags {','.join(flags_of(state))}\n"
    )
    return 0


def osd_tree(call: Call, _world: World, state: Ceph, _words: list[str], form: str) -> int:
    by_host: dict[str, list[Osd]] = {}
    for osd in state["osds"]:
        by_host.setdefault(osd["host"], []).append(osd)
    if form.startswith("json"):
        return emit(call, {"nodes": _tree_nodes(by_host), "stray": []}, form)
    call.stdout.write(
        "ID WEIGHT  TYPE NAME                        UP/DOWN REWEIGHT PRIMARY-AFFINITY \n-1 1.00000 root default\n"
    )
    for number, (host, osds) in enumerate(by_host.items()):
        call.stdout.write(f"-{number + 2} 1.00000     host {host}\n")
        for osd in osds:
            call.stdout.write(
                f"{osd['id']:>2} 1.00000         osd.{osd['id']:<25} {'up' if osd['up'] else 'down':>5}  {1.0 if osd['in'] else 0.0:.5f}          1.00000 \n"
            )
    return 0


def _tree_nodes(by_host: dict[str, list[Osd]]) -> list[dict[str, Any]]:
    """The root, then each host, followed by its OSDs."""
    hosts = [-2 - number for number in range(len(by_host))]
    nodes: list[dict[str, Any]] = [
        {"id": -1, "name": "default", "type": "root", "type_id": 10, "children": hosts},
    ]
    for number, (host, osds) in zip(hosts, by_host.items(), strict=True):
        ids = [osd["id"] for osd in osds]
        nodes.append({"id": number, "name": host, "type": "host", "type_id": 1, "children": ids})
        nodes += map(_tree_leaf, osds)
    return nodes


def _tree_leaf(osd: Osd) -> dict[str, Any]:
    return {
        **_leaf(osd, depth=2),
        "exists": 1,
        "status": "up" if osd["up"] else "down",
        "reweight": float(osd["in"]),
        "primary_affinity": 1.0,
    }
