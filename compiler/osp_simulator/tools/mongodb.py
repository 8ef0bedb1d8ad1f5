"""mongo and mongodump (2.6)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.options import parse
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.state import access

UNREACHABLE = {
    "mongo": "exception: connect failed",
    "mongodump": "Failed: error connecting to db server: no reachable servers",
}


def mongo_host(call: Call, world: World, where: str, ipv6: bool) -> str:
    """The mongo node at an address (or this one), if it answers."""
    mongo = world.state["mongo"]
    hosts = world.state["hosts"]
    if call.host == "undercloud":
        return _undercloud_mongo(world)
    if mongo is None:
        raise Refused(127, f"bash: {call.tool}: command not found")
    name = _name_in(where) or call.host
    if ":" in name and not ipv6:
        name = ""  # IPv6 is off unless it is asked for
    for node, what in mongo["nodes"].items():
        if name in _names_of(world, node, call.host) and what["up"] and hosts[node]["up"]:
            return node
    raise Refused(1, UNREACHABLE[call.tool])


def _undercloud_mongo(world: World) -> str:
    if not access.is_active(world.state["hosts"]["undercloud"], "mongod.service"):
        raise Refused(1, "exception: connect failed")
    return "undercloud"


def _name_in(where: str) -> str:
    """The first host of `SET/HOST:PORT,...`; the last part of an address without brackets is taken for its port."""
    given, colon, port = where.rsplit("/", 1)[-1].split(",")[0].rpartition(":")
    return (given if colon else port).strip("[]")


def _names_of(world: World, node: str, here: str) -> set[str]:
    """By what a member is reached from the node `here`."""
    names = {node, mongo_address(world, node), world.state["hosts"][node]["fqdn"]}
    return names | {"localhost", "127.0.0.1"} if node == here else names


def mongo_address(world: World, node: str) -> str:
    """Where a member listens: on another network than its host is known by, where the world says so."""
    return access.mongo(world.state)["nodes"][node].get("address") or world.state["hosts"][node]["address"]


def mongo_member(world: World, node: str) -> str:
    """A member as the replica set names it."""
    address = mongo_address(world, node)
    return f"[{address}]:27017" if ":" in address else f"{address}:27017"


@tool("mongo", facts=Facts(reaches="site", inline=False, waits=True))
def mongo(call: Call, world: World) -> int:
    values = {"--host": "host", "--eval": "eval"}
    asked = parse(
        call.argv,
        {"--quiet": "quiet", "--ipv6": "ipv6"},
        values,
        "Error parsing command line: unrecognised option '%s'",
        2,
    )
    where = asked.values.get("host", "")
    if asked.rest and "/" in asked.rest[0]:
        where = asked.rest[0].split("/")[0].rsplit(":", 1)[0]
    node = mongo_host(call, world, where, "ipv6" in asked.flags)
    if "quiet" not in asked.flags:
        call.stdout.write("MongoDB shell version: 2.6.11\nconnecting to: test\n")
    script = re.sub(r"\s+", "", asked.values.get("eval") or call.stdin.read().decode())
    if node == "undercloud":
        call.stdout.write("true\n" if "ismaster" in script else "1\n")
        return 0
    call.stdout.write(mongo_answer(world, node, script) + "\n")
    return 0


def mongo_answer(world: World, node: str, script: str) -> str:
    """What the member on this node prints for a script without its blanks."""
    if "isMaster()" in script:
        answer = is_master(world, node)
        if ".primary" in script:
            return str(answer["primary"] or "undefined")
        return json.dumps(answer["ismaster"] if ".ismaster" in script else answer)
    if "rs.status()" in script:
        named = bool(access.mongo(world.state)["replica_set"])
        return str(int(named)) if ".ok" in script else json.dumps(replica_set_status(world))
    raise Refused(1, "SyntaxError: Unexpected token")


def is_master(world: World, node: str) -> dict[str, Any]:
    state = access.mongo(world.state)
    return {
        "setName": state["replica_set"],
        "ismaster": node == state["primary"],
        "secondary": node != state["primary"],
        "hosts": [mongo_member(world, one) for one in state["nodes"]],
        "primary": mongo_member(world, state["primary"]) if state["primary"] else "",
        "me": mongo_member(world, node),
        "ok": 1,
    }


def replica_set_status(world: World) -> dict[str, Any]:
    state = access.mongo(world.state)
    members = [
        {
            "name": mongo_member(world, one),
            "health": int(what["up"]),
            "stateStr": "PRIMARY" if one == state["primary"] else "SECONDARY",
        }
        for one, what in state["nodes"].items()
    ]
    return {"set": state["replica_set"], "members": members, "ok": 1}


@tool("mongodump", facts=Facts(reaches="site", inline=False, waits=True, shows=("cut", "disk-full")))
def mongodump(call: Call, world: World) -> int:
    values = {"--host": "host", "-h": "host", "--out": "out", "-o": "out", "--db": "db", "-d": "db"}
    asked = parse(
        call.argv,
        {"--oplog": "oplog", "--quiet": "quiet", "--ipv6": "ipv6"},
        values,
        "error parsing command line options: unknown option %s",
        1,
    )
    node = mongo_host(call, world, asked.values.get("host", ""), "ipv6" in asked.flags)
    replica = node != "undercloud" and access.mongo(world.state)["replica_set"]
    if "oplog" in asked.flags and ("db" in asked.values or not replica):
        raise Refused(1, "Failed: oplog mode is only supported on full dumps of a replica set member")
    out = asked.values.get("out", "dump")
    folder = _dump_folder(call, world, out)
    world.clock.advance(30)
    for index, name in enumerate(_dumped(world, node, asked.values.get("db"))):
        kept = world.files.settled(call.host, folder / name)
        kept.mkdir(parents=True, exist_ok=True)
        call.stderr.write(f"writing {name}.meter to {out.rstrip('/')}/{name}/meter.bson\n")
        world.files.settled(call.host, kept / "meter.bson").write_bytes(
            b"\x16\x00\x00\x00\x07_id\x00" + bytes(12) + b"\x00"
        )
        world.files.settled(call.host, kept / "meter.metadata.json").write_text("{}")
        world.changes.touch()
        if call.fault in ("cut", "disk-full") and index == 0:
            raise Refused(
                1, f"Failed: error writing data for collection `{name}.meter` to disk: no space left on device"
            )
    if "oplog" in asked.flags:
        call.stderr.write(f"writing captured oplog to {out.rstrip('/')}/oplog.bson\n")
        world.files.settled(call.host, folder / "oplog.bson").write_bytes(b"")
    return 0


def _dumped(world: World, node: str, wanted: str | None) -> list[str]:
    """The databases that a dump has: all but the member's own, or the one that is wanted."""
    names = access.mongo(world.state)["databases"] if node != "undercloud" else ["zaqar"]
    return [name for name in names if name != "local" and wanted in (None, name)]


def _dump_folder(call: Call, world: World, out: str) -> Path:
    """Where a dump goes, if the caller may write there."""
    target = out if out.startswith("/") else f"{call.cwd}/{out}"
    folder = world.files.path(call.host, target)
    if call.user != "root" and not target.startswith(
        (f"{world.files.home_of(call.host, call.user)}/", "/tmp/", "/var/tmp/")
    ):
        reason = f"mkdir {target}: permission denied"
        raise Refused(1, f"Failed: error creating directory for metadata file {target}/ceilometer: {reason}")
    return folder
