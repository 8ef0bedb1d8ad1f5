"""The suite: what builds on what, what is run at once, and what bats says of it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest

from osp_compile.rehearse import suite
from osp_compile.rehearse.gate import Gate, passed
from osp_compile.rehearse.processors import Processors, shares
from osp_compile.rehearse.suite import Result, Trial, run_all

HERE = tuple(os.sched_getaffinity(0))


def trial(name: str, *after: str) -> Trial:
    return Trial(name, f"title of {name}", "first", name, after)


def test_a_trial_waits_for_what_it_builds_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []
    lock = threading.Lock()

    def run(_: suite.Bats, one: Trial, __: Processors, gate: Gate | None = None) -> Result:
        with gate or nullcontext():
            assert passed(tmp_path, one.id)
        with lock:
            assert all(name in ended for name in one.after)
            ended.append(one.id)
        return Result(one, ok=True)

    monkeypatch.setattr(suite.Bats, "run", run)
    results = run_all(tmp_path, [trial("c", "b"), trial("b", "a"), trial("a"), trial("d")], 2, lambda _: None)
    assert [result.trial.id for result in results] == ["c", "b", "a", "d"]
    assert set(ended) == {"a", "b", "c", "d"}


def test_what_builds_on_a_failure_is_not_run_and_not_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def run(_: suite.Bats, one: Trial, __: Processors, gate: Gate | None = None) -> Result:
        with gate or nullcontext():
            if passed(tmp_path, one.id):
                begun.append(one.id)
        return Result(one, ok=one.id != "a", lines=("why",))

    monkeypatch.setattr(suite.Bats, "run", run)
    seen: list[Result] = []
    results = run_all(tmp_path, [trial("a"), trial("b", "a"), trial("c", "b")], 1, seen.append)
    assert [(result.ok, result.skipped) for result in results] == [(False, ""), (False, "a"), (False, "b")]
    assert len(seen) == 3
    assert begun == ["a"]


def test_first_runs_have_a_place_of_their_own_as_long_as_there_are_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where: dict[str, Processors] = {}

    def run(_: suite.Bats, one: Trial, processors: Processors, gate: Gate | None = None) -> Result:
        with gate or nullcontext():
            assert passed(tmp_path, one.id)
        where[one.id] = processors
        return Result(one, ok=True)

    monkeypatch.setattr(suite.Bats, "run", run)
    monkeypatch.setattr(suite, "shares", lambda _: [(0, 2), (1, 3)])
    second = Trial("second-a", "again", "second", "a", ("a",))
    last = Trial("last", "world", "world", "w", ("b", "second-a"))
    run_all(tmp_path, [trial("a"), second, trial("b", "a"), last], 2, lambda _: None)
    assert where["a"] == (0, 1, 2, 3)  # alone
    assert where["second-a"] == (1, 3)
    assert where["last"] == (0, 1, 2, 3)


def test_processors_are_dealt_out_to_the_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 5})
    assert shares(2) == [(0, 2), (1, 5)]
    assert shares(4) == [(0,), (1,), (2,), (5,)]
    assert shares(5) == [(0, 1, 2, 5)] * 5


def test_a_gate_tells_a_trial_where_to_run_or_to_end(tmp_path: Path) -> None:
    ours = os.sched_getaffinity(0)
    words = [sys.executable, "-c", f"""
import os, sys
from pathlib import Path
from osp_compile.rehearse.gate import passed
print("ready", flush=True)
print(passed(Path({str(tmp_path)!r}), "first-2.00"), *os.sched_getaffinity(0))
"""]  # fmt: skip

    def wait_at(gate: Gate) -> subprocess.Popen[str]:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return process

    with Gate(tmp_path, "first-2.00") as gate, wait_at(gate) as process:
        gate.open((min(ours),))
        assert process.communicate()[0] == f"True {min(ours)}\n"
    with Gate(tmp_path, "first-2.00") as gate, wait_at(gate) as process:
        gate.refuse()
        assert process.communicate()[0].startswith("False ")
    # one whose trial has ended by itself has nobody left to tell
    gate.open(HERE)


def test_bats_runs_a_trial_and_its_words_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "own.bats"
    monkeypatch.setattr(suite, "write_test", lambda _, __: file)
    file.write_text('#!/usr/bin/env bats\n@test "x" {\n  echo "it was wrong"\n  false\n}\n')
    result = suite.Bats(tmp_path).run(trial("a"), HERE)
    assert (result.ok, result.lines) == (False, ("it was wrong",))
    file.write_text('#!/usr/bin/env bats\n@test "x" {\n  true\n}\n')
    assert suite.Bats(tmp_path).run(trial("a"), HERE).ok


def test_the_written_test_names_the_trial(tmp_path: Path) -> None:
    file = suite.write_test(tmp_path, Trial("2.07-1", 'it\'s `$killed` "here" \\', "kill", "2.07:1:kill"))
    listed = subprocess.run(["bats", "--count", str(file)], capture_output=True, text=True, check=False)
    assert (listed.stdout, listed.stderr) == ("1\n", "")
    assert "it’s" in subprocess.run(["bats", "--tap", str(file)], capture_output=True, text=True, check=False).stdout
    text = file.read_text()
    assert "osp_compile.rehearse" in text
    assert text.rstrip().endswith("}")
    assert "kill 2.07:1:kill" in text


def test_what_still_runs_is_ended_with_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "own.bats"
    mark = tmp_path / "begun"
    os.mkfifo(mark)
    file.write_text(f'#!/usr/bin/env bats\n@test "x" {{\n  echo begun >{mark}\n  sleep 1000\n}}\n')
    monkeypatch.setattr(suite, "write_test", lambda _, __: file)

    def interrupt() -> None:
        mark.read_text()
        raise KeyboardInterrupt

    bats = suite.Bats(tmp_path)
    with ThreadPoolExecutor() as pool:
        running = pool.submit(bats.run, trial("a"), HERE)
        with pytest.raises(KeyboardInterrupt), bats:
            interrupt()
        assert not running.result(timeout=60).ok
