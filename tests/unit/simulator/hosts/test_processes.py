"""A process is ended by what it is, not by a number that may be another's by then."""

from __future__ import annotations

import os
import select
import signal
import subprocess
from types import SimpleNamespace
from typing import Any

import pytest

from osp_simulator.engine.sessions import Sessions
from osp_simulator.hosts import processes
from osp_simulator.hosts.processes import Process, end_trees
from unit.waiting import LIMIT


def begun() -> subprocess.Popen[bytes]:
    """A process that ends with its standard input."""
    return subprocess.Popen(["cat"], stdin=subprocess.PIPE)


def killed(child: subprocess.Popen[bytes]) -> bool:
    child.communicate(timeout=LIMIT)
    return child.returncode == -signal.SIGKILL


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers that a signal was sent to by `send_signal`; whatever has an ended process's number has children."""
    sent: list[int] = []
    monkeypatch.setattr(processes, "send_signal", lambda pid, _: sent.append(pid))
    monkeypatch.setattr(processes, "descendants", lambda pid: [pid + 1])
    return sent


def test_a_process_that_has_ended_is_not_killed_by_its_number(signals: list[int]) -> None:
    child = begun()
    process = Process(child.pid)
    child.communicate(timeout=LIMIT)
    assert not process.is_running()
    process.kill_tree()
    assert signals == []
    process.close()
    with pytest.raises(ProcessLookupError):
        Process(child.pid)


def test_one_that_runs_ends_with_all_below_it(signals: list[int]) -> None:
    child = begun()
    process = Process(child.pid)
    assert process.is_running()
    process.kill_tree()
    assert killed(child)
    assert signals == [child.pid + 1]
    process.close()


def test_what_is_ended_with_all_below_it_does_not_run_any_more() -> None:
    # both end with the test's end of their standard input
    words = ["bash", "-c", "cat <&0 & echo $!; cat; wait"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        below = os.pidfd_open(int(child.stdout.readline()))
        end_trees([child.pid, 2**22 - 1])
        assert set(select.select([below], [], [], 0)[0]) == {below}
        assert child.poll() == -signal.SIGKILL
    os.close(below)


def test_a_run_that_is_over_is_nobody_s_when_the_world_is_killed(signals: list[int]) -> None:
    world: Any = SimpleNamespace()
    sessions = Sessions(world)
    over, running = begun(), begun()
    sessions.adopt("undercloud", over.pid)
    sessions.adopt("undercloud", running.pid)
    over.communicate(timeout=LIMIT)
    sessions.adopt("undercloud", over.pid)  # gone before it was known
    sessions.kill_all()
    assert killed(running)
    assert signals == [running.pid + 1]
    assert not sessions.running()
