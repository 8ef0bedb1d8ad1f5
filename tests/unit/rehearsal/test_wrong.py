"""What a trial that went wrong says beside the outcome: what its author may have meant, and what the site lacks."""

from __future__ import annotations

from osp_compile.rehearsal.fault_trials import how_it_ended
from osp_compile.rehearsal.injection_points import InjectionPoint
from osp_compile.rehearsal.operator import ScriptRun
from osp_compile.rehearsal.trials import last_words
from osp_compile.rehearsal.worlds import unmet
from osp_simulator.engine.clock import FOREVER

CALLS = [
    ("undercloud", "nova list"),
    ("node", "rpm --query openvswitch"),
    ("node", "rpm --query openvswitch"),
    ("node", "rpmdb -q"),
]


def test_a_fault_that_nothing_met_shows_the_calls_of_its_tool() -> None:
    assert list(unmet([{"match": "^rpm -q"}], CALLS)) == [
        "the fault '^rpm -q' has not come about: 0 calls of 1 were there",
        "  node called: rpm --query openvswitch",
    ]
    assert list(unmet([{"match": "^yum list"}], CALLS))[1:] == ["  nothing called yum"]


def test_the_calls_on_the_fault_s_own_host_come_first() -> None:
    calls = [*CALLS, *((f"node-{number}", "rpm --query kernel") for number in range(5))]
    shown = list(unmet([{"match": "^rpm -q", "host": "node-4"}], calls))[1:]
    assert (len(shown), shown[0]) == (4, "  node-4 called: rpm --query kernel")


def test_a_fault_that_was_met_too_seldom_shows_none() -> None:
    assert len(list(unmet([{"match": "^rpm", "nth": [3, 4], "seen": 2}, {"match": "^nova", "seen": 1}], CALLS))) == 1
    assert len(list(unmet([{"match": "(rpm|yum)"}], CALLS))) == 1


def test_a_command_that_no_simulated_site_has_is_named_once() -> None:
    output = "x.sh: line 7: blkid: command not found\n\nsudo: blkid: command not found\nbash: ceph: command not found\n"
    assert list(last_words(output))[2:] == [
        "  bash: ceph: command not found",
        "  no simulated site has blkid; docs/how-to/simulated-tool.md says how to add it",
    ]


def test_a_run_that_waits_for_a_node_until_time_is_over_has_no_good_end_but_for_whole_backups() -> None:
    here = {"host": "undercloud"}
    asked = InjectionPoint("2.09", 1, "answer-endless", "ssh node sudo -H bash -s", here, asks="virsh")
    backup = InjectionPoint("2.02", 1, "answer-endless", "ssh node sudo cat -- /var/tmp/a.tar", here)
    words = "to continue: cd /home/stack/bundle && ./2.09-reboot-computes.sh\n"
    for point, seconds, wrong in ((asked, FOREVER, 1), (asked, 300.0, 0), (backup, FOREVER, 0)):
        assert len(how_it_ended(point, ScriptRun(1, words, seconds))) == wrong, (point.line, seconds)
