"""The lines of a flight plan, from what a world has kept of a small run."""

from __future__ import annotations

from typing import Any

from osp_compile.rehearsal.flight_lines import LONG, Line, lines_of
from osp_compile.rehearsal.flight_words import of_files, of_places

CHANGE = "var/lib/osp-runbook/CHG1"


def call(tool: str, *argv: str, **facts: Any) -> dict[str, Any]:
    base = {"at": 100, "ended": 100, "host": "node-0", "user": "root", "outcome": "exit 0", "journal": 7, "changed": []}
    return {**base, "tool": tool, "argv": [*argv], **facts}


def session(*argv: str, **facts: Any) -> dict[str, Any]:
    base = {"host": "node-0", "user": "root", "argv": [*argv], "files": [], "call": "", "lines": []}
    return {"session": base | facts}


def read(*rows: dict[str, Any]) -> list[Line]:
    return list(lines_of("2.07", rows, {"aside": "2.07/9"}, lambda journal: ("2.07/2", f"node at {journal}")))


def test_a_function_stands_by_its_name_with_what_it_has_run() -> None:
    stop = call(
        "pcs", "cluster", "stop", ended=121, changed=[[["pacemaker", "nodes", "node-0", "online"], True, False]]
    )
    reboot = call("reboot", at=121, ended=121, outcome="signal 9", changed=[[["hosts", "node-0", "up"], True, False]])
    inner = ["mkdir --parents -- /var/lib/x", "timeout --kill-after=60 1800 pcs cluster stop", "reboot"]
    shell = call("sudo", "-H", "bash", "-s", user="heat-admin", ended=121, outcome="gone") | session(
        "bash", "-s", files=[["made", f"{CHANGE}/left-cluster"]], call="leave_and_reboot /var/lib/x", lines=inner
    )
    (line,) = read(stop, reboot, shell)
    assert line == Line(
        "2.07", "2.07/2", "node at 7", "node-0", "root", "leave_and_reboot /var/lib/x", tuple(inner),
        ("record", "node-0 goes down, and all that runs there"), 21,
    )  # fmt: skip


def test_the_end_of_a_reboot_may_come_before_its_own() -> None:
    shell = call("sudo", "bash", "-s") | session("bash", "-s", call="f", lines=["reboot"])
    assert [line.command for line in read(shell, call("reboot"))] == ["f"]


def test_what_sudo_passes_on_is_one_line_as_root_has_run_it() -> None:
    passed = call("sudo", "yum", "update", user="stack") | session(
        "yum", "update", files=[["changed", "var/log/yum.log"]]
    )
    (line,) = read(call("yum", "update", changed=[[["hosts", "node-0", "packages", "bash"], ["1"], ["2"]]]), passed)
    assert (line.user, line.command) == ("root", "yum update")
    assert line.changes == ("writes /var/log/yum.log", "packages")


def test_a_real_program_behind_sudo_or_ssh_is_on_the_host_that_it_ran_on() -> None:
    rows = [
        call("sudo", "rm", "--", "/a b", host="n", user="heat-admin") | session("rm", "--", "/a b", host="n"),
        call("ssh", "b@h", "tar -x", host="undercloud", user="stack")
        | session("/bin/bash", "-c", "tar -x", host="backup", user="b", files=[["made", "srv/a"]]),
    ]
    assert [(line.host, line.user, line.command) for line in read(*rows)] == [
        ("n", "root", "rm -- '/a b'"),
        ("backup", "b", "tar -x"),
    ]


def test_two_alike_on_two_hosts_are_not_taken_for_one() -> None:
    passed = call("sudo", "reboot", user="heat-admin", host="node-1") | session("reboot", host="node-1")
    assert [line.host for line in read(call("reboot"), passed)] == ["node-0", "node-1"]


def test_a_program_of_the_step_itself_has_its_folder_where_its_words_lack_one() -> None:
    own = {
        "own": "tar -xvf /x.tar",
        "step": "aside",
        "node": "",
        "cwd": "/home/stack/my images",
        "at": 1,
        "journal": 7,
        "user": "stack",
    }
    named = own | {"own": "mv -- /home/a /home/b", "cwd": ""}
    assert [(line.step, line.command) for line in read(own, named)] == [
        ("2.07/9", "cd '/home/stack/my images' && tar -xvf /x.tar"),
        ("2.07/9", "mv -- /home/a /home/b"),
    ]


def test_a_function_without_a_trace_is_not_shown_as_bash() -> None:
    (line,) = read(call("sudo", "bash", "-s") | session("bash", "-s"))
    assert "bash -s" not in line.command


def test_pages_that_a_function_writes_down_are_cut() -> None:
    (line,) = read(call("sudo", "bash", "-s") | session("bash", "-s", call=f"write_record /r {'x' * 5000}"))
    assert len(line.command) < LONG + 50
    assert line.command.endswith("(5,016 characters in all)")


def test_files_are_named_or_counted_and_a_record_is_one_word() -> None:
    assert [*of_files([("made", f"{CHANGE}/services"), ("removed", f"{CHANGE}/x")])] == ["record"]
    assert [*of_files([("made", "a/b"), ("removed", "c")])] == ["makes /a/b", "removes /c"]
    assert [*of_files([("made", f"srv/x/{name}") for name in "abcd"])] == ["makes 4 files under /srv/x"]
    assert [*of_files([("made", f"{name}/f") for name in "abcd"])] == ["makes 4 files under /"]


def test_places_are_said_in_words() -> None:
    assert [*of_places([(["ceph", "flags"], ["sortbitwise"], ["sortbitwise", "noout"])], "n")] == [
        "Ceph flag noout set"
    ]
    assert [*of_places([(["ceph", "flags"], ["noout"], [])], "n")] == ["Ceph flag noout removed"]
    claim = (["pacemaker", "properties", "osp-runbook-CHG1-x"], None, "true")
    assert [*of_places([claim], "n")] == ["claim osp-runbook-CHG1-x set"]
    disabled = (["nova", "overcloud", "services", "3", "enabled"], True, False)
    assert [*of_places([disabled], "n")] == ["compute service: enabled yes to no"]
    assert [*of_places([(["heat", "undercloud", "stacks", "overcloud", "status"], "a", "b")], "n")] == [
        "heat undercloud stacks"
    ]


def test_many_hosts_and_many_places_are_counted() -> None:
    hosts = [(["hosts", f"n{number}", "packages", "bash"], ["1"], ["2"]) for number in range(5)]
    assert [*of_places(hosts, "n0")] == ["packages on 5 hosts"]
    assert [*of_places(hosts[:1], "n0")] == ["packages"]
    assert [*of_places(hosts[1:3], "n0")] == ["packages on n1, n2"]
    many = [(["cinder", "overcloud", str(number)], 1, 2) for number in range(9)]
    assert [*of_places(many, "n")][-1] == "and 5 more"
