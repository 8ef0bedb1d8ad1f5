"""The trials as bats runs them: a file each, so that several can run at once and one can be run alone."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from osp_compile.rehearse.gate import Gate
from osp_compile.rehearse.processors import Processors, all_of, shares, stay_on

# bats takes a title apart by itself, and knows no escapes in it.
PLAIN = str.maketrans({"'": "’", '"': "”", "`": "’", "$": " ", "\\": " ", "\n": " "})
TEST = """#!/usr/bin/env bats
# Written by osp-compile rehearse; runs alone too: bats {file}

@test {title} {{
  {command}
}}
"""


@dataclass(frozen=True)
class Trial:
    """One test: what is tried on what, and the trials that have to be over before (their worlds are its start)."""

    id: str
    title: str
    kind: str
    subject: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """`lines` is what the test printed where it failed; `skipped` names the failed trial that it builds on."""

    trial: Trial
    ok: bool
    lines: tuple[str, ...] = ()
    seconds: float = 0.0
    skipped: str = ""


Shown = Callable[[Result], None]


def run_all(folder: Path, trials: Iterable[Trial], jobs: int, shown: Shown) -> list[Result]:
    """Every trial as soon as those it builds on are over, `jobs` at a time; a result for each, in the trials' order."""
    order = list(trials)
    # one more than run: what stands ready
    with ThreadPoolExecutor(jobs + 1) as pool, Bats(folder) as bats:
        done = _Schedule(bats, pool, order, jobs, shown).run()
    return [done[trial.id] for trial in order]


class _Schedule:
    """Which trial runs when and where.

    The first runs build on each other, and all others are waited for less: as long as there are any, the first place
    is theirs, and the next of them stands ready beside those that run.
    """

    def __init__(self, bats: Bats, pool: Executor, trials: Iterable[Trial], jobs: int, shown: Shown) -> None:
        self._bats = bats
        self._pool = pool
        self._shown = shown
        self._places = shares(jobs)
        self._waiting = {trial.id: trial for trial in trials}
        self._running: dict[Future[Result], tuple[Trial, int]] = {}
        self._done: dict[str, Result] = {}
        self._ready: dict[str, tuple[Future[Result], Gate]] = {}

    def run(self) -> dict[str, Result]:
        while self._waiting or self._running:
            for trial in [one for one in self._waiting.values() if self._may_begin(one)]:
                failed = next((name for name in trial.after if name in self._done and not self._done[name].ok), "")
                place = self._place_for(trial)
                if failed:
                    self._give_up(trial, failed)
                elif place is not None:
                    self._begin(trial, place)
            self._make_ready()
            if self._running:
                ended, _ = wait(self._running, return_when=FIRST_COMPLETED)
                for future in ended:
                    self._end(self._running.pop(future)[0], future.result())
        return self._done

    def _may_begin(self, trial: Trial) -> bool:
        return all(name not in self._waiting and name not in self._names() for name in trial.after)

    def _names(self) -> set[str]:
        return {trial.id for trial, _ in self._running.values()}

    def _place_for(self, trial: Trial) -> int | None:
        if len(self._running) == len(self._places):
            return None
        free = set(range(len(self._places))) - {place for _, place in self._running.values()}
        if len(self._places) > 1 and trial.kind == "first":
            free &= {0}
        elif len(self._places) > 1 and self._has_first_runs():
            free -= {0}
        return min(free, default=None)

    def _has_first_runs(self) -> bool:
        return any(
            one.kind == "first" for one in (*self._waiting.values(), *(one for one, _ in self._running.values()))
        )

    def _begin(self, trial: Trial, place: int) -> None:
        processors = self._places[place] if self._has_others(trial) else all_of(self._places)
        del self._waiting[trial.id]
        if trial.id in self._ready:
            future, gate = self._ready.pop(trial.id)
            gate.open(processors)
        else:
            future = self._pool.submit(self._bats.run, trial, processors)
        self._running[future] = trial, place

    def _has_others(self, trial: Trial) -> bool:
        """Whether anything runs, or could run, beside this trial."""
        return bool(self._running) or any(self._may_begin(one) for one in self._waiting.values() if one is not trial)

    def _give_up(self, trial: Trial, failed: str) -> None:
        del self._waiting[trial.id]
        if trial.id in self._ready:
            self._ready.pop(trial.id)[1].refuse()
        self._end(trial, Result(trial, ok=False, skipped=failed))

    def _end(self, trial: Trial, result: Result) -> None:
        self._done[trial.id] = result
        self._shown(result)

    def _make_ready(self) -> None:
        for trial in self._waiting.values():
            if trial.kind == "first" and self._names().issuperset(trial.after) and trial.id not in self._ready:
                gate = Gate(self._bats.folder, trial.id)
                # beside the run that it waits for, not in its way
                self._ready[trial.id] = self._pool.submit(self._bats.run, trial, self._places[-1], gate), gate


