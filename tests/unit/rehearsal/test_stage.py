"""The stage: one process that plays every trial in a fork of itself."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from osp_compile.rehearsal.stage import Stage
from osp_compile.rehearsal.suite import CLIENT
from unit.machine import needs_programs
from unit.waiting import LIMIT

pytestmark = pytest.mark.long  # a Python of its own for each test


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path, 2) as here:
        yield here


def test_a_trial_that_breaks_down_is_told_with_its_reason(stage: Stage, tmp_path: Path) -> None:
    status, lines = stage.play(0, tmp_path / "nowhere", "first", "2.00", LIMIT)
    assert status == 1
    assert "nowhere/rehearsal.json" in lines[-1]


@needs_programs("perl")
def test_bats_asks_by_way_of_a_small_client(stage: Stage, tmp_path: Path) -> None:
    words = ["perl", str(CLIENT), str(tmp_path), "1", "first", "2.00"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=LIMIT)
    assert (done.returncode, done.stderr) == (1, "")
    assert "rehearsal.json" in done.stdout


@needs_programs("perl")
def test_without_a_stage_the_client_says_so(tmp_path: Path) -> None:
    words = ["perl", str(CLIENT), str(tmp_path), "1", "first", "2.00"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=LIMIT)
    assert done.returncode != 0
    assert "does not answer" in done.stderr


def test_what_is_no_request_ends_nothing(stage: Stage, tmp_path: Path) -> None:
    for request in (b"", b"\n", b"x\0y\n", b"zero\0/\0first\x002.00\n", b"\xff" * 5000):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(LIMIT)
            connection.connect(str(tmp_path / "stage"))
            connection.sendall(request)
    assert stage.play(0, tmp_path, "first", "2.00", LIMIT)[0] == 1


def test_a_trial_whose_asker_goes_is_ended(stage: Stage, tmp_path: Path) -> None:
    # a rehearsal that nobody writes: the trial waits for it
    plan = tmp_path / "rehearsal.json"
    os.mkfifo(plan)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(str(tmp_path / "stage"))
        connection.sendall(b"0\0%b\0first\x002.00\n" % bytes(tmp_path))
        writer = os.open(plan, os.O_WRONLY)  # the trial reads now
    gone = select.poll()
    gone.register(writer, 0)
    assert gone.poll(LIMIT * 1000), "the trial still reads its rehearsal"
    os.close(writer)
    assert stage.play(0, tmp_path / "nowhere", "first", "2.00", LIMIT)[0] == 1


def test_a_stage_ends_with_who_has_begun_it_however_that_went(tmp_path: Path) -> None:
    text = (
        "import pathlib, sys; from osp_compile.rehearsal.stage import Stage\n"
        "with Stage(pathlib.Path(sys.argv[1]), 1) as stage: print(stage._process.pid, flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", text, str(tmp_path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as begun:
        assert begun.stdout is not None
        stage = os.pidfd_open(int(begun.stdout.readline()))
        begun.kill()
    ended, _, _ = select.select([stage], [], [], LIMIT)
    os.close(stage)
    assert ended


def test_a_stage_that_is_interrupted_as_it_begins_is_ended_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []

    def interrupted(stage: Stage) -> None:
        begun.append(os.pidfd_open(stage._process.pid))
        raise KeyboardInterrupt

    monkeypatch.setattr(Stage, "_wait_until_ready", interrupted)
    with pytest.raises(KeyboardInterrupt), Stage(tmp_path, 1):
        raise AssertionError("it was not interrupted")
    assert select.select(begun, [], [], 0)[0], "it still runs"
    os.close(begun[0])


def test_a_stage_hears_that_it_is_to_end(stage: Stage) -> None:
    stage._process.terminate()
    assert stage._process.wait(LIMIT) == 0


def test_a_trial_has_ended_when_its_stage_has(tmp_path: Path) -> None:
    plan = tmp_path / "rehearsal.json"
    os.mkfifo(plan)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        with Stage(tmp_path, 1):
            connection.connect(str(tmp_path / "stage"))
            connection.sendall(b"0\0%b\0first\x002.00\n" % bytes(tmp_path))
            writer = os.open(plan, os.O_WRONLY)  # the trial reads now
        gone = select.poll()
        gone.register(writer, 0)
        assert gone.poll(0), "the trial still reads its rehearsal"
        os.close(writer)


def test_an_asker_waits_for_as_long_as_it_likes(stage: Stage, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rehearsal.json")
    with pytest.raises(TimeoutError):
        stage.play(0, tmp_path, "first", "2.00", 0.2)
