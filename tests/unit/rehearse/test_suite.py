"""The suite: what builds on what, what is run at once, and what bats says of it."""

from __future__ import annotations

import os
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from osp_compile.rehearse import suite
from osp_compile.rehearse.suite import Result, Trial, run_all


def trial(name: str, *after: str) -> Trial:
    return Trial(name, f"title of {name}", "first", name, after)


def test_a_trial_waits_for_what_it_builds_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []
    lock = threading.Lock()

    def run(_: suite.Bats, one: Trial) -> Result:
        with lock:
            assert all(name in ended for name in one.after)
            ended.append(one.id)
        return Result(one, ok=True)

    monkeypatch.setattr(suite.Bats, "run", run)
    results = run_all(tmp_path, [trial("c", "b"), trial("b", "a"), trial("a"), trial("d")], 2, lambda _: None)
    assert [result.trial.id for result in results] == ["c", "b", "a", "d"]
    assert set(ended) == {"a", "b", "c", "d"}


def test_what_builds_on_a_failure_is_not_run_and_not_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite.Bats, "run", lambda _, one: Result(one, ok=one.id != "a", lines=("why",)))
    seen: list[Result] = []
    results = run_all(tmp_path, [trial("a"), trial("b", "a"), trial("c", "b")], 1, seen.append)
    assert [(result.ok, result.skipped) for result in results] == [(False, ""), (False, "a"), (False, "b")]
    assert len(seen) == 3


def test_bats_runs_a_trial_and_its_words_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "own.bats"
    monkeypatch.setattr(suite, "write_test", lambda _, __: file)
    file.write_text('#!/usr/bin/env bats\n@test "x" {\n  echo "it was wrong"\n  false\n}\n')
    result = suite.Bats(tmp_path).run(trial("a"))
    assert (result.ok, result.lines) == (False, ("it was wrong",))
    file.write_text('#!/usr/bin/env bats\n@test "x" {\n  true\n}\n')
    assert suite.Bats(tmp_path).run(trial("a")).ok


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
        running = pool.submit(bats.run, trial("a"))
        with pytest.raises(KeyboardInterrupt), bats:
            interrupt()
        assert not running.result(timeout=60).ok
