"""Each safety rule names what breaks it, and lets pass what does not."""

from __future__ import annotations

import copy
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from osp_simulator.engine import watching
from osp_simulator.engine.call import Call
from osp_simulator.engine.run import KILLED, Run
from osp_simulator.engine.served import Served
from osp_simulator.engine.world import World
from osp_simulator.safety import goals
from osp_simulator.safety.runs import Runs, site_of
from osp_simulator.seed.site import seed
from unit.simulator.worlds import SITE

watching.load_rules()
CHANGE = "CHG0042137"
C0, C1 = "overcloud-controller-0", "overcloud-controller-1"
COMPUTE, CEPH = "overcloud-compute-0", "overcloud-cephstorage-0"
MANIFEST = {
    "sections": [
        {"id": "2.08", "steps": [{"shape": "change", "changes": [{"kind": "ceph-flag", "name": "noout"}]}]},
        {"id": "2.12", "steps": [{"shape": "check", "changes": []}]},
        {"id": "2.03", "steps": [{"shape": "change", "changes": [{"kind": "file", "name": "templates/ours.yaml"}]}]},
    ]
}


@dataclass
class Watched:
    """A world in which a run is under way; `breaks` asks one rule."""

    world: World
    run: Run

    @property
    def state(self) -> dict[str, Any]:
        return self.world.state

    def breaks(self, name: str, subject: Any = None) -> list[str]:
        rule = watching.RULES[name]
        return list(rule.watch(self.world, self.run if rule.moment == "run" else subject))

    def ends(self, section: str, status: int, output: str = "") -> None:
        self.run.section, self.run.status, self.run.output = section, status, output


def serve(world: World) -> Served:
    """A world that is watched, and in which no process runs."""
    nothing: Any = None
    return Served(runner=nothing, runs=Runs(world, MANIFEST), perform=nothing, time_file=os.open(os.devnull, os.O_RDWR))


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    state = seed(SITE)
    world = World(tmp_path, state, serve)
    state["initial_site"] = site_of(state)
    run = Run("2.08", copy.deepcopy(site_of(state)), {}, MANIFEST)
    world.served.runs.current = run
    return Watched(world, run)


def call(tool: str, *argv: str) -> Call:
    nothing: Any = None
    return Call(tool, argv, "undercloud", "stack", "/", {}, nothing, nothing, nothing, (0, 1, 2))


def test_a_breach_is_kept_with_the_run_once(watched: Watched) -> None:
    watched.state["hosts"][C1]["up"] = False
    for _ in range(2):
        watching.watch(watched.world, "reboot", C0)
    names = [breach["rule"] for breach in watched.run.breaches]
    assert names.count("two-controllers-down") == 1


def test_nobody_watches_outside_a_run(watched: Watched) -> None:
    watched.world.served.runs.current = None
    watched.state["hosts"][C1]["up"] = False
    watching.watch(watched.world, "reboot", C0)
    assert watched.run.breaches == []


def test_two_controllers_down(watched: Watched) -> None:
    assert watched.breaks("two-controllers-down", C0) == []
    watched.state["hosts"][C1]["going_down"] = True
    assert watched.breaks("two-controllers-down", C0) == [f"{C0} was taken down while {C1} was down"]
    assert watched.breaks("two-controllers-down", COMPUTE) == []


def test_quorum_lost(watched: Watched) -> None:
    watched.state["pacemaker"]["nodes"][C0]["online"] = False
    assert watched.breaks("quorum-lost") == []
    watched.state["hosts"][C1]["up"] = False
    assert watched.breaks("quorum-lost") == ["only overcloud-controller-2 of 3 were online"]


@pytest.mark.parametrize(
    ("part", "path", "words"),
    [
        ("pacemaker", ("nodes", C1, "online"), "not online"),
        ("galera", ("nodes", C1, "synced"), "galera"),
        ("rabbit", ("nodes", C1, "healthy"), "rabbitmq"),
        ("ceph", ("mons", C1, "up"), "monitor"),
    ],
)
def test_unhealthy_cluster(watched: Watched, part: str, path: tuple[str, ...], words: str) -> None:
    assert watched.breaks("unhealthy-cluster", C0) == []
    holder = watched.state[part]
    for word in path[:-1]:
        holder = holder[word]
    holder[path[-1]] = False
    assert words in watched.breaks("unhealthy-cluster", C0)[0]
    assert watched.breaks("unhealthy-cluster", COMPUTE) == []


