"""The schedule: what builds on what, and which lane plays it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from osp_compile.rehearsal import schedule as module
from osp_compile.rehearsal.cpu_affinity import shares
from osp_compile.rehearsal.schedule import Schedule, run_all
from osp_compile.rehearsal.suite import Result, Trial
from unit.waiting import LIMIT


def trial(name: str, *after: str, kind: str = "first") -> Trial:
    return Trial(name, f"title of {name}", kind, name, after)


def played(schedule: Schedule, row: list[Trial], failing: str = "") -> list[str]:
    for one in row:
        schedule.end(Result(one, ok=one.id != failing))
        if one.id == failing:
            break
    schedule.end_row(row)
    return [one.id for one in row]


def test_first_runs_are_a_row_of_the_first_lane() -> None:
    schedule = Schedule([trial("b", "a"), trial("a"), trial("x", "a", kind="second")], 2, lambda _: None)
    assert [one.id for one in schedule.next_row(0)] == ["a"]  # b is listed before what it builds on: the next row
    waiting = threading.Thread(target=schedule.next_row, args=(1,), daemon=True)
    waiting.start()  # nothing is ready for the second lane, which waits
    schedule.end(Result(trial("a"), ok=True))
    waiting.join(timeout=30)
    assert not waiting.is_alive()


def test_what_builds_on_a_failure_is_not_run_and_not_well() -> None:
    seen: list[Result] = []
    schedule = Schedule([trial("a"), trial("b", "a"), trial("c", "b")], 1, seen.append)
    assert played(schedule, schedule.next_row(0), failing="a") == ["a", "b", "c"]
    assert schedule.next_row(0) == []
    assert [(result.ok, result.skipped) for result in seen] == [(False, ""), (False, "a"), (False, "b")]


def test_what_builds_on_a_trial_that_had_to_wait_again_is_given_up_too() -> None:
    schedule = Schedule([trial("a"), trial("b", "a"), trial("w", "b", kind="world")], 1, lambda _: None)
    played(schedule, schedule.next_row(0), failing="a")
    rows: list[list[Trial]] = []
    asking = threading.Thread(target=lambda: rows.append(schedule.next_row(0)), daemon=True)
    asking.start()
    asking.join(timeout=30)
    assert rows == [[]], "the lane waits for a trial that nobody plays"
    assert [schedule.done[name].skipped for name in "bw"] == ["a", "b"]


def test_rows_get_short_towards_the_end() -> None:
    schedule = Schedule([trial(f"{number:02}", kind="world") for number in range(40)], 2, lambda _: None)
    sizes = []
    while row := schedule.next_row(0):
        sizes.append(len(played(schedule, row)))
    assert sizes[0] == 10
    assert sizes[-1] == 1
    assert sum(sizes) == 40


def test_a_trial_that_builds_on_none_of_these_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody plays: z"):
        Schedule([trial("a", "z")], 1, lambda _: None)


def test_a_lane_is_let_go_when_the_schedule_is_stopped() -> None:
    schedule = Schedule([trial("a"), trial("b", "a", kind="world")], 2, lambda _: None)
    schedule.next_row(0)
    rows: list[list[Trial]] = []
    waiting = threading.Thread(target=lambda: rows.append(schedule.next_row(1)), daemon=True)
    waiting.start()
    schedule.stop()
    waiting.join(timeout=30)
    assert rows == [[]]


def test_what_is_ended_from_outside_is_not_shown_as_failed() -> None:
    seen: list[Result] = []
    schedule = Schedule([trial("a")], 1, seen.append)
    row = schedule.next_row(0)
    schedule.stop()
    played(schedule, row, failing="a")
    assert seen == []


def test_processors_are_dealt_out_to_the_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 5})
    assert shares(2) == [(0, 2), (1, 5)]
    assert shares(4) == [(0,), (1,), (2,), (5,)]
    assert shares(5) == [(0, 1, 2, 5)] * 5


def test_a_signal_that_reaches_the_thread_of_a_lane_ends_the_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    class EndedError(Exception):
        pass

    def end(*_: object) -> None:
        raise EndedError

    class Endless:
        """A bats that plays until it is told to end; a signal reaches its thread meanwhile."""

        def __init__(self, _: Path) -> None:
            self._told = threading.Event()

        def __enter__(self) -> Endless:
            return self

        def __exit__(self, *_: object) -> None:
            self._told.set()

        def run(self, row: list[Trial], lane: int) -> Iterator[Result]:
            assert waiting.wait(LIMIT)
            signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
            told.append(self._told.wait(LIMIT))
            yield Result(row[0], ok=True)

    def waits(*words: Any, **named: Any) -> Any:
        waiting.set()
        return wait(*words, **named)

    told: list[bool] = []
    waiting = threading.Event()
    monkeypatch.setattr(module, "wait", waits)
    monkeypatch.setattr(module, "Stage", lambda *_: nullcontext())
    monkeypatch.setattr(module, "Bats", Endless)
    before = signal.signal(signal.SIGUSR1, end)
    try:
        with pytest.raises(EndedError):
            run_all(Path(), [trial("a")], 1, lambda _: None)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert told == [True]
