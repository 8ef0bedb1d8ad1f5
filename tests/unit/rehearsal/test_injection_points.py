"""Points: where a run is cut short, where a command fails, and what the world is told to do there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from osp_compile.rehearsal.command import choose_points
from osp_compile.rehearsal.injection_points import is_point, kind, matrix_of, one_of_each_kind, pattern, points_of
from osp_compile.rehearsal.request import RehearsalRequest
from osp_compile.rehearsal.trials import Rehearsal
from osp_simulator.engine.hostile import SPOKEN
from osp_simulator.engine.meanwhile import CHANGES


def call(tool: str, *argv: str, changed: bool = False, host: str = "undercloud", user: str = "stack") -> dict[str, Any]:
    return {"tool": tool, "argv": argv, "host": host, "user": user, "changed": changed, "exit": 0}


def ids(*calls: dict[str, Any], matrix: Any = "kill") -> list[str]:
    return [point.id for point in points_of("2.08", calls, matrix)]


def test_a_run_is_killed_before_and_after_each_change() -> None:
    assert ids(call("ceph", "-s"), call("ceph", "osd", "set", "noout", changed=True)) == [
        "2.08:1:kill",
        "2.08:1:kill-after",
    ]


def test_each_change_fails_in_each_of_its_ways_and_each_question_once() -> None:
    question = call("openstack", "server", "list")
    assert [point.id for point in points_of("2.08", [question, question], "fail") if not point.again] == ["2.08:0:exit"]
    change = call("openstack", "server", "stop", "x", changed=True)
    assert ids(change, change, matrix="fail") == [
        "2.08:0:exit", "2.08:0:after", "2.08:0:lie", "2.08:1:exit", "2.08:1:after", "2.08:1:lie",
    ]  # fmt: skip


def test_a_question_that_has_been_answered_can_fail_when_it_is_asked_again() -> None:
    question, change = call("openstack", "server", "list"), call("openstack", "server", "stop", "x", changed=True)
    found = list(points_of("2.08", [question, change, question], "fail"))
    assert [(point.id, point.fault["nth"]) for point in found if point.again] == [("2.08:2:exit", 2)]


def test_a_matrix_fails_a_question_once_and_a_share_whenever_it_is_asked(tmp_path: Path) -> None:
    question = call("openstack", "server", "list")
    (tmp_path / "outcomes").mkdir()
    (tmp_path / "outcomes/first-2.08.json").write_text(json.dumps({"points": [question] * 3}))
    rehearsal = Rehearsal(tmp_path, tmp_path, {"2.08": "2.08-x.sh"})

    def chosen(**request: Any) -> list[str]:
        return [point.id for point in choose_points(rehearsal, RehearsalRequest(tmp_path, **request))]

    assert chosen(matrix="all") == ["2.08:0:exit"]
    assert chosen(shares=(("fail", (2, 2)),)) == ["2.08:1:exit"]
    assert chosen(matrix="fail", shares=(("fail", (1, 1)),)) == ["2.08:0:exit", "2.08:1:exit", "2.08:2:exit"]
    assert chosen(points=("2.08:2:exit",)) == ["2.08:2:exit"]


def test_each_matrix_has_its_share_of_the_kinds(tmp_path: Path) -> None:
    change = call("openstack", "server", "stop", "x", changed=True)
    (tmp_path / "outcomes").mkdir()
    (tmp_path / "outcomes/first-2.08.json").write_text(json.dumps({"points": [change]}))
    (tmp_path / "manifest.json").write_text(json.dumps({"site": {"nodes": []}}))
    rehearsal = Rehearsal(tmp_path, tmp_path, {"2.08": "2.08-x.sh"})

    def chosen(*parts: tuple[str, tuple[int, int]]) -> list[str]:
        request = RehearsalRequest(tmp_path, matrix="all", kinds=True, kinds_parts=parts)
        return [point.id.removeprefix("2.08:0:") for point in choose_points(rehearsal, request)]

    assert chosen() == ["kill", "kill-after", "exit", "after", "lie"]
    assert chosen(("fail", (2, 3))) == ["kill", "kill-after", "after"]
    assert chosen(("kill", (2, 2)), ("fail", (1, 3)), ("fail", (3, 3))) == ["kill-after", "exit", "lie"]


def test_before_each_call_the_site_can_change() -> None:
    calls = [call("date"), call("openstack", "server", "list"), call("openstack", "server", "list")]
    found = list(points_of("2.09", calls, "change"))
    assert [point.id for point in found] == [f"2.09:{at}:change-{name}" for at in (1, 2) for name in CHANGES]
    assert found[-1].fault["do"] == f"meanwhile {[*CHANGES][-1]}"
    assert found[-1].fault["nth"] == 2
    assert {matrix_of(point.how) for point in found} == {"change"}
    assert found[0].title.startswith("2.09:1:change-instance meanwhile instance: openstack server list")


def test_who_passes_a_change_on_is_answered_for_no_question() -> None:
    node = {"host": "overcloud-controller-0"}
    put = ("ceph", "config-key", "put", "osp-runbook/noout", "now")
    outer = call("ssh", "overcloud-controller-0", "sudo", *put)
    wrapped = [
        call(*put, user="root", changed=True, **node),
        call("sudo", *put, user="heat-admin", **node),
        outer,
        call("timeout", "--foreground", "300", "ssh", *outer["argv"]),
    ]
    assert {name.rpartition("says-")[0] for name in ids(*wrapped, matrix="answer")} == {"2.08:0:"}
    asked = call("ceph", "-s", user="root", **node)
    by_sudo = call("sudo", "ceph", "-s", user="heat-admin", **node)
    found = {name.split(":")[1] for name in ids(*wrapped, asked, by_sudo, matrix="answer") if ":answer-" in name}
    assert found == {"4", "5"}


def test_functions_that_are_sent_to_a_shell_are_told_apart_by_what_they_call() -> None:
    node = {"host": "overcloud-compute-0"}
    shell = call("ssh", "overcloud-compute-0", "sudo", "-H", "bash", "-s")
    domains = call("virsh", "list", user="root", **node)
    root = call("sudo", "-H", "bash", "-s", user="heat-admin", **node)
    facts = call("rpm", "--query", "openvswitch", user="root", **node)
    calls = [root, shell, domains, root, shell, facts, root, shell, domains, root, shell]
    points = [point for point in points_of("2.09", calls, "answer") if point.how == "answer-nothing"]
    assert [(point.number, point.asks) for point in points] == [
        (0, ""), (1, ""), (2, ""), (3, "virsh"), (4, "virsh"), (5, ""), (6, "rpm"), (7, "rpm"),
    ]  # fmt: skip
    assert one_of_each_kind(points, ROLES) == points


def test_what_changes_something_prints_hostile_texts_and_does_it_once_for_each_step() -> None:
    change = call("ceph", "osd", "set", "noout", changed=True)
    found = [*points_of("2.08", [change | {"step": "2.08/1"}] * 2 + [change | {"step": "2.08/2"}], "answer")]
    assert [point.id for point in found] == [f"2.08:{number}:says-{name}" for number in (0, 2) for name in SPOKEN]
    assert {matrix_of(point.how) for point in found} == {"answer"}
    assert found[0].fault["do"] == f"says {SPOKEN[0]}"
    assert found[0].title.startswith(f"2.08:0:says-{SPOKEN[0]} says besides {SPOKEN[0]}: ceph osd set")


def test_ssh_fails_as_ssh_does() -> None:
    assert ids(call("ssh", "h", "reboot", changed=True), matrix="fail") == ["2.08:0:lost", "2.08:0:lost-after"]


def test_clocks_are_no_points() -> None:
    assert ids(call("sleep", "5", changed=True), call("date", "+%s"), matrix="fail") == []


def test_the_same_command_again_is_the_next_one_of_its_kind() -> None:
    change = call("ceph", "osd", "set", "noout", changed=True)
    faults = [point.fault["nth"] for point in points_of("2.08", [change, change], "kill")]
    assert faults == [1, 1, 2, 2]


def test_moments_and_scratch_names_may_be_others() -> None:
    line = "tar -cf /tmp/osp.Ab12Cd/x-2018-11-22-220223.tar --wait 1542923000 (a)"
    other = "tar -cf /tmp/osp.ZZ99yy/x-2018-11-23-000003.tar --wait 1542999999 (a)"
    assert re.fullmatch(pattern(line), other)
    assert not re.fullmatch(pattern(line), other.replace("(a)", "(b)"))


ROLES = {"compute-0": "Compute", "compute-1": "Compute", "192.0.2.2": "Compute", "192.0.2.20": "Compute", "ctl": "C"}


def test_points_that_differ_in_the_node_alone_are_of_one_kind() -> None:
    calls = [
        call("ssh", "heat-admin@192.0.2.2", "reboot", changed=True),
        call("ssh", "heat-admin@192.0.2.20", "reboot", changed=True),
        call("yum", "-y", "update", changed=True, host="compute-0"),
        call("yum", "-y", "update", changed=True, host="compute-1"),
        call("nova", "stop", "8c37a5c2-0b7e-4c3f-9a53-5a5b0c0a1d2e", changed=True),
        call("nova", "stop", "1b0b5a0e-3d57-4f0e-8d0d-0d6e3d2f4a11", changed=True),
        call("yum", "-y", "update", changed=True, host="ctl"),
    ]
    points = list(points_of("2.09", calls, "kill"))
    assert [point.id for point in one_of_each_kind(points, ROLES)] == [
        f"2.09:{number}:{how}" for number in (0, 2, 4, 6) for how in ("kill", "kill-after")
    ]


def test_another_step_or_another_way_of_breaking_is_another_kind() -> None:
    change = call("ceph", "osd", "set", "noout", changed=True)
    kinds = {kind(one, ROLES) for one in points_of("2.08", [change | {"step": "2.08/1"}], "fail")}
    kinds |= {kind(one, ROLES) for one in points_of("2.08", [change | {"step": "2.08/2"}], "fail")}
    assert len(kinds) == 4


def test_what_can_be_no_point_of_any_run_is_known_before_one() -> None:
    changed, question = call("ssh", "n1", "x", changed=True), call("openstack", "server", "list")
    for matrix in ("kill", "fail", "answer", "change"):
        for name in ids(changed, question, call("openstack", "x", changed=True), matrix=matrix):
            assert is_point(name), name
    for name in ("foo", "2.08:1", "2.08:x:kill", "2.8:1:kill", "2.08:1:killed", "2.08:1:answer", "2.08:1:change-",
                 "2.08:1:answer-nosuch", "2.08:1:says-nothing", "2.08:1:kill ", "2.08:1:kill\n",
                 "2.08:\u0661:kill"):  # fmt: skip
        assert not is_point(name), name