@pytest.mark.parametrize(("part", "word"), [("galera", "synced"), ("rabbit", "healthy"), ("pacemaker", "online")])
def test_left_while_unwell(watched: Watched, part: str, word: str) -> None:
    assert watched.breaks("left-while-unwell", C0) == []
    watched.state[part]["nodes"][C1][word] = False
    assert watched.breaks("left-while-unwell", C0)[0].startswith(f"{C0} was taken out of its cluster while ")


def test_a_node_that_has_left_in_order_is_no_trouble_of_its_own(watched: Watched) -> None:
    for part, word in (("pacemaker", "online"), ("galera", "synced"), ("rabbit", "healthy")):
        watched.state[part]["nodes"][C0][word] = False
    assert len(watched.breaks("unhealthy-cluster", C0)) == 3
    watched.state["pacemaker"]["nodes"][C0]["left"] = True
    assert watched.breaks("unhealthy-cluster", C0) == []


def test_cluster_not_left(watched: Watched) -> None:
    assert watched.breaks("cluster-not-left", C0) == [f"{C0} was taken down with its cluster running"]
    assert watched.breaks("cluster-not-left", COMPUTE) == []
    watched.state["pacemaker"]["nodes"][C0]["online"] = False
    assert watched.breaks("cluster-not-left", C0) == []


def test_ceph_unprepared(watched: Watched) -> None:
    ceph = watched.state["ceph"]
    assert watched.breaks("ceph-unprepared", CEPH) == [f"{CEPH} was taken down without noout"]
    ceph["flags"].append("noout")
    assert watched.breaks("ceph-unprepared", CEPH) == []
    ceph["osds"][0] |= {"up": False, "in": False}
    assert watched.breaks("ceph-unprepared", CEPH) == []
    ceph["recovering"] = {"state": "active+recovery_wait+degraded", "count": 128}
    assert watched.breaks("ceph-unprepared", CEPH) == [f"{CEPH} was taken down before every placement group was clean"]
    ceph |= {"recovering": None, "stuck": {"peering": 2}}
    ceph["osds"][0] |= {"up": False, "in": True}
    assert len(watched.breaks("ceph-unprepared", CEPH)) == 2


@pytest.mark.parametrize(
    ("stuck", "status", "kind", "broken"),
    [
        ("fail", "ACTIVE", "normal", True),
        ("cold", "SHUTOFF", "normal", True),
        ("stop", "SHUTOFF", "normal", False),
        ("stop", "ACTIVE", "pinned", True),
        ("leave", "ACTIVE", "pinned", False),
        ("leave", "ACTIVE", "normal", True),
    ],
)
def test_instances_on_board(watched: Watched, stuck: str, status: str, kind: str, broken: bool) -> None:
    watched.state["site"]["compute_reboot"] = {"stuck": stuck}
    servers = watched.state["nova"]["overcloud"]["servers"]
    for one in servers:
        one["host"] = None
    servers[0].update(host=watched.state["hosts"][COMPUTE]["fqdn"], status=status, kind=kind)
    assert bool(watched.breaks("instances-on-board", COMPUTE)) is broken


def test_instances_lost_or_left_otherwise(watched: Watched) -> None:
    servers = watched.state["nova"]["overcloud"]["servers"]
    assert watched.breaks("instance-lost") == watched.breaks("instance-left-otherwise") == []
    servers[0]["status"] = "SHUTOFF"
    assert watched.breaks("instance-left-otherwise") != []
    watched.ends("2.09", 1)
    assert watched.breaks("instance-left-otherwise") == []
    gone = servers.pop(0)
    assert watched.breaks("instance-lost") == [f"instance {gone['name']} is gone"]


