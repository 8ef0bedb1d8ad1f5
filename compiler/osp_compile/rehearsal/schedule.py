"""Decides which trial runs when: each lane plays a row of trials at a time, and no lane is idle before the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path

from osp_compile.rehearsal.stage import Stage
from osp_compile.rehearsal.suite import Bats, Result, Trial

OnResult = Callable[[Result], None]
ROW = 12  # the most trials that one bats plays; the last rows are shorter, so that all lanes end together
SIGNALS_HANDLED = 0.5  # real seconds from one look for signals to the next


def run_all(folder: Path, trials: Iterable[Trial], jobs: int, on_result: OnResult) -> list[Result]:
    """Runs every trial after those it builds on, `jobs` at a time; the results are in the order of the trials."""
    order = list(trials)
    with Stage(folder, jobs), ThreadPoolExecutor(jobs) as pool, Bats(folder) as bats:
        schedule = Schedule(order, jobs, on_result)
        playing = {pool.submit(_work, schedule, bats, lane) for lane in range(jobs)}
        try:
            while playing:
                # a signal may have reached a lane's thread, and is handled only when this one, the main one, wakes
                ended, playing = wait(playing, SIGNALS_HANDLED, return_when=FIRST_EXCEPTION)
                for lane in ended:
                    lane.result()
        except BaseException:
            schedule.stop()
            raise
    return [schedule.done[trial.id] for trial in order]


def _work(schedule: Schedule, bats: Bats, lane: int) -> None:
    try:
        while row := schedule.next_row(lane):
            for result in bats.run(row, lane):
                schedule.end(result)
            schedule.end_row(row)
    except BaseException:
        schedule.stop()
        raise


def _firsts(trials: Mapping[str, Trial]) -> list[Trial]:
    return [trial for trial in trials.values() if trial.kind == "first"]


class Schedule:
    """The trials that wait, run and are done. Its methods are called from the lanes' threads.

    First runs build on each other and hold up all other trials, so the first lane plays them, as one row, while there
    are any.
    """

    def __init__(self, trials: Iterable[Trial], lanes: int, on_result: OnResult) -> None:
        self.done: dict[str, Result] = {}
        self._waiting = {trial.id: trial for trial in trials}
        unknown = {name for trial in self._waiting.values() for name in trial.after} - set(self._waiting)
        if unknown:
            raise ValueError(f"trials build on some that nobody plays: {', '.join(sorted(unknown))}")
        self._running: dict[str, Trial] = {}
        self._lanes = lanes
        self._on_result = on_result
        self._stopped = False
        self._change = threading.Condition(threading.RLock())

    def next_row(self, lane: int) -> list[Trial]:
        """The next trials for this lane; waits until some may run, and is empty when none are left."""
        with self._change:
            while not self._stopped:
                self._give_up_what_cannot_run()
                row = self._row(lane)
                if row or not self._waiting:
                    for trial in row:
                        self._running[trial.id] = self._waiting.pop(trial.id)
                    return row
                self._change.wait()
        return []

    def end(self, result: Result) -> None:
        with self._change:
            self._running.pop(result.trial.id, None)
            if self._stopped:  # a trial that was interrupted has not failed
                return
            self.done[result.trial.id] = result
            self._on_result(result)
            self._change.notify_all()

    def end_row(self, row: Iterable[Trial]) -> None:
        """Ends a row; its trials without a result, which build on a failed one, wait again."""
        with self._change:
            for trial in row:
                if self._running.pop(trial.id, None):
                    self._waiting[trial.id] = trial
            self._change.notify_all()

    def stop(self) -> None:
        """Starts no further trial."""
        with self._change:
            self._stopped = True
            self._change.notify_all()

    def _row(self, lane: int) -> list[Trial]:
        firsts = _firsts(self._waiting)
        if lane == 0 and firsts:
            return self._chain(firsts)
        if lane == 0 and self._lanes > 1 and _firsts(self._running):
            return []
        ready = [trial for trial in self._waiting.values() if trial.kind != "first" and self._may_begin(trial, ())]
        return ready[: max(1, min(ROW, len(ready) // (2 * self._lanes)))]

    def _chain(self, firsts: list[Trial]) -> list[Trial]:
        """The first runs that may begin once those before them in this row are over."""
        row: list[Trial] = []
        for trial in firsts:
            if self._may_begin(trial, row):
                row.append(trial)
        return row

    def _may_begin(self, trial: Trial, row: Iterable[Trial]) -> bool:
        before = {one.id for one in row}
        return all(name in before or (name in self.done and self.done[name].ok) for name in trial.after)

    def _give_up_what_cannot_run(self) -> None:
        """Skips trials that build on a failed or skipped one, until none is left that does.

        One pass may not find all: a trial that waits again, after its row, comes after those that build on it.
        """
        waiting = -1
        while waiting != len(self._waiting):
            waiting = len(self._waiting)
            for trial in [*self._waiting.values()]:
                failed = next((name for name in trial.after if name in self.done and not self.done[name].ok), "")
                if failed:
                    self.end(Result(self._waiting.pop(trial.id), ok=False, skipped=failed))
