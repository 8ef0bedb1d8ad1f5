"""The world itself: events in order, faults, the log of calls, snapshots, and the command line's refusals."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from osp_simulator.engine import events, faults
from osp_simulator.engine.events import EVENTS, Event
from osp_simulator.engine.hostile import ANSWERS
from osp_simulator.engine.registry import load_tools
from osp_simulator.engine.served import Served
from osp_simulator.engine.world import World
from osp_simulator.hosts import packages, remote
from osp_simulator.seed.site import seed
from osp_simulator.state.places import assign, lookup
from osp_simulator.tools.mysql.login import read_cnf
from osp_simulator.tools.redis.commands import redis_words
from osp_simulator.tools.transfer import place_of
from unit import waiting
from unit.simulator.worlds import CONTROLLER, SITE
from unit.simulator.worlds import Served as ServedWorld

HAPPENED: list[tuple[int, str]] = []


def behaviour(planned: list[faults.Fault], line: str, host: str, user: str) -> str:
    """What the fault that this call meets has it do; nothing where it meets none."""
    return str((faults.choose(planned, line, host, user) or {}).get("do", ""))


@Event
def noted_by_a_test(*, word: str) -> None: ...


@noted_by_a_test.handler
def note(world: World, word: str) -> None:
    HAPPENED.append((world.clock.now(), word))
    if word == "first":
        world.clock.after(1, noted_by_a_test, word="follows")


@pytest.fixture
def bare(tmp_path: Path) -> World:
    """A world without a server."""
    load_tools()
    return World(tmp_path, seed({"site": SITE}))


def test_what_a_server_brings_is_there_from_the_beginning(tmp_path: Path) -> None:
    seen: list[World] = []
    nothing: Any = None

    def serve(world: World) -> Served:
        seen.append(world)
        assert world.served is None
        time_file = os.open(tmp_path / "now", os.O_RDWR | os.O_CREAT)
        return Served(runner=nothing, runs=nothing, perform=nothing, time_file=time_file)

    world = World(tmp_path, seed({"site": SITE}), serve)
    assert seen == [world]
    assert (tmp_path / "now").read_text() == f"{world.clock.now()}\n"
    world.clock.advance(7)
    assert (tmp_path / "now").read_text() == f"{world.clock.now()}\n"
    for name in ("runs", "recorder", "interpreter"):
        with pytest.raises(FrozenInstanceError):
            setattr(world.served, name, nothing)
    with pytest.raises(AttributeError):
        world.served = None
    os.close(world.served.time_file)


def test_events_happen_in_order_at_their_time(bare: World) -> None:
    HAPPENED.clear()
    start = bare.clock.now()
    bare.clock.after(20, noted_by_a_test, word="last")
    bare.clock.after(10, noted_by_a_test, word="first")
    bare.clock.after(10, noted_by_a_test, word="second")
    bare.clock.advance(9)
    assert HAPPENED == []
    bare.clock.advance(60)
    assert [(start + 10, "first"), (start + 10, "second"), (start + 11, "follows"), (start + 20, "last")] == HAPPENED
    assert bare.clock.now() == start + 69


def test_cancelled_and_unknown_events(bare: World) -> None:
    HAPPENED.clear()
    bare.clock.after(1, noted_by_a_test, word="a")
    bare.clock.after(1, noted_by_a_test, word="b")
    bare.clock.cancel(noted_by_a_test, word="a")
    bare.clock.advance(5)
    assert [word for _, word in HAPPENED] == ["b"]
    with pytest.raises(KeyError):
        bare.fire_by_name("no_such_event", {})
    assert "host_down" in EVENTS


def test_only_a_difference_is_a_change(bare: World) -> None:
    bare.clock.advance(1000)
    assert not bare.changes.changed()
    bare.state["ceph"]["flags"].append("noout")
    bare.changes.suspect()
    assert bare.changes.changed()
    assert not bare.changes.changed()
    bare.changes.touch()
    assert bare.changes.changed()
    bare.save()
    assert json.loads((bare.folder / "state.json").read_text())["ceph"]["flags"][-1] == "noout"


def test_what_time_brings_is_nobodys_change_and_what_was_done_before_it_stays_one(bare: World) -> None:
    bare.clock.after(10, events.host_down, host="overcloud-controller-1", off=True)
    bare.clock.advance(20)
    assert not bare.changes.changed()
    bare.clock.after(10, events.host_down, host="overcloud-controller-2", off=True)
    bare.state["ceph"]["flags"].append("noout")
    bare.clock.advance(20)
    assert bare.changes.changed()


def test_what_a_tool_of_a_host_changes_there_is_seen(bare: World) -> None:
    bare.state["hosts"]["undercloud"]["packages"]["tmux"] = ["1.8-4.el7"]
    bare.changes.suspect("undercloud")
    assert bare.changes.changed()
    assert not bare.changes.changed()


def test_a_part_of_the_state_that_goes_or_comes_is_a_change(bare: World) -> None:
    del bare.state["mongo"]
    bare.changes.suspect()
    assert bare.changes.changed()
    bare.state["hosts"]["another"] = {"up": False}
    bare.changes.suspect()
    assert bare.changes.changed()
    assert not bare.changes.changed()


def test_paths_stay_inside_the_host(bare: World) -> None:
    assert bare.files.path("undercloud", "/../../../etc/hostname") == bare.files.root("undercloud") / "etc/hostname"


def test_lookup_and_assign() -> None:
    state = {"a": [{"name": "x", "v": 1}], "list": []}
    assert (lookup(state, "a.x.v"), lookup(state, "a.0.v")) == (1, 1)
    assign(state, "a.x.v", 2)
    assign(state, "list.+", 3)
    assert state == {"a": [{"name": "x", "v": 2}], "list": [3]}
    with pytest.raises(KeyError):
        lookup(state, "a.y")


def test_nth_matching_call_meets_the_fault() -> None:
    planned = [
        {"match": "^ceph osd", "nth": 2, "do": "exit 5 no"},
        {"match": "^ceph", "host": "elsewhere", "do": "hang"},
    ]
    found = [
        behaviour(planned, line, "here", "root")
        for line in ("ceph osd set", "ceph -s", "ceph osd unset", "ceph osd set")
    ]
    assert found == ["", "", "exit 5 no", ""]
    assert faults.split("exit 5 no such luck") == ("exit", 5, "no such luck")


def test_a_fault_may_count_from_a_call_on_and_change_the_site() -> None:
    planned = [{"since": "^reboot", "match": "^grubby", "nth": 1, "do": "wait 90", "set": {"ceph.flags": ["noout"]}}]
    found = [faults.choose(planned, line, "here", "root") for line in ("grubby", "reboot", "grubby", "grubby")]
    assert [bool(one) for one in found] == [False, False, True, False]
    assert (found[2]["set"], faults.split(found[2]["do"])) == ({"ceph.flags": ["noout"]}, ("wait", 90, ""))


def test_pending_updates_are_the_offers_that_are_not_installed(bare: World) -> None:
    entry = bare.state["hosts"]["overcloud-compute-0"]
    assert packages.pending(bare, "overcloud-compute-0", ["openvswitch", "bash"]).keys() == {"openvswitch", "bash"}
    packages.update(bare, "overcloud-compute-0", ["openvswitch"])
    assert packages.pending(bare, "overcloud-compute-0", ["openvswitch"]) == {}
    assert entry["packages"]["openvswitch"] == ["2.9.0-56.el7fdp"]


@pytest.mark.parametrize(
    ("line", "password"),
    [
        ("password=plain", "plain"),
        ("password=a#b", "a"),
        ('password="a#b"', "a#b"),
        ("password='a#b'", "a#b"),
        ('password="a\\\\b\\"c"', 'a\\b"c'),
        ("password = spaced", "spaced"),
    ],
)
def test_defaults_files_are_read_as_mysql_does(line: str, password: str) -> None:
    assert read_cnf(f"[client]\nuser=root\n{line}\n[other]\npassword=x\n", "mysql")["password"] == password


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("AUTH a#b$c", ["AUTH", "a#b$c"]),
        ('AUTH "a b\\"c"', ["AUTH", 'a b"c']),
        ("AUTH a'b", None),
        ('AUTH "a"b', None),
        ("", []),
    ],
)
def test_redis_cli_splits_its_input_by_its_own_rules(line: str, words: list[str] | None) -> None:
    assert redis_words(line) == words


@pytest.mark.parametrize(
    ("word", "place"),
    [
        ("/a:b", (None, "/a:b")),
        ("./a:b", (None, "./a:b")),
        ("a:b", ("a", "b")),
        ("u@h:/p", ("u@h", "/p")),
        ("u@[fd00::1]:/p", ("u@fd00::1", "/p")),
        ("[fd00::1]:p", ("fd00::1", "p")),
        ("u@fd00::1:/p", ("u@fd00", ":1:/p")),
    ],
)
def test_scp_s_idea_of_a_host(word: str, place: tuple[str | None, str]) -> None:
    assert place_of(word) == place


def test_hashed_names_in_known_hosts() -> None:
    line = "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ssh-rsa AAAA"
    assert remote.known_keys(line, "192.168.1.61") == ["ssh-rsa AAAA"]
    assert remote.known_keys(line, "192.168.1.62") == []


def test_failing_call_does_nothing_and_a_late_failure_has_done_all(world: ServedWorld) -> None:
    world.fault("^ceph osd set noout", "exit 1 Error connecting to cluster", "1")
    world.fault("^ceph osd set norebalance", "after 1 Error EIO")
    answer = world.run(
        f"ssh {CONTROLLER} sudo bash -s <<'EOF'\nceph osd set noout; echo $?; ceph osd set norebalance; echo $?\nEOF"
    )
    assert answer.out.split() == ["1", "1"]
    assert world.get("ceph.flags") == ["norebalance", "sortbitwise", "require_jewel_osds"]


def test_a_command_that_prints_more_than_it_should_has_done_all(world: ServedWorld) -> None:
    world.fault("^ceph osd set noout", "says line-breaks")
    answer = world.run(f"ssh -n {CONTROLLER} sudo ceph osd set noout 2>/dev/null")
    assert answer.out.startswith(ANSWERS["line-breaks"].decode())
    assert "noout" in world.get("ceph.flags")


@pytest.mark.parametrize(("behaviour", "done"), [("kill", False), ("kill-after", True)])
def test_kill_ends_the_run_before_or_after_the_command(world: ServedWorld, behaviour: str, done: bool) -> None:
    world.fault("^ceph osd set noout", behaviour)
    answer = world.run(f"echo begun; ssh -n {CONTROLLER} sudo ceph osd set noout; echo not reached; touch /tmp/left")
    assert answer.out == "begun\n"
    assert answer.status == 137 or answer.status == -9
    assert ("noout" in world.get("ceph.flags")) is done
    world.set("faults", [])
    assert world.run("ls /tmp/left").status == 2


def test_calls_are_logged_with_who_where_and_whether_they_changed_anything(world: ServedWorld) -> None:
    world.run(f"ssh -n {CONTROLLER} 'sudo ceph osd set noout; sudo ceph health; sudo ceph osd set noout'")
    seen = [
        (call["host"], call["user"], call["argv"], call["changed"]) for call in world.calls() if call["tool"] == "ceph"
    ]
    assert seen == [
        ("overcloud-controller-0", "root", ["osd", "set", "noout"], True),
        ("overcloud-controller-0", "root", ["health"], False),
        ("overcloud-controller-0", "root", ["osd", "set", "noout"], False),
    ]


def test_snapshot_goes_its_own_way(world: ServedWorld, tmp_path: Path) -> None:
    world.run(f"echo kept > /home/stack/file; ssh -n {CONTROLLER} sudo touch /etc/mark; sleep 500")
    assert world.simulator("copy", str(tmp_path / "copy")).status == 0
    world.run("echo changed > /home/stack/file; sudo systemctl stop httpd")
    copy = ServedWorld(tmp_path / "copy")
    try:
        answer = copy.run(
            f"cat /home/stack/file; systemctl is-active httpd; ssh -n {CONTROLLER} ls /etc/mark; date +%T"
        )
        assert answer.out.split()[:3] == ["kept", "active", "/etc/mark"]
        assert answer.out.split()[3].startswith("22:08:2")
    finally:
        copy.simulator("down")


def test_a_server_that_was_killed_is_started_again(world: ServedWorld) -> None:
    world.set("ceph.flags", ["noout"])
    world.simulator("down")
    assert world.get("ceph.flags") == ["noout"]


def test_handlers_have_no_errors_of_their_own(shared: ServedWorld) -> None:
    shared.run("date; rpm -qa; df; systemctl; yum list")
    assert shared.get("errors") == []


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--nosuch", "--", "true"),
        ("run", "--host", "nosuch", "--", "true"),
        ("run",),
        ("get", "no.such"),
        ("set", "a.b.c", "1"),
    ],
)
def test_command_line_refuses_in_one_line(shared: ServedWorld, words: tuple[str, ...]) -> None:
    answer = shared.simulator(*words)
    assert answer.status == 1
    assert answer.err.startswith("simulator: ")
    assert answer.err.count("\n") == 1


def test_a_fault_of_a_command_is_not_one_of_the_timeout_before_it() -> None:
    planted = [{"match": "server list", "nth": 1, "do": "exit 1"}]
    assert behaviour(planted, "timeout --foreground 300 openstack server list", "undercloud", "stack") == ""
    assert behaviour(planted, "openstack server list", "undercloud", "stack") == "exit 1"
    assert behaviour([{"match": "^timeout", "do": "exit 1"}], "timeout 60 df", "undercloud", "stack") == "exit 1"


def test_a_client_that_polls_leaves_the_question_of_another_process_its_time(bare: World) -> None:
    rang: list[int] = []
    question = bare.clock.add_timer(300, lambda: rang.append(1))
    began = bare.clock.now()
    polling = threading.Thread(target=lambda: [bare.clock.advance_after_others(5) for _ in range(100)], daemon=True)
    polling.start()
    waiting.until(lambda: bare.clock._timer_ended._waiters, "the client to wait")
    assert bare.clock.now() == began
    bare.clock.drop_timer(question)
    polling.join(waiting.LIMIT)
    assert (bare.clock.now(), rang) == (began + 500, [])


def test_its_own_limit_does_not_hold_up_a_client_that_polls(bare: World) -> None:
    bare.clock.around = (bare.clock.add_timer(300, lambda: None),)
    began = bare.clock.now()
    bare.clock.advance_after_others(5)
    assert bare.clock.now() == began + 5