def test_switches_left_set(watched: Watched) -> None:
    assert watched.breaks("left-behind") == []
    watched.state["ceph"]["flags"].append("noout")
    watched.state["ceph"]["config_keys"][f"osp-runbook/{CHANGE}/noout"] = "now"
    assert len(watched.breaks("left-behind")) == 2
    watched.ends("2.08", 1, "noout STAYS SET: ceph osd unset noout")
    assert watched.breaks("left-behind") == []
    watched.ends("2.08", 1, "ceph osd set noout: this is where it was turned")
    assert len(watched.breaks("left-behind")) == 2
    watched.ends("2.08", 1, "failed")
    assert len(watched.breaks("left-behind")) == 2
    watched.ends("2.08", KILLED)
    assert watched.breaks("left-behind") == []


def test_switches_left_set_on_computes_and_the_undercloud(watched: Watched) -> None:
    service = next(one for one in watched.state["nova"]["overcloud"]["services"] if one["binary"] == "nova-compute")
    service.update(enabled=False, reason=f"{CHANGE}: rebooted")
    watched.state["hosts"]["undercloud"]["units"]["httpd.service"]["active"] = "inactive"
    watched.state["pacemaker"]["properties"]["osp-runbook-x-stonith-enabled"] = "true"
    assert len(watched.breaks("left-behind")) == 3


def test_noout_kept_or_released(watched: Watched) -> None:
    ceph = watched.state["ceph"]
    watched.ends("2.08", 1, "")
    ceph["flags"] = ["noout"]
    assert "kept noout" in watched.breaks("noout-kept-or-released")[0]
    ceph["osds"][0]["up"] = False
    assert watched.breaks("noout-kept-or-released") == []
    watched.run.before["ceph"]["flags"] = ["noout"]
    ceph["flags"] = []
    assert "released noout" in watched.breaks("noout-kept-or-released")[0]


def test_foreign_switches_changed(watched: Watched) -> None:
    origin = watched.state["initial_site"]
    assert watched.breaks("others-switches") == []
    origin["ceph"]["flags"] = ["nodeep-scrub"]
    service = next(one for one in origin["nova"]["overcloud"]["services"] if one["binary"] == "nova-compute")
    service.update(enabled=False, reason="ticket 99")
    origin["pacemaker"]["properties"]["maintenance-mode"] = "true"
    assert len(watched.breaks("others-switches")) == 3


@pytest.mark.parametrize(
    ("argv", "broken"),
    [
        (("overcloud", "update", "stack", "-i", "overcloud"), False),
        (("overcloud", "update", "stack", "overcloud"), True),
        (("overcloud", "update", "stack", "--abort", "overcloud"), True),
        (("stack", "list"), False),
    ],
)
def test_update_misused(watched: Watched, argv: tuple[str, ...], broken: bool) -> None:
    assert bool(watched.breaks("update-misused", call("openstack", *argv))) is broken


def test_update_started_again(watched: Watched) -> None:
    stack = watched.state["heat"]["undercloud"]["stacks"][0]
    stack.update(status="UPDATE_COMPLETE", update={"ours": True, "nodes": {C0: {"state": "completed"}}})
    again = call("openstack", "overcloud", "update", "stack", "-i", "overcloud")
    assert "again" in watched.breaks("update-misused", again)[0]


@pytest.mark.parametrize(("typed", "broken"), [("no", True), ("", True), ("overcloud-.*", True), (C0, False)])
def test_breakpoint_answer(watched: Watched, typed: str, broken: bool) -> None:
    assert bool(watched.breaks("breakpoint-answer", watching.Answered(typed, [C0, C1]))) is broken


def test_plan_misused(watched: Watched, tmp_path: Path) -> None:
    deploy = ("overcloud", "deploy", "--update-plan-only", "--templates", "-e")
    good = SITE["env_files"][0]
    assert watched.breaks("plan-misused", call("openstack", *deploy, good)) == []
    assert len(watched.breaks("plan-misused", call("openstack", *deploy, "/nowhere.yaml"))) == 2
    assert len(watched.breaks("plan-misused", call("openstack", "overcloud", "deploy", "-e", good))) == 1
    assert len(watched.breaks("plan-misused", call("openstack", *deploy, good, "--stack", "other"))) == 1


