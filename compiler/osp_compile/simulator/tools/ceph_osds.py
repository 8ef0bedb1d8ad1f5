"""ceph osd set, unset, dump, stat and tree (Jewel 10.2)."""

# ruff: noqa: E501  what a tool prints stands in one line here as it does there
# ruff: noqa: ARG001  handlers of one kind share a signature

from __future__ import annotations

from typing import Any

from osp_compile.simulator.call import Call, Refused
from osp_compile.simulator.world import World

from .ceph_format import emit
from .ceph_state import FLAGS, flags_of

SETTABLE = FLAGS[:-1]  # the last one is set by an upgrade of Ceph itself


def osd_set(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
    return _flag(call, state, words, True)


def osd_unset(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
    return _flag(call, state, words, False)


def _flag(call: Call, state: dict[str, Any], words: list[str], on: bool) -> int:
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


def osd_dump(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
    if form.startswith("json"):
        return emit(call, {
            "epoch": 120, "fsid": state["fsid"], "flags": ",".join(flags_of(state)),
            "osds": [{"osd": osd["id"], "uuid": "", "up": int(osd["up"]), "in": int(osd["in"]), "weight": 1.0} for osd in state["osds"]],
        }, form)  # fmt: skip
    call.stdout.write(
        f"epoch 120\nfsid {state['fsid']}\nflags {','.join(flags_of(state))}\nmax_osd {len(state['osds'])}\n"
    )
    for osd in state["osds"]:
        call.stdout.write(
            f"osd.{osd['id']} {'up' if osd['up'] else 'down':<4} {'in' if osd['in'] else 'out'}  weight 1\n"
        )
    return 0


def osd_stat(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
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


def osd_tree(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
    by_host: dict[str, list[dict[str, Any]]] = {}
    for osd in state["osds"]:
        by_host.setdefault(osd["host"], []).append(osd)
    if form.startswith("json"):
        nodes: list[dict[str, Any]] = [
            {
                "id": -1,
                "name": "default",
                "type": "root",
                "type_id": 10,
                "children": [-2 - n for n in range(len(by_host))],
            }
        ]
        for number, (host, osds) in enumerate(by_host.items()):
            nodes.append(
                {"id": -2 - number, "name": host, "type": "host", "type_id": 1, "children": [osd["id"] for osd in osds]}
            )
            nodes += [
                {
                    "id": osd["id"],
                    "name": f"osd.{osd['id']}",
                    "type": "osd",
                    "type_id": 0,
                    "exists": 1,
                    "status": "up" if osd["up"] else "down",
                    "reweight": float(osd["in"]),
                }
                for osd in osds
            ]
        return emit(call, {"nodes": nodes, "stray": []}, form)
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
