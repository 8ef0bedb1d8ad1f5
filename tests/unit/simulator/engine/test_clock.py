"""Time is the world's: date, sleep and timeout agree on it, and nothing waits in reality."""

from __future__ import annotations

import time

import pytest

from unit.simulator.worlds import CONTROLLER, Served

START = "2018-11-22 22:00:00"
# Real seconds: less than any of the waits, and more than a busy machine takes to answer.
WAITED = 60


@pytest.fixture
def at_start(shared: Served) -> Served:
    """The world at its first moment, whatever its time was spent on before."""
    shared.set("clock", 1542924000)
    return shared


def test_sleep_moves_every_host_s_clock_and_no_real_time(world: Served) -> None:
    before = time.monotonic()
    answer = world.run(f"date '+%F %T'; sleep 1h 30; date '+%F %T'; ssh -n {CONTROLLER} date +%F_%H")
    assert answer.out.splitlines() == [START, "2018-11-22 23:00:30", "2018-11-22_23"]
    assert time.monotonic() - before < WAITED


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("'+%F %T'", START),
        ("-u '+%F %T'", START),
        ("-d '2 hours ago' +%T", "20:00:00"),
        ("-d 05:30 '+%F %T'", "2018-11-22 05:30:00"),
        ("-d 'tomorrow 05:30' '+%F %T'", "2018-11-23 05:30:00"),
        ("-d @0 +%F", "1970-01-01"),
        ("--date='2018-01-01 10:00 UTC' +%s", "1514800800"),
        ("-d '+1 day' +%F", "2018-11-23"),
        ("-d yesterday +%F", "2018-11-21"),
        ("+%s", "1542924000"),
    ],
)
def test_date_counts_from_the_world_s_now(at_start: Served, arguments: str, expected: str) -> None:
    assert at_start.run(f"date {arguments}").out.strip() == expected


def test_date_keeps_the_caller_s_zone_and_file_times(at_start: Served) -> None:
    assert at_start.run("TZ=Asia/Tokyo date '+%F %T %Z'").out == "2018-11-23 07:00:00 JST\n"
    assert at_start.run("touch -d '2017-05-06 07:08:09 UTC' /tmp/f; date -r /tmp/f +%F").out == "2017-05-06\n"


def test_a_world_that_is_told_another_time_shows_it_at_once(world: Served) -> None:
    world.set("clock", 1542927600)
    assert world.run("date +%s; date '+%F %T'").out == "1542927600\n2018-11-22 23:00:00\n"


def test_clock_cannot_be_set(shared: Served) -> None:
    assert shared.run("date -s 2020-01-01").err == "date: cannot set date: Operation not permitted\n"


@pytest.mark.parametrize(
    ("command", "status", "seconds"),
    [
        ("timeout 60 sleep 10", 0, 10),
        ("timeout 60 sleep 100", 124, 60),
        ("timeout 5 bash -c 'exit 3'", 3, 0),
        ("timeout --foreground 7 sleep 100", 124, 7),
        ("timeout --preserve-status 7 sleep 100", 143, 7),
        ("timeout -s KILL 7 sleep 100", 137, 7),
        ("timeout -k 5 10 bash -c 'trap : TERM; sleep 30; sleep 30; sleep 30'", 137, 15),
        ("timeout 10 bash -c 'trap \"exit 4\" TERM; sleep 30; sleep 30'", 124, 10),
        ("timeout 1m timeout 20 sleep 100", 124, 20),
        ("sudo timeout 20 sleep 100", 124, 20),
        ("sudo timeout 20 bash -c 'sleep 100; true'", 124, 20),
        ("sudo timeout 20 bash -c 'exit 3'", 3, 0),
        ("timeout 20 sudo sleep 100", 124, 20),
        (f"timeout 20 ssh -n {CONTROLLER} sleep 100", 124, 20),
        ("timeout 0 sleep 100", 0, 100),
        ("timeout 5 nosuch", 127, 0),
        ("timeout x true", 125, 0),
        ("timeout --nosuch 5 true", 125, 0),
        ("sleep x", 1, 0),
        ("sleep", 1, 0),
    ],
)
def test_timeout_and_sleep(shared: Served, command: str, status: int, seconds: int) -> None:
    answer = shared.run(f"a=$(date +%s); {command}; s=$?; echo $s $(($(date +%s) - a))")
    assert answer.out == f"{status} {seconds}\n"


def test_a_tool_that_hangs_costs_world_time_only(world: Served) -> None:
    world.fault("^rpm", "hang")
    before = time.monotonic()
    assert world.run("timeout 300 rpm -q bash; echo $?; date +%T").out == "124\n22:05:00\n"
    assert time.monotonic() - before < WAITED


def test_uptime_and_boot_id_are_the_host_s(shared: Served) -> None:
    script = "cat /proc/sys/kernel/random/boot_id; cut -d. -f1 /proc/uptime"
    mine, theirs = shared.run(script).out.split(), shared.run(f"ssh -n {CONTROLLER} '{script}'").out.split()
    assert mine[0] != theirs[0]
    assert int(mine[1]) >= 90 * 86400


def test_uptime_says_since_when_in_the_caller_s_zone(at_start: Served) -> None:
    at_start.set("hosts.undercloud.booted_at", 1542924000 - 86400)
    assert at_start.run("uptime --since; TZ=Asia/Tokyo uptime -s").out.splitlines() == [
        "2018-11-21 22:00:00",
        "2018-11-22 07:00:00",
    ]
