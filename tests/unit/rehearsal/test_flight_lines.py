"""The lines of a flight plan, from what a world has kept of a small run."""

from __future__ import annotations

import re
from typing import Any, get_type_hints

from osp_compile.rehearsal.flight_lines import Line, lines_of
from osp_compile.rehearsal.flight_words import of_files, of_places
from osp_simulator.engine.changes import UNREMARKABLE
from osp_simulator.state import Parts, State
from osp_simulator.state.hosts import Host

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


def test_a_call_has_the_files_that_it_has_written_on_its_own_host() -> None:
    deploy = call("openstack", "overcloud", "deploy", files=[["changed", "home/stack/overcloudrc"]])
    (line,) = read(deploy)
    assert (line.command, line.changes) == ("openstack overcloud deploy", ("writes /home/stack/overcloudrc",))


def test_a_redirection_does_not_part_a_command_from_its_function() -> None:
    inner = call("pcs", "config", changed=[[["pacemaker", "failed"], [], ["x"]]])
    shell = call("sudo", "bash", "-s") | session("bash", "-s", call="f", lines=["pcs config > /root/x"])
    assert [line.command for line in read(inner, shell)] == ["f"]


def test_files_are_all_named_and_a_record_is_one_word() -> None:
    assert [*of_files([("made", f"{CHANGE}/services"), ("removed", f"{CHANGE}/x")])] == ["record"]
    assert [*of_files([("made", "a/b"), ("removed", "c")])] == ["makes /a/b", "removes /c"]
    assert [*of_files([("made", "srv/x/"), ("removed", "c/")])] == ["makes folder /srv/x", "removes folder /c"]
    assert [*of_files([("made", f"srv/x/{name}") for name in "abcd"])] == [
        "makes 4 files under /srv/x: /srv/x/a, /srv/x/b, /srv/x/c, /srv/x/d"
    ]
    assert next(of_files([("made", f"{name}/f") for name in "abcd"])).startswith("makes 4 files under /: /a/f, ")


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
        "overcloud stack (heat)"
    ]


def test_many_hosts_and_many_places_are_counted() -> None:
    hosts = [(["hosts", f"n{number}", "packages", "bash"], ["1"], ["2"]) for number in range(5)]
    assert [*of_places(hosts, "n0")] == ["packages on 5 hosts"]
    assert [*of_places(hosts[:1], "n0")] == ["packages"]
    assert [*of_places(hosts[1:3], "n0")] == ["packages on n1, n2"]


def test_every_place_is_said_whatever_their_order() -> None:
    many = [(["nova", "overcloud", "servers", f"vm-{number}", "status"], "A", "B") for number in range(9)]
    assert [*of_places(many, "n")] == [*of_places(many[::-1], "n")]
    assert len([*of_places(many, "n")]) == 9


IN_JAPANESE_TOO = re.compile(
    r"Compute サービス|Ceph( OSD)?|libvirt"
    r"|Galera|RabbitMQ|Redis|MongoDB|HAProxy|SSH|hieradata|kernel|openvswitch|node-0"
    r"|\((keystone|nova|neutron|cinder|glance|ironic|heat|mistral|swift)\)"
)


def test_every_part_of_the_state_that_a_run_can_change_has_words() -> None:
    of_the_seed = {"site", "bundle", "trusted", "signer", "mysql", "undercloud_files", "meanwhile"}
    for part in {*get_type_hints(State)} - of_the_seed - UNREMARKABLE:
        assert [*of_places([([part, "a", "b"], 1, 2)], "node-0")]


def test_no_part_of_the_simulator_is_named_in_japanese() -> None:
    """Whatever part of a site changes, or part of a host: a reader gets a word, and not the simulator's name for it."""
    parts = get_type_hints(Parts)
    assert {*parts} > {"hosts", "ceph", "nova", "plan"}
    places = [[part] for part in parts] + [[part, "undercloud", "1", "2"] for part in parts if part != "hosts"]
    places += [["hosts", "node-0", key] for key in get_type_hints(Host)] + [["ceph", key] for key in ("mons", "osds")]
    places += [["redis", key] for key in ("bgsave", "master", "lastsave")]
    for place in places:
        for phrase in of_places([(place, 1, 2)], "node-0", "ja"):
            assert not re.search("[A-Za-z]{2,}", IN_JAPANESE_TOO.sub("", phrase)), (place, phrase)
