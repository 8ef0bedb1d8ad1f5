"""Which trial runs when and where: as many rows of trials at a time as there are lanes, and no lane idle to the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path

from osp_compile.rehearsal.stage import Stage
from osp_compile.rehearsal.suite import Bats, Result, Trial

Shown = Callable[[Result], None]
ROW = 12  # trials that one bats plays at the most; the last rows are short, so that all lanes end together


def run_all(folder: Path, trials: Iterable[Trial], jobs: int, shown: Shown) -> list[Result]:
    """Every trial once those it builds on are over, `jobs` at a time; a result for each, in the trials' order."""
    order = list(trials)
    with Stage(folder, jobs), ThreadPoolExecutor(jobs) as pool, Bats(folder) as bats:
        schedule = Schedule(order, jobs, shown)
        lanes = [pool.submit(_work, schedule, bats, lane) for lane in range(jobs)]
        try:
            ended, _ = wait(lanes, return_when=FIRST_EXCEPTION)
        except BaseException:
            schedule.stop()
            raise
        for lane in ended:
            lane.result()
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
    """What is waiting, running and done. Its methods are called from the lanes' threads.

    The first runs build on each other, and all others are waited for less: as long as there are any, the first lane is
    theirs. They are a row of their own.
    """

    def __init__(self, trials: Iterable[Trial], lanes: int, shown: Shown) -> None:
        self.done: dict[str, Result] = {}
        self._waiting = {trial.id: trial for trial in trials}
        unknown = {name for trial in self._waiting.values() for name in trial.after} - set(self._waiting)
        if unknown:
            raise ValueError(f"trials build on some that nobody plays: {', '.join(sorted(unknown))}")
        self._running: dict[str, Trial] = {}
        self._lanes = lanes
        self._shown = shown
        self._stopped = False
        self._change = threading.Condition(threading.RLock())

    def next_row(self, lane: int) -> list[Trial]:
        """What this lane plays next, once there is something; empty when nothing is left."""
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
            if self._stopped:  # what is ended from outside has not failed
                return
            self.done[result.trial.id] = result
            self._shown(result)
            self._change.notify_all()

    def end_row(self, row: Iterable[Trial]) -> None:
        """The row is over; what is left of it builds on what has failed."""
        with self._change:
            for trial in row:
                if self._running.pop(trial.id, None):
                    self._waiting[trial.id] = trial
            self._change.notify_all()

    def stop(self) -> None:
        """Nothing more is begun."""
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
        """Those that may begin once the ones before them in this row are over."""
        row: list[Trial] = []
        for trial in firsts:
            if self._may_begin(trial, row):
                row.append(trial)
        return row

    def _may_begin(self, trial: Trial, row: Iterable[Trial]) -> bool:
        before = {one.id for one in row}
        return all(name in before or (name in self.done and self.done[name].ok) for name in trial.after)

    def _give_up_what_cannot_run(self) -> None:
        """In the trials' order, so that what builds on what is given up here follows at once."""
        for trial in [*self._waiting.values()]:
            failed = next((name for name in trial.after if name in self.done and not self.done[name].ok), "")
            if failed:
                self.end(Result(self._waiting.pop(trial.id), ok=False, skipped=failed))