class Bats:
    """Runs trials; left by an exception (Ctrl-C), it ends what still runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()

    def __enter__(self) -> Bats:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            with self._lock:
                for process in self._running:
                    os.killpg(process.pid, signal.SIGKILL)

    def run(self, trial: Trial, processors: Processors, gate: Gate | None = None) -> Result:
        """One trial on these processors, once its gate opens where it has one; its TAP is kept in the folder tap/."""
        stay_on(processors)
        with gate or nullcontext():
            return self._run(trial, gate)

    def _run(self, trial: Trial, gate: Gate | None) -> Result:
        file = write_test(self.folder, trial)
        started = time.monotonic()
        # a Ctrl-C is ours to hear: bats and what it runs have a session of their own
        with subprocess.Popen(
            ["bats", "--tap", str(file)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, errors="replace", start_new_session=True,
        ) as process:  # fmt: skip
            with self._lock:
                self._running.add(process)
            said, complained = process.communicate()
            with self._lock:
                self._running.discard(process)
        tap = self.folder / "tap"
        tap.mkdir(exist_ok=True)
        (tap / f"{trial.id}.tap").write_text(said, "utf-8")
        ok = process.returncode == 0
        lines = () if ok else _words(said) or tuple(complained.splitlines())
        return Result(trial, ok, lines, time.monotonic() - max(started, gate.opened if gate else 0.0))


def _words(tap: str) -> tuple[str, ...]:
    """What the test printed; bats names the place in its own file, which tells nobody anything."""
    lines = [line.removeprefix("# ") for line in tap.splitlines() if line.startswith("# ")]
    return tuple(line for line in lines if not re.match(r"\(in test file|\s*`.* failed", line))


def write_test(folder: Path, trial: Trial) -> Path:
    suite = folder / "suite"
    suite.mkdir(exist_ok=True)
    file = suite / f"{trial.id}.bats"
    path = os.pathsep.join(word for word in sys.path if word)
    words = [
        *_standing(trial),
        *["env", *_bytecode(folder), f"PYTHONPATH={path}", sys.executable, "-m", "osp_compile.rehearse"],
        *[str(folder), trial.kind, trial.subject],
    ]
    file.write_text(
        TEST.format(file=shlex.quote(str(file)), title=f"'{trial.title.translate(PLAIN)}'", command=shlex.join(words)),
        "utf-8",
    )
    return file


def _standing(trial: Trial) -> list[str]:
    """The first runs build on each other, and all others are waited for less: those stand back."""
    return [] if trial.kind == "first" else ["nice", "-n", "10"]


def _bytecode(folder: Path) -> list[str]:
    """Words for env: where Python is told to keep no bytecode, compiling this package anew would be most of a trial."""
    if not sys.dont_write_bytecode:
        return []
    return ["-u", "PYTHONDONTWRITEBYTECODE", f"PYTHONPYCACHEPREFIX={folder / 'bytecode'}"]
