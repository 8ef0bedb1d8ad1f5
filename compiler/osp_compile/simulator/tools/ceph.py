"""Ceph Jewel 10.2: flags, OSDs, placement groups, quorum, config-key."""

# ruff: noqa: E501  what a tool prints stands in one line here as it does there
# ruff: noqa: ARG001  handlers of one kind share a signature

from __future__ import annotations

import json
from typing import Any

from osp_compile.simulator.call import Call, Refused
from osp_compile.simulator.registry import event, tool
from osp_compile.simulator.world import World

from . import power  # noqa: F401  a host is down or up before what runs on it follows

FLAGS = (
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
)
OSD_START, RECOVERY = 15, 90  # seconds from a boot to its OSDs up, from there to clean placement groups


@tool("ceph")
def ceph(call: Call, world: World) -> int:
    state = world.state["ceph"]
    entry = world.state["hosts"][call.host]
    if state is None or not {"ceph_mon", "ceph_osd", "controller"} & set(entry["capabilities"]):
        raise Refused(127, "bash: ceph: command not found")
    if call.user != "root":
        raise Refused(1, "2018-11-22 22:00:00.000000 7f0000000000 -1 auth: unable to find a keyring on /etc/ceph/ceph.client.admin.keyring: (13) Permission denied\n"
                         "Error connecting to cluster: PermissionDeniedError")  # fmt: skip
    form, words = _format(call)
    if not quorum(world):
        world.advance(float(_option(call, "--connect-timeout") or 300))
        raise Refused(1, "Error connecting to cluster: TimedOut")
    world.advance(1)
    for prefix, handler in COMMANDS.items():
        if tuple(words[: len(prefix)]) == prefix:
            return int(handler(call, world, state, words[len(prefix) :], form) or 0)
    raise Refused(
        22, "no valid command found; 10 closest matches:\nosd stat\nosd tree\nosd dump\nError EINVAL: invalid command"
    )


def _option(call: Call, name: str) -> str:
    for index, word in enumerate(call.argv):
        if word == name and index + 1 < len(call.argv):
            return call.argv[index + 1]
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return ""


def _format(call: Call) -> tuple[str, list[str]]:
    form, rest, words = "plain", [], list(call.argv)
    while words:
        word = words.pop(0)
        if word in ("-f", "--format"):
            form = words.pop(0) if words else "plain"
        elif word.startswith("--format="):
            form = word.partition("=")[2]
        elif word in ("--connect-timeout", "--cluster", "-c", "--id", "-n", "--name", "-k"):
            words = words[1:]
        elif word.startswith(("--connect-timeout=", "--cluster=")):
            continue
        else:
            rest.append({"-s": "status", "--status": "status"}.get(word, word))
    if form not in ("plain", "json", "json-pretty", "xml", "xml-pretty"):
        raise Refused(22, f"ceph: error: argument -f/--format: invalid choice: '{form}'")
    return form, rest


def emit(call: Call, data: Any, form: str) -> int:
    call.stdout.write(
        "\n" + (json.dumps(data, indent=4) if form == "json-pretty" else json.dumps(data, separators=(",", ":"))) + "\n"
    )
    return 0


def mons(world: World) -> list[str]:
    return [name for name, mon in world.state["ceph"]["mons"].items() if mon["up"] and world.state["hosts"][name]["up"]]


def quorum(world: World) -> bool:
    return len(mons(world)) * 2 > len(world.state["ceph"]["mons"])


def placement(world: World) -> dict[str, int]:
    """{state: number} of all placement groups."""
    state = world.state["ceph"]
    down = sum(not osd["up"] for osd in state["osds"])
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
    state = world.state["ceph"]
    reasons = []
    pgs = placement(world)
    for name, count in pgs.items():
        if not name.startswith("active+clean"):
            reasons += [f"{count} pgs {part}" for part in name.split("+") if part not in ("active", "clean")]
    down = sum(not osd["up"] for osd in state["osds"])
    if down:
        reasons.append(f"{down}/{sum(osd['in'] for osd in state['osds'])} in osds are down")
    set_flags = [flag for flag in state["flags"] if flag not in ("sortbitwise", "require_jewel_osds")]
    if set_flags:
        reasons.append(f"{','.join(set_flags)} flag(s) set")
    missing = [name for name in state["mons"] if name not in mons(world)]
    if missing:
        reasons.append(
            f"{len(missing)} mons down, quorum {','.join(str(list(state['mons']).index(name)) for name in mons(world))} {','.join(mons(world))}"
        )
    reasons += state.get("warnings", [])
    if state.get("error"):
        return "HEALTH_ERR", [*reasons, state["error"]]
    return ("HEALTH_WARN", reasons) if reasons else ("HEALTH_OK", [])


