"""What somebody else does to the site while a run is under way: the list of what can change between two commands.

Each is done to the site as it is, and to its origin too: what others have changed is theirs, and no run may change it
back. The fault `meanwhile NAME` has one of them happen before a call; `taken_back` undoes it, where its doer would.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from osp_simulator.engine.events import event
from osp_simulator.engine.world import World
from osp_simulator.seed.site import identifier
from osp_simulator.state import Meanwhile, Parts, access
from osp_simulator.state.clouds import Server, Service, Stack
from osp_simulator.state.places import assign, words_of

# (site, node, only) to the name of what was changed, empty where there is nothing to change. A site is the world's
# state or its origin; the node is the one that the disturbed call speaks of; where `only` is not empty, it is changed.
Doing = Callable[[Parts, str, str], str]
OWNER = "memory test, ask Sato"
NEW = "vm-meanwhile"


@dataclass(frozen=True)
class Change:
    """`sentence` is for the report; `undo` is missing where its doer would leave it so, and the site go on with it."""

    sentence: str
    do: Doing
    undo: Doing | None = None


def computes(site: Parts) -> list[Service]:
    rows = site["nova"]["overcloud"]["services"]
    return [one for one in rows if one["binary"] == "nova-compute"]


def compute_near(site: Parts, node: str) -> Service:
    """The compute that the call speaks of, else the first one."""
    return next((one for one in computes(site) if one["node"] == node), computes(site)[0])


def instance_arrives(site: Parts, node: str, _: str) -> str:
    cloud, compute = site["nova"]["overcloud"], compute_near(site, node)
    host = compute["host"]
    like = next((one for one in cloud["servers"] if one["kind"] == "normal"), None)
    up = site["hosts"][compute["node"]]["up"]
    if like is None or not up or any(one["name"] == NEW for one in cloud["servers"]):
        return ""
    new: Server = {**copy.deepcopy(like), "name": NEW, "id": identifier("instance", NEW), "host": host}
    new |= {"status": "ACTIVE", "task_state": None, "instance_name": "instance-0000ffff", "networks": {}}
    cloud["servers"].append(new)
    return NEW


def instance_is_stopped(site: Parts, node: str, only: str) -> str:
    """By its tenant; on its way nova would refuse that."""
    host = compute_near(site, node)["host"]
    for one in site["nova"]["overcloud"]["servers"]:
        free = one["host"] == host and one["status"] == "ACTIVE" and one["task_state"] is None
        if one["name"] == only or (not only and free and one["kind"] == "normal"):
            one["status"], one["meanwhile"] = "SHUTOFF", one["status"]
            return one["name"]
    return ""


def instance_is_started(site: Parts, _: str, __: str) -> str:
    """By its tenant, whom the operator has asked: where what is stuck is to stop the run, it goes on no other way."""
    for one in site["nova"]["overcloud"]["servers"]:
        if "meanwhile" in one:
            one["status"] = one.pop("meanwhile")
            return one["name"]
    return ""


def compute_is_disabled(site: Parts, node: str, only: str) -> str:
    """Another one than the call speaks of."""
    for one in computes(site):
        if one["name"] == only or (not only and one["node"] != node and one["enabled"]):
            one["enabled"], one["reason"] = False, OWNER
            return one["name"]
    return ""


def compute_is_enabled(site: Parts, _: str, __: str) -> str:
    for one in computes(site):
        if one["reason"] == OWNER:
            one["enabled"], one["reason"] = True, None
    return OWNER


def flag_is_set(site: Parts, _: str, __: str) -> str:
    ceph = site.get("ceph")
    if not ceph or "noout" in ceph["flags"]:
        return ""
    ceph["flags"].append("noout")
    return "noout"


def flag_is_cleared(site: Parts, _: str, __: str) -> str:
    ceph = site.get("ceph")
    if not ceph or "noout" not in ceph["flags"]:
        return ""
    ceph["flags"].remove("noout")
    return "noout"


def osd_goes_down(site: Parts, node: str, only: str) -> str:
    """On another node than the call speaks of."""
    ceph = site.get("ceph")
    for osd in reversed(ceph["osds"] if ceph else []):
        name, free = str(osd["id"]), osd["host"] != node and osd["up"] and site["hosts"][osd["host"]]["up"]
        if name == only or (not only and free):
            osd["up"], osd["meanwhile"] = False, True
            return name
    return ""


def osd_comes_up(site: Parts, _: str, __: str) -> str:
    for osd in access.ceph(site)["osds"]:
        if osd.pop("meanwhile", False):
            osd["up"] = True
    return "up"


def galera_leaves(site: Parts, node: str, only: str) -> str:
    """On another controller than the call speaks of."""
    galera = site.get("galera")
    nodes = galera["nodes"] if galera else {}
    for name, one in reversed(nodes.items()):
        if name == only or (not only and name != node and one["synced"] and site["hosts"][name]["up"]):
            one["synced"], one["meanwhile"] = False, True
            return name
    return ""


def galera_rejoins(site: Parts, _: str, __: str) -> str:
    for one in access.galera(site)["nodes"].values():
        if one.pop("meanwhile", False):
            one["synced"] = True
    return "synced"


def stack(site: Parts) -> Stack:
    return site["heat"]["undercloud"]["stacks"][0]


def deployment_begins(site: Parts, _: str, only: str) -> str:
    if not only and not stack(site)["status"].endswith("_COMPLETE"):
        return ""
    stack(site)["meanwhile"], stack(site)["status"] = stack(site)["status"], "UPDATE_IN_PROGRESS"
    return stack(site)["name"]


def deployment_ends(site: Parts, _: str, __: str) -> str:
    if "meanwhile" in stack(site):
        stack(site)["status"] = stack(site).pop("meanwhile")
    return "ended"


def disk_fills(site: Parts, _: str, __: str) -> str:
    disk = site["hosts"]["undercloud"]["disks"][0]
    if "meanwhile" in disk:
        return ""
    disk["meanwhile"], disk["used"] = disk["used"], disk["size"] - 1024 * 1024
    return disk["target"]


def disk_is_emptied(site: Parts, _: str, __: str) -> str:
    disk = site["hosts"]["undercloud"]["disks"][0]
    disk["used"] = disk.pop("meanwhile", disk["used"])
    return disk["target"]


CHANGES: Mapping[str, Change] = {
    "instance": Change("an instance arrives on the compute", instance_arrives),
    "stopped": Change("an instance is stopped by its tenant", instance_is_stopped, instance_is_started),
    "disabled": Change("somebody disables another compute", compute_is_disabled, compute_is_enabled),
    "noout": Change("somebody sets noout", flag_is_set, flag_is_cleared),
    "noout-gone": Change("somebody clears noout", flag_is_cleared),
    "osd": Change("an OSD of another node goes down", osd_goes_down, osd_comes_up),
    "galera": Change("Galera loses another controller", galera_leaves, galera_rejoins),
    "deployment": Change("somebody begins a deployment", deployment_begins, deployment_ends),
    "disk": Change("the undercloud's disk fills up", disk_fills, disk_is_emptied),
}


def node_of(world: World, line: str) -> str:
    """The first node that a command line names, by its name or its address."""
    for name, host in world.state["hosts"].items():
        if name != "undercloud" and (name in line or host["address"] in line.replace("@", " ").split()):
            return name
    return ""


def happens(world: World, name: str, line: str) -> None:
    """Have it happen now, before the command; `state["meanwhile"]` says whether there was anything to change."""
    world.happen("meanwhile", {"change": name, "node": node_of(world, line)})


@event("meanwhile")
def meanwhile(world: World, change: str, node: str) -> None:
    did = CHANGES[change].do(world.state, node, "")
    if did and "origin" in world.state:
        # hosts are as they are now, and the same thing is changed
        CHANGES[change].do({**world.state["origin"], "hosts": world.state["hosts"]}, node, did)
    world.state["meanwhile"] = {"change": change, "node": node, "happened": bool(did), "at": world.now()}


def set_by_others(world: World, path: str, value: Any) -> None:
    """Somebody else changes this place of the site; it is his, and so what the safety rules want left as it is."""
    assign(world.state, path, value)
    origin = world.state.get("origin")
    if origin is not None and words_of(path)[0] in origin:
        # what has come into the site since its first run is in no origin
        with suppress(KeyError, IndexError):
            assign(origin, path, copy.deepcopy(value))


@event("others_set")
def others_set(world: World, places: Mapping[str, Any]) -> None:
    for path, value in places.items():
        set_by_others(world, path, value)


def taken_back(world: World) -> Meanwhile | None:
    """Its doer takes it back, if that is one who would; what had happened, None where its moment has not come."""
    with world.lock:
        now = world.state.pop("meanwhile", None)
        if now is None or not now["happened"]:
            return now
        undo = CHANGES[now["change"]].undo
        if undo is not None:
            undo(world.state, now["node"], "")
            undo({**world.state["origin"], "hosts": world.state["hosts"]}, now["node"], "")
        world.suspect()
        world.changed()
        return now
