"""Changes that somebody else makes to the site while a run is under way, between two of its commands.

Each is made to the site as it is, and to its origin too: a change by others is theirs, and no run may take it back. The
fault `meanwhile NAME` makes one of them happen before a call; `taken_back` undoes it, if its doer would do so.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from osp_simulator.engine import events
from osp_simulator.engine.world import World
from osp_simulator.seed.site import identifier
from osp_simulator.state import Fault, Meanwhile, Parts, access
from osp_simulator.state.heat import Stack
from osp_simulator.state.nova import Server, Service
from osp_simulator.state.places import assign, words_of

# (site, node, only) to the name of what was changed, empty if there is nothing to change. A site is the world's
# state or its origin; the node is the one that the disturbed call names; if `only` is given, it is what is changed.
Doing = Callable[[Parts, str, str], str]
OWNER = "memory test, ask Sato"
NEW = "vm-meanwhile"


@dataclass(frozen=True)
class Change:
    """A change; `sentence` is for the report; `undo` is None if its doer would leave the site changed."""

    sentence: str
    do: Doing
    undo: Doing | None = None


def computes(site: Parts) -> list[Service]:
    rows = site["nova"]["overcloud"]["services"]
    return [one for one in rows if one["binary"] == "nova-compute"]


def compute_near(site: Parts, node: str) -> Service:
    """The compute that the call names, else the first one."""
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
    """Its tenant stops an instance; nova would refuse that during a migration."""
    host = compute_near(site, node)["host"]
    for one in site["nova"]["overcloud"]["servers"]:
        free = one["host"] == host and one["status"] == "ACTIVE" and one["task_state"] is None
        if one["name"] == only or (not only and free and one["kind"] == "normal"):
            one["status"], one["meanwhile"] = "SHUTOFF", one["status"]
            return one["name"]
    return ""


def instance_is_started(site: Parts, _: str, __: str) -> str:
    """Its tenant starts an instance, as the operator asked; if stuck instances stop the run, only this helps."""
    for one in site["nova"]["overcloud"]["servers"]:
        if "meanwhile" in one:
            one["status"] = one.pop("meanwhile")
            return one["name"]
    return ""


def compute_is_disabled(site: Parts, node: str, only: str) -> str:
    """Disables another compute than the one that the call names."""
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
    """Takes an OSD down on another node than the one that the call names."""
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
    """Takes Galera out of step on another controller than the one that the call names."""
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


def node_falls_silent(site: Parts, node: str, only: str) -> str:
    """The next ssh to the node that the call names gets no answer; those after it do.

    What is asked of ssh's own process (-O) reaches no node.
    """
    if only or not node:
        return ""
    names = "|".join(re.escape(name) for name in (node, site["hosts"][node]["address"]))
    faults_of(site).append(
        {"match": f"^ssh (?!(.* )?-O )(.* )?[^ @]+@({names})( |$)", "nth": 1, "do": "lost", "by": OWNER}
    )
    return node


def node_answers(site: Parts, _: str, __: str) -> str:
    found = faults_of(site)
    found[:] = [one for one in found if one.get("by") != OWNER]
    return "answers"


def faults_of(site: Parts) -> list[Fault]:
    """The faults that are set; an origin has none."""
    return site["faults"] if access.is_whole(site) else []


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
    "silent": Change("the node gives one ssh no answer", node_falls_silent, node_answers),
}


def node_of(world: World, line: str) -> str:
    """The first node in a command line, by its name or its address."""
    for name, host in world.state["hosts"].items():
        if name != "undercloud" and (name in line or host["address"] in line.replace("@", " ").split()):
            return name
    return ""


def happens(world: World, name: str, line: str) -> None:
    """Makes the change now, before the command; `state["meanwhile"]` records whether there was anything to change."""
    world.happen(events.meanwhile, change=name, node=node_of(world, line))


@events.meanwhile.handler
def meanwhile(world: World, change: str, node: str) -> None:
    did = CHANGES[change].do(world.state, node, "")
    if did and "initial_site" in world.state:
        # with the hosts as they are now, so that the same thing is changed
        CHANGES[change].do({**world.state["initial_site"], "hosts": world.state["hosts"]}, node, did)
    world.state["meanwhile"] = {"change": change, "node": node, "happened": bool(did), "at": world.clock.now()}


def set_by_others(world: World, path: str, value: Any) -> None:
    """Sets a place of the site as somebody else's change, which the safety rules expect to stay."""
    assign(world.state, path, value)
    origin = world.state.get("initial_site")
    if origin is not None and words_of(path)[0] in origin:
        # the origin does not have what was added to the site since its first run
        with suppress(KeyError, IndexError):
            assign(origin, path, copy.deepcopy(value))


@events.others_set.handler
def others_set(world: World, places: Mapping[str, Any]) -> None:
    for path, value in places.items():
        set_by_others(world, path, value)


def taken_back(world: World) -> Meanwhile | None:
    """Undoes the change if its doer would do so; returns what had happened, or None if it has not happened yet."""
    with world.lock:
        now = world.state.pop("meanwhile", None)
        if now is None or not now["happened"]:
            return now
        undo = CHANGES[now["change"]].undo
        if undo is not None:
            undo(world.state, now["node"], "")
            undo({**world.state["initial_site"], "hosts": world.state["hosts"]}, now["node"], "")
        world.changes.suspect()
        world.changes.changed()
        return now
