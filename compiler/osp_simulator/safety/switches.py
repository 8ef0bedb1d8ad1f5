"""Rules: what this change switches is switched back, or reported if that is impossible; what others set stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from osp_simulator.engine.watching import rule
from osp_simulator.state import access

if TYPE_CHECKING:
    from osp_simulator.engine.run import Run
    from osp_simulator.engine.world import World
    from osp_simulator.state import Parts, State

CEPH_FLAGS = ("noout", "norebalance")
# The beginnings of lines in which a run reports what it leaves set.
ENDING = re.compile(r"^.*(?:remains in place until|STAYS? |this failed; do it by hand)", re.MULTILINE)


def disabled_services(site: Parts) -> dict[str, str | None]:
    """{host: reason} of nova-compute services that are disabled."""
    rows = site["nova"]["overcloud"]["services"]
    return {one["host"]: one["reason"] for one in rows if one["binary"] == "nova-compute" and not one["enabled"]}


def stopped_units(site: Parts, origin: Parts) -> list[str]:
    """Units of the undercloud that ran at first and do not run now, without those that had done their work."""
    units, first = site["hosts"]["undercloud"]["units"], origin["hosts"]["undercloud"]["units"]
    return [name for name, one in first.items() if one["sub"] == "running" and units[name]["active"] != "active"]


def left_set(site: Parts, origin: Parts, change: str) -> Iterator[tuple[str, str]]:
    """(what is set, the word by which a run must name it) for each switch that this change has left set."""
    yield from _left_in_ceph(site, origin, change)
    for host, reason in disabled_services(site).items():
        if host not in disabled_services(origin):
            yield f"nova-compute on {host}, disabled as {reason}", host.partition(".")[0]
    if site["hosts"]["undercloud"]["up"]:
        for unit in stopped_units(site, origin):
            yield f"{unit} on the undercloud, stopped", "service"
    cluster = site.get("pacemaker")
    for name in cluster["properties"] if cluster else ():
        if name.startswith("osp-runbook-"):
            yield f"the cluster property {name}", "stonith"


def fencing(site: Parts) -> str | None:
    cluster = site.get("pacemaker")
    return cluster["properties"].get("stonith-enabled") if cluster else None


def _left_in_ceph(site: Parts, origin: Parts, change: str) -> Iterator[tuple[str, str]]:
    ceph = site.get("ceph")
    if not ceph:
        return
    for flag in CEPH_FLAGS:
        if flag in ceph["flags"] and flag not in access.ceph(origin)["flags"]:
            yield f"the Ceph flag {flag}", flag
    for key in ceph["config_keys"]:
        if key.startswith(f"osp-runbook/{change}/"):
            yield f"the claim {key}", key.rpartition("/")[2]


@rule("left-behind", "run", "nothing we set is left set at a good end, and all of it is named at any other")
def switches_left_set(world: World, run: Run) -> Iterator[str]:
    """Switches that a run leaves set without saying so, or at a good end.

    2.06 keeps fencing off from its update to its last step; a run that stops in between may leave that claim, unless
    fencing itself differs from before.
    """
    change = world.state["site"]["change"]
    before = {what for what, _ in left_set(run.before, world.state["initial_site"], change)}
    for what, word in left_set(world.state, world.state["initial_site"], change):
        if word == "stonith" and run.status != 0 and fencing(world.state) == fencing(world.state["initial_site"]):
            continue
        if run.status == 0:
            yield f"{run.section} ended well and left {what}"
        elif run.ended_by_itself and word not in (run.output if what in before else _words_at_the_end(run.output)):
            yield f"{run.section} ended with {run.status}, left {what}, and did not say so"


def _words_at_the_end(output: str) -> str:
    """The end of the output, where a run reports what it leaves set; earlier lines name each switch as it is set."""
    found = ENDING.search(output)
    return output[found.start() :] if found else ""


@rule("noout-kept-or-released", "run", "a run that stops keeps noout while an OSD is down, and else releases it")
def noout_kept_or_released(world: World, run: Run) -> Iterator[str]:
    """A run that waits for its operator (exit 4) leaves its bracket open; one that cannot release it says how."""
    ceph = world.state.get("ceph")
    if ceph is None or not run.ended_by_itself or run.status in (0, 2, 4, 5):
        return
    if "noout" in access.ceph(world.state["initial_site"])["flags"]:
        return  # set by others: it stays in any case
    is_set, was_set = "noout" in ceph["flags"], "noout" in access.ceph(run.before)["flags"]
    all_up = not access.missed_osds(ceph)
    if is_set and all_up and "ceph osd unset noout" not in run.output:
        yield f"{run.section} ended with {run.status} and kept noout, though every OSD is up"
    if was_set and not is_set and not all_up:
        yield f"{run.section} ended with {run.status} and released noout, though an OSD is down"


@rule("others-switches", "run", "what others had set stays as they set it")
def foreign_switches_changed(world: World, run: Run) -> Iterator[str]:
    origin = world.state["initial_site"]
    ceph = origin.get("ceph")
    if ceph:
        for flag in set(ceph["flags"]) - set(access.ceph(world.state)["flags"]):
            yield f"{run.section} took away the Ceph flag {flag} that others had set"
    now = disabled_services(world.state)
    for host, reason in disabled_services(origin).items():
        if now.get(host, "(enabled)") != reason:
            yield f"{run.section} changed nova-compute on {host}, which others had disabled as {reason}"
    for name, value in _properties_changed(world.state, origin):
        yield f"{run.section} changed the cluster property {name} from {value}"


def _properties_changed(state: State, origin: Parts) -> Iterator[tuple[str, str]]:
    """(name, value at first) of the cluster properties that differ now, without those that this change may switch."""
    cluster, first = state.get("pacemaker"), origin.get("pacemaker")
    if not cluster or not first:
        return
    ours = ("osp-runbook-", "stonith-enabled") if state["site"].get("fencing") else ("osp-runbook-",)
    for name, value in first["properties"].items():
        if not name.startswith(ours) and cluster["properties"].get(name) != value:
            yield name, value