def status(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
    overall, reasons = health(world)
    pgs, osds = placement(world), state["osds"]
    up, inside = sum(osd["up"] for osd in osds), sum(osd["in"] for osd in osds)
    members = mons(world)
    ranks = [list(state["mons"]).index(name) for name in members]
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
    lines.append(f"            flags {','.join(state['flags'])}")
    lines.append(
        f"      pgmap v4321: {state['num_pgs']} pgs, {len(state['pools'])} pools, {sum(state['pools'].values()) >> 20} MB data, 26 kobjects"
    )
    lines.append(
        f"            {state['used'] >> 20} MB used, {(state['total'] - state['used']) >> 30} GB / {state['total'] >> 30} GB avail"
    )
    lines += [f"            {count:>8} {name}" for name, count in pgs.items()]
    call.stdout.write("\n".join(lines) + "\n")
    return 0


def health_command(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
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


def osd_set(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
    return _flag(call, state, words, True)


def osd_unset(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
    return _flag(call, state, words, False)


def _flag(call: Call, state: dict[str, Any], words: list[str], on: bool) -> int:
    verb = "set" if on else "unset"
    if len(words) != 1 or words[0] not in FLAGS:
        choices = "|".join(FLAGS)
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
            "epoch": 120, "fsid": state["fsid"], "flags": ",".join(state["flags"]),
            "osds": [{"osd": osd["id"], "uuid": "", "up": int(osd["up"]), "in": int(osd["in"]), "weight": 1.0} for osd in state["osds"]],
        }, form)  # fmt: skip
    call.stdout.write(
        f"epoch 120\nfsid {state['fsid']}\nflags {','.join(state['flags'])}\nmax_osd {len(state['osds'])}\n"
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
        f"     osdmap e120: {len(osds)} osds: {up} up, {inside} in\n            flags {','.join(state['flags'])}\n"
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


def pg_stat(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
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


def mon_stat(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
    members = mons(world)
    call.stdout.write(
        f"e1: {len(state['mons'])} mons at {{}}, election epoch 12, quorum {','.join(str(list(state['mons']).index(n)) for n in members)} {','.join(members)}\n"
    )
    return 0


def quorum_status(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
    members = mons(world)
    ranks = [list(state["mons"]).index(name) for name in members]
    return emit(call, {"election_epoch": 12, "quorum": ranks, "quorum_names": members, "quorum_leader_name": members[0],
                       "monmap": {"epoch": 1, "fsid": state["fsid"], "mons": [{"rank": n, "name": name} for n, name in enumerate(state["mons"])]}}, form if form != "plain" else "json")  # fmt: skip


def df(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
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


def key_put(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
    if not words:
        raise Refused(22, "Invalid command:  missing required parameter key(<string>)\nError EINVAL: invalid command")
    value = words[1] if len(words) > 1 else call.stdin.read().decode() if "-i" in call.argv else ""
    state["config_keys"][words[0]] = value
    call.stderr.write("value stored\n")
    return 0


def key_get(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
    if words[0] not in state["config_keys"]:
        raise Refused(2, f"Error ENOENT: error obtaining '{words[0]}': (2) No such file or directory")
    call.stdout.write(state["config_keys"][words[0]])
    call.stderr.write(f"obtained '{words[0]}'\n")
    return 0


def key_delete(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
    state["config_keys"].pop(words[0], None)
    call.stderr.write("key deleted\n")
    return 0


def key_exists(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
    if words[0] not in state["config_keys"]:
        raise Refused(2, f"Error ENOENT: key '{words[0]}' doesn't exist")
    call.stderr.write(f"key '{words[0]}' exists\n")
    return 0


def key_list(call: Call, world: World, state: dict[str, Any], words: list[str], form: str) -> int:
    call.stdout.write(json.dumps(sorted(state["config_keys"]), indent=4) + "\n")
    return 0


COMMANDS: dict[tuple[str, ...], Any] = {
    ("status",): status, ("health",): health_command, ("osd", "set"): osd_set, ("osd", "unset"): osd_unset, ("osd", "dump"): osd_dump,
    ("osd", "stat"): osd_stat, ("osd", "tree"): osd_tree, ("pg", "stat"): pg_stat, ("mon", "stat"): mon_stat, ("quorum_status",): quorum_status,
    ("df",): df, ("config-key", "put"): key_put, ("config-key", "get"): key_get, ("config-key", "del"): key_delete,
    ("config-key", "exists"): key_exists, ("config-key", "list"): key_list,
}  # fmt: skip


@event("host_down")
def osds_down(world: World, host: str, off: bool = False) -> None:
    state = world.state["ceph"]
    for osd in state["osds"] if state else []:
        if osd["host"] == host:
            osd["up"] = False
            if "noout" not in state["flags"]:
                world.after(600, "osd_out", osd=osd["id"])
    if state and host in state["mons"]:
        state["mons"][host]["up"] = False


@event("osd_out")
def osd_out(world: World, osd: int) -> None:
    """Ten minutes down without noout: the cluster gives the OSD up and starts to rebuild."""
    state = world.state["ceph"]
    for one in state["osds"]:
        if one["id"] == osd and not one["up"] and "noout" not in state["flags"]:
            one["in"] = False


@event("host_up")
def osds_start(world: World, host: str) -> None:
    state = world.state["ceph"]
    if state and any(osd["host"] == host for osd in state["osds"]):
        world.after(OSD_START, "osds_up", host=host)
    if state and host in state["mons"]:
        world.after(5, "mon_up", host=host)


@event("mon_up")
def mon_up(world: World, host: str) -> None:
    world.state["ceph"]["mons"][host]["up"] = world.state["hosts"][host]["up"]


@event("osds_up")
def osds_up(world: World, host: str) -> None:
    """They are back and recover what was written meanwhile; norebalance can keep some of it from moving."""
    state = world.state["ceph"]
    if not world.state["hosts"][host]["up"]:
        return
    for osd in state["osds"]:
        if osd["host"] == host and osd["id"] not in state.get("broken_osds", []):
            osd["up"] = osd["in"] = True
    state["recovering"] = {"state": "active+recovery_wait+degraded", "count": state["num_pgs"] // 8}
    world.after(state.get("recovery_seconds", RECOVERY), "ceph_recovered")


@event("ceph_recovered")
def ceph_recovered(world: World) -> None:
    state = world.state["ceph"]
    if state.get("needs_rebalance") and "norebalance" in state["flags"]:
        state["recovering"] = {"state": "active+remapped+backfill_wait", "count": state["needs_rebalance"]}
        world.after(5, "ceph_recovered")
        return
    state["recovering"] = None
