"""Runs trials by bats: a file per row of trials, which can be run by hand too."""

from __future__ import annotations

import io
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from osp_compile.rehearsal.stage import SOCKET
from osp_simulator.hosts.processes import end_trees

# bats expands titles, and has no escapes for them.
PLAIN = str.maketrans({"'": "’", '"': "”", "`": "’", "$": " ", "\\": " ", "\n": " "})
CLIENT = Path(__file__).with_name("play.pl")
FILE = """#!/usr/bin/env bats
# Written by osp-compile rehearse. By hand: bats {file}; one of them: bats --filter TITLE {file}

play() {{
  if [[ -S {socket} ]]; then
    perl {client} {folder} {lane} "$@"
  else
    env PYTHONPATH={path} {python} -m osp_compile.rehearsal {folder} "$@"
  fi
}}
"""
TEST = """
@test {title} {{
  play {words}
}}
"""
# bats's own stream format: TAP, with an extra line when a file or a test begins.
STREAM = "cat"
LINE = re.compile(r"(ok|not ok|begin) \d+ ")


@dataclass(frozen=True)
class Trial:
    """One test: its kind and subject, and the trials that must be over before it, whose worlds it starts from."""

    id: str
    title: str
    kind: str
    subject: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """The result of a trial: `lines` are what a failed test printed; `skipped` names the failed trial it builds on."""

    trial: Trial
    ok: bool
    lines: tuple[str, ...] = ()
    seconds: float = 0.0
    skipped: str = ""


class Bats:
    """Runs trials; an exception (Ctrl-C) that leaves the context ends what still runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: set[subprocess.Popen[str]] = set()
        self._ended = False
        self._lock = threading.Lock()
        # the kept folder holds several runs of trials
        self._files = len([*folder.glob("suite/*.bats")])

    def __enter__(self) -> Bats:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            with self._lock:
                self._ended = True
                end_trees([process.pid for process in self._running], groups=True)

    def run(self, trials: Sequence[Trial], lane: int) -> Iterator[Result]:
        """Runs these trials in a row, and yields each result as soon as it is known; the TAP is kept in the folder
        tap/.

        A row ends at a failed trial that another one of the row builds on: the rest is not run.
        """
        with self._lock:
            self._files += 1
            name = f"{self._files:04}-{trials[0].kind}-{trials[0].subject.split(':')[0].rsplit('/', 1)[-1]}"
        file = write_suite(self.folder, name, trials, lane)
        tap = self.folder / "tap"
        tap.mkdir(exist_ok=True)
        # what an interrupted bats leaves is deleted with our own folder
        scraps = self.folder / "scraps"
        scraps.mkdir(exist_ok=True)
        words = ["bats", "--formatter", STREAM, str(file)]
        with (
            (tap / f"{name}.tap").open("w", encoding="utf-8") as copy,
            self._begun(words, {**os.environ, "TMPDIR": str(scraps)}) as said,
        ):
            yield from _results(trials, said, copy)

    @contextmanager
    def _begun(self, words: Sequence[str], environment: Mapping[str, str]) -> Iterator[IO[str]]:
        """What a bats says, which is ended with this context; nothing, if all have been ended already."""
        with self._lock:  # whoever ends them all must not miss one that is just starting
            process = None if self._ended else _started(words, environment)
            if process is not None:
                self._running.add(process)
        if process is None:
            yield io.StringIO()
            return
        assert process.stdout is not None
        with process:
            try:
                yield process.stdout
            finally:
                with self._lock:
                    self._running.discard(process)
                if process.poll() is None and not _has_ended(process):
                    os.killpg(process.pid, signal.SIGKILL)


def _started(words: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
    # we handle Ctrl-C: bats and what it runs are in a session of their own
    return subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        start_new_session=True, env=environment,
    )  # fmt: skip


def _has_ended(process: subprocess.Popen[str]) -> bool:
    """Whether bats ends by itself after its output is complete."""
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        return False
    return True


def _results(trials: Sequence[Trial], said: IO[str], copy: IO[str]) -> Iterator[Result]:
    """Yields a result per trial from the output of bats; the TAP is copied to `copy`."""
    started = time.monotonic()
    failed: Result | None = None
    words: list[str] = []
    done = 0
    for line in said:
        if not line.startswith(("begin ", "suite ")):
            copy.write(line)
        found = LINE.match(line)
        if found is None:
            words.append(line)
            continue
        # the output of a failed test ends where the next test begins
        if failed is not None:
            yield _with_words(failed, words)
            if any(failed.trial.id in trial.after for trial in trials[done:]):
                return
        failed, words = None, []
        if found[1] == "begin":
            started = time.monotonic()
            continue
        result = Result(trials[done], found[1] == "ok", (), time.monotonic() - started)
        done += 1
        if result.ok:
            yield result
        else:
            failed = result
    if failed is not None:
        yield _with_words(failed, words)
    for trial in trials[done:]:
        yield Result(trial, ok=False, lines=("bats ended before it: ", *_plain(words)))


def _with_words(result: Result, words: Sequence[str]) -> Result:
    return Result(result.trial, ok=False, lines=tuple(_plain(words)), seconds=result.seconds)


def _plain(tap: Sequence[str]) -> Iterator[str]:
    """The lines that the test printed, without the place in the bats file, which is of no use."""
    for line in tap:
        text = line.rstrip("\n").removeprefix("# ")
        if not re.match(r"\(?(in test file|from function)|\s*(in test file|`.* failed)|1\.\.\d+$", text):
            yield text


def write_suite(folder: Path, name: str, trials: Sequence[Trial], lane: int = 0) -> Path:
    """The bats file `name` of these trials."""
    suite = folder / "suite"
    suite.mkdir(exist_ok=True)
    file = suite / f"{name}.bats"
    path = os.pathsep.join(word for word in sys.path if word)
    head = FILE.format(
        file=shlex.quote(str(file)), socket=shlex.quote(str(folder / SOCKET)), client=shlex.quote(str(CLIENT)),
        folder=shlex.quote(str(folder)), path=shlex.quote(path), python=shlex.quote(sys.executable), lane=lane,
    )  # fmt: skip
    tests = [
        TEST.format(title=f"'{title}'", words=shlex.join([trial.kind, trial.subject]))
        for title, trial in zip(titles(trials), trials, strict=True)
    ]
    file.write_text(head + "".join(tests), "utf-8")
    return file


def titles(trials: Iterable[Trial]) -> Iterator[str]:
    """A title for each trial that bats accepts: unique within its file."""
    seen: Counter[str] = Counter()
    for trial in trials:
        title = trial.title.translate(PLAIN)
        seen[title] += 1
        yield title if seen[title] == 1 else f"{title} ({seen[title]})"