def test_secrets(watched: Watched) -> None:
    secret = watched.state["galera"]["password"]
    assert watched.breaks("secret-in-arguments", call("mysql", "-u", "root")) == []
    assert watched.breaks("secret-in-arguments", call("mysql", f"-p{secret}")) != []
    assert watched.breaks("secret-written-down") == []
    watched.ends("2.02", 0, f"password is {secret}")
    log = watched.world.files.root("undercloud") / f"home/stack/osp-runbook/tokyo-1/{CHANGE}/logs/2.02.log"
    log.parent.mkdir(parents=True)
    log.write_text(secret)
    assert len(watched.breaks("secret-written-down")) == 2


def test_read_only_changed(watched: Watched) -> None:
    watched.ends("2.12", 0)
    assert watched.breaks("read-only-changed") == []
    watched.state["ceph"]["flags"].append("pause")
    watched.run.files_after = {(C0, "etc/motd"): "new"}
    assert len(watched.breaks("read-only-changed")) == 2
    watched.run.changed_by_events.add("ceph.flags")
    assert len(watched.breaks("read-only-changed")) == 1


def test_unannounced_change(watched: Watched) -> None:
    watched.state["ceph"]["flags"].append("noout")
    assert watched.breaks("unannounced-change") == []
    watched.state["pacemaker"]["properties"]["maintenance-mode"] = "true"
    watched.run.files_after = {(CEPH, "etc/ceph/ceph.conf"): "new"}
    assert len(watched.breaks("unannounced-change")) == 2
    watched.ends("2.03", 0)
    watched.run.files_after = {("undercloud", "home/stack/templates/ours.yaml"): "new"}
    watched.state["ceph"]["flags"].remove("noout")
    del watched.state["pacemaker"]["properties"]["maintenance-mode"]
    assert watched.breaks("unannounced-change") == []


def test_deleted_without_copy(watched: Watched) -> None:
    image = watched.state["glance"]["undercloud"]["images"].pop()
    watched.run.files = {("undercloud", "home/stack/images/overcloud-full.qcow2"): "abc"}
    assert len(watched.breaks("deleted-without-copy")) == 2
    watched.run.files_after = {("undercloud", "home/stack/images-old/overcloud-full.qcow2"): "abc"}
    assert watched.breaks("deleted-without-copy") == [f"2.08 deleted the image {image['name']}"]
    watched.state["site"]["old_images"] = "delete"
    assert watched.breaks("deleted-without-copy") == []


def test_a_dump_lacks_no_schema_and_no_grants_of_a_user(watched: Watched) -> None:
    place = goals._place(watched.world) / "control_plane-2018-11-22-220000"
    place.mkdir(parents=True)
    galera = watched.state["galera"]
    dump, grants = place / "openstack_databases-2018-11-22-220000.sql", place / "openstack_databases_grants-2018.sql"
    dump.write_text("".join(f"CREATE DATABASE `{name}`;\n" for name in galera["schemas"]))
    grants.write_text(
        "".join(
            f"GRANT USAGE ON *.* TO '{user}'@'{host}';\n" for user, host in galera["users"] if user not in ("", "root")
        )
    )
    assert list(goals._database_faults(watched.world)) == []
    dump.write_text("CREATE DATABASE `cinder`;\nCREATE DATABASE /*!32312 IF NOT EXISTS*/ `mysql` /*!40100 */;\n")
    grants.write_text("GRANT USAGE ON *.* TO 'cinder'@'%';\nGRANT USAGE ON *.* TO 'root'@'%';\n")
    found = list(goals._database_faults(watched.world))
    assert "the dump holds the schema mysql, with the accounts of this server" in found
    assert "the grants hold those of root at %, with the password of this server" in found
    assert "the grants lack those of root_backup at localhost" in found
    assert "the dump lacks the schema nova" in found
    assert "the grants lack those of nova at %" in found
    assert not any("cinder at %" in line or "schema cinder" in line for line in found)


def test_somebody_elses_resize_is_his_to_confirm(watched: Watched) -> None:
    servers = watched.state["nova"]["overcloud"]["servers"]
    servers[0]["status"] = "VERIFY_RESIZE"
    assert f"the move of {servers[0]['name']} is not confirmed" in list(goals.ports_renewed(watched.world))
    watched.state["initial_site"]["nova"]["overcloud"]["servers"][0]["status"] = "VERIFY_RESIZE"
    assert f"the move of {servers[0]['name']} is not confirmed" not in list(goals.ports_renewed(watched.world))
