"""Plays parts, as many at once as there are processors, and says where it is."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.markup import escape

from osp_compile.rehearsal.scratch import scratch
from runner.counts import Counts
from runner.parts import ROOT, Part

LANES = 2
LOGS = ROOT / ".venv/tests"
SHOWN = 150  # lines of what a part that failed has printed
PULSE = 60.0  # seconds after which somebody without a terminal is told what is under way
GRACE = 60.0  # seconds that a part has to tidy up when it is told to end
NICE = 5  # of a part that works; what waits more than it works then ends soonest, and its servers idle least


@dataclass
class _Playing:
    part: Part
    process: subprocess.Popen[bytes]
    exit: int
    started: float
    log: Path
    place: Path
    processors: list[int]

    def last_line(self) -> str:
        """What it has said last, short."""
        lines = self.log.read_text("utf-8", "replace").split("\n") if self.log.exists() else []
        return next((line.strip()[:90] for line in reversed(lines) if line.strip()), "nothing said yet")


class Player:
    """Plays parts; left by an exception, it ends what still runs."""

    def __init__(self, parts: Iterable[Part], console: Console) -> None:
        # what keeps both processors busy goes first, so that the rest, long ones first, fills the lanes to the end
        self._waiting = sorted(parts, key=lambda part: (-part.lanes if part.lanes else -LANES - 1, -part.seconds))
        self._playing: list[_Playing] = []
        self._count = len(self._waiting)
        self._ended = 0
        self._console = console
        self._started = time.monotonic()
        self._told = self._started
        self._told_to_stop = False
        self.found = Counts()

    def stop(self, *_: object) -> None:
        """For a signal: what runs is ended, within a second, and `run` raises KeyboardInterrupt.

        Not at once: a part that is just being started would be missed.
        """
        self._told_to_stop = True

    def run(self) -> Counts:
        """All parts, to their ends."""
        shutil.rmtree(LOGS, ignore_errors=True)
        LOGS.mkdir(parents=True)
        with TemporaryDirectory(prefix="osp-tests.", dir=scratch()) as self._kept:
            try:
                with self._console.status("") as status:
                    while self._waiting or self._playing:
                        self._begin_what_fits()
                        status.update(self._under_way())
                        self._look()
                        if self._told_to_stop:
                            raise KeyboardInterrupt
            except BaseException:
                self._end_all()
                raise
        return self.found

    def _begin_what_fits(self) -> None:
        free = LANES - sum(one.part.lanes for one in self._playing)
        for part in [*self._waiting]:
            if part.lanes <= free:
                free -= part.lanes
                self._waiting.remove(part)
                self._begin(part)
            elif part.lanes == LANES:
                return  # it waits for all lanes, and what comes after it must not keep them from it

    def _begin(self, part: Part) -> None:
        name = re.sub(r"\W+", "-", part.name)
        place = LOGS / name
        place.mkdir(exist_ok=True)
        words = [word.replace("{place}", str(place)).replace("{kept}", self._kept) for word in part.words]
        if part.lanes:
            words[:0] = ["nice", f"-n{NICE}"]
        log = LOGS / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True, env={**os.environ, **part.environment},
            )  # fmt: skip
        processors = self._free_processors()[: part.lanes]
        if part.lanes == 1 and processors:
            # a chain of short processes, each on another processor than the last one, takes a quarter longer
            os.sched_setaffinity(process.pid, processors)
        ended = os.pidfd_open(process.pid)
        self._playing.append(_Playing(part, process, ended, time.monotonic(), log, place, processors))

    def _free_processors(self) -> list[int]:
        taken = {one for playing in self._playing for one in playing.processors}
        return [one for one in sorted(os.sched_getaffinity(0)) if one not in taken]

    def _look(self) -> None:
        """Wait a moment for one to end."""
        ready, _, _ = select.select([one.exit for one in self._playing], [], [], 1.0)
        for one in [*self._playing]:
            overdue = time.monotonic() - one.started > one.part.limit
            if one.exit in ready or overdue:
                last = one.last_line()
                if overdue:
                    _end(one)
                self._playing.remove(one)
                os.close(one.exit)
                self._tell(
                    one, one.process.wait(GRACE), f"given up after {one.part.limit} s: {last}" if overdue else ""
                )
        if not self._console.is_terminal and time.monotonic() - self._told > PULSE:
            self._console.print(f"  under way: {self._under_way()}")
            self._told = time.monotonic()

    def _under_way(self) -> str:
        rows = [f"{one.part.name} ({escape(one.last_line())})" for one in self._playing]
        return f"{self._ended} of {self._count} parts; " + "; ".join(rows)

    def _tell(self, one: _Playing, status: int, trouble: str) -> None:
        said = one.log.read_text("utf-8", "replace")
        counts = None if trouble else one.part.count(status, said, one.place)
        if counts is None:
            counts = Counts(failed=1, names=(trouble or f"it broke down, exit {status}",))
        counts = _with_name(one.part.name, counts)
        self.found += counts
        self._ended += 1
        self._told = time.monotonic()
        took = time.monotonic() - one.started
        mark = "[red]not ok[/]" if counts.failed else "[green]ok[/]    "
        place = f"\\[{self._ended}/{self._count}]"
        self._console.print(f"{place:8} {mark} {escape(one.part.name):32} {took:5.0f} s  {counts}")
        if counts.failed:
            lines = said.splitlines()
            for line in lines[-SHOWN:]:
                self._console.print(f"    {line}", markup=False, highlight=False)
            if len(lines) > SHOWN:
                self._console.print(f"    all of it: {one.log.relative_to(ROOT)}", markup=False)

    def _end_all(self) -> None:
        for one in self._playing:
            with suppress(ProcessLookupError):
                os.killpg(one.process.pid, signal.SIGINT)
        for one in self._playing:
            _end(one, told=True)


def _with_name(part: str, counts: Counts) -> Counts:
    """The counts of a part with its name before all that they name, unless what they name is the part itself."""
    prefix = "" if part in counts.names else f"{part}: "
    names = tuple(f"{prefix}{name}" for name in counts.names)
    reasons = tuple(f"{part}: {reason}" for reason in counts.reasons)
    return replace(counts, names=names, reasons=reasons)


def _end(one: _Playing, told: bool = False) -> None:
    """End a part and all that it has started; it may tidy up first."""
    if not told:
        with suppress(ProcessLookupError):
            os.killpg(one.process.pid, signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        one.process.wait(GRACE)
    with suppress(ProcessLookupError):
        os.killpg(one.process.pid, signal.SIGKILL)


def without_a_sandbox(parts: Iterable[Part]) -> tuple[list[Part], Counts]:
    """The parts that need none, and what the others are skipped for."""
    able, skipped = [], Counts()
    for part in parts:
        if part.sandbox:
            skipped += Counts(skipped=part.tests, reasons=(f"no sandbox: {part.name}",))
        else:
            able.append(part)
    return able, skipped
