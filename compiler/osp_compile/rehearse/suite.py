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
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

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
    waiting = {trial.id: trial for trial in order}
    done: dict[str, Result] = {}
    running: dict[Future[Result], Trial] = {}
    bats = Bats(folder)
    with ThreadPoolExecutor(jobs) as pool, bats:
        while waiting or running:
            for trial in [one for one in waiting.values() if _is_ready(one, waiting, running, done)]:
                failed = next((name for name in trial.after if name in done and not done[name].ok), "")
                if failed:
                    done[trial.id] = Result(trial, ok=False, skipped=failed)
                    del waiting[trial.id]
                    shown(done[trial.id])
                elif len(running) < jobs:
                    running[pool.submit(bats.run, trial)] = waiting.pop(trial.id)
            if running:
                ended, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in ended:
                    trial = running.pop(future)
                    done[trial.id] = future.result()
                    shown(done[trial.id])
    return [done[trial.id] for trial in order]


def _is_ready(
    trial: Trial, waiting: Mapping[str, Trial], running: Mapping[Future[Result], Trial], done: Mapping[str, Result]
) -> bool:
    busy = {*waiting, *(one.id for one in running.values())} - {trial.id}
    return trial.id not in done and not any(name in busy for name in trial.after)


class Bats:
    """Runs trials; left by an exception (Ctrl-C), it ends what still runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
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

    def run(self, trial: Trial) -> Result:
        """One trial; its TAP is kept in the folder tap/."""
        file = write_test(self._folder, trial)
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
        tap = self._folder / "tap"
        tap.mkdir(exist_ok=True)
        (tap / f"{trial.id}.tap").write_text(said, "utf-8")
        ok = process.returncode == 0
        lines = () if ok else _words(said) or tuple(complained.splitlines())
        return Result(trial, ok, lines, time.monotonic() - started)


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
