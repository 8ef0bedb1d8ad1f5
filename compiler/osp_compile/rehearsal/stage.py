"""The stage: one process that has all that a trial needs imported, and forks itself for each trial.

Starting Python and importing the simulator takes longer than many trials. bats still runs each trial as a test of its
own: the test asks the stage by way of `play.pl`, prints what comes back, and ends with the trial's status.

A request is `LANE FOLDER KIND SUBJECT`, joined by NULs, and a line break; FOLDER is the rehearsal's. The reply is the
trial's lines, a NUL and its status. A client that hangs up before the reply ends the trial.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from osp_compile.diagnostics import RefusedError
from osp_compile.interruption import ENDING, ending_signals_blocked
from osp_compile.rehearsal import trial_kinds
from osp_compile.rehearsal.cpu_affinity import shares, stay_on
from osp_simulator.hosts.processes import end_trees, kill_tree

SOCKET = "stage"
LIMIT = 1800.0  # real seconds after which a trial is aborted
START = 60.0  # real seconds that the stage may take to start
REQUEST = 4096  # bytes


class Stage:
    """The client's side: the stage runs while this context is open, and no trial outlives it."""

    def __init__(self, folder: Path, lanes: int) -> None:
        self._folder = folder
        self._lanes = lanes

    def play(self, lane: int, place: Path, kind: str, subject: str, limit: float = LIMIT) -> tuple[int, list[str]]:
        """(status, lines) of one trial of the rehearsal in the folder `place`; TimeoutError after `limit` seconds."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(limit)
            folder = os.open(self._folder, os.O_PATH)
            try:
                connection.connect(f"/proc/self/fd/{folder}/{SOCKET}")
            finally:
                os.close(folder)
            connection.sendall("\0".join((str(lane), str(place), kind, subject)).encode() + b"\n")
            said = b""
            while more := connection.recv(65536):
                said += more
        lines, separator, status = said.decode("utf-8", "replace").rpartition("\0")
        if not separator:
            return 1, [*status.splitlines(), "the stage ended before the trial did"]
        return int(status), lines.splitlines()

    def __enter__(self) -> Stage:
        words = [sys.executable, "-m", "osp_compile.rehearsal", str(self._folder), "stage", str(self._lanes)]
        path = os.pathsep.join(word for word in sys.path if word)
        with ending_signals_blocked():  # `serve` unblocks them
            self._process = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
                env={**os.environ, "PYTHONPATH": path, **_bytecode(self._folder)},
            )  # fmt: skip
        try:
            self._wait_until_ready()
        except BaseException:
            # it plays nothing yet, and keeps bytecode in a folder that may be deleted next
            self._process.kill()
            self.__exit__(None, None, None)
            raise
        return self

    def _wait_until_ready(self) -> None:
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], START)
        if not ready or not self._process.stdout.readline():
            raise RefusedError(f"the process that plays the trials does not come up within {START:.0f} s")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            end_trees([self._process.pid])
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        (self._folder / SOCKET).unlink(missing_ok=True)


def _bytecode(folder: Path) -> dict[str, str]:
    """The environment for Python: if it is told to keep no bytecode, it keeps ours in the rehearsal's folder."""
    if not sys.dont_write_bytecode:
        return {}
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


@dataclass
class _Playing:
    """A running trial: its process, its client, and the real time at which it is aborted."""

    pid: int
    exit: int
    asker: socket.socket
    deadline: float


class _Server:
    """Forks a process for each request, and reports its end. It has no threads, since a fork does not copy them."""

    def __init__(self, folder: Path, lanes: int) -> None:
        self._lanes = shares(lanes)
        self._playing: list[_Playing] = []
        os.chdir(folder)  # a socket's path has to be short
        Path(SOCKET).unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(SOCKET)
        self._listener.listen(64)

    def serve(self) -> None:
        while True:
            asked = select.poll()
            asked.register(self._listener, select.POLLIN)
            asked.register(0, 0)  # closes when the process that started the stage is gone, for whatever reason
            for one in self._playing:
                asked.register(one.exit, select.POLLIN)
                asked.register(one.asker, 0)  # that it hangs up is reported without asking for it
            ready = {fd for fd, _ in asked.poll(1000 * self._patience())}
            if 0 in ready:
                return
            for one in [*self._playing]:
                self._look_at(one, ready)
            if self._listener.fileno() in ready:
                self._take(self._listener.accept()[0])

    def _patience(self) -> float:
        return max(0.0, min((one.deadline - time.monotonic() for one in self._playing), default=3600.0))

    def _look_at(self, one: _Playing, ready: set[int]) -> None:
        overdue = time.monotonic() >= one.deadline
        if one.exit not in ready and (overdue or one.asker.fileno() in ready):
            kill_tree(one.pid)
        elif one.exit not in ready:
            return
        status = os.waitstatus_to_exitcode(os.waitpid(one.pid, 0)[1])
        words = f"given up after {LIMIT:.0f} s\n" if overdue else f"it died by signal {-status}\n" if status < 0 else ""
        with suppress(OSError):
            one.asker.sendall(f"{words}\0{min(abs(status), 1)}".encode())
        one.asker.close()
        os.close(one.exit)
        self._playing.remove(one)

    def _take(self, asker: socket.socket) -> None:
        """Begins the requested trial; closes the connection if the request did not arrive in one piece."""
        asker.settimeout(5.0)
        try:
            lane, folder, kind, subject = asker.recv(REQUEST).decode().removesuffix("\n").split("\0")
            number = int(lane)
        except (OSError, ValueError):
            asker.close()
            return
        asker.settimeout(None)
        pid = os.fork()
        if pid == 0:
            self._become(asker, number, Path(folder), kind, subject)
        self._playing.append(_Playing(pid, os.pidfd_open(pid), asker, time.monotonic() + LIMIT))

    def _become(self, asker: socket.socket, lane: int, folder: Path, kind: str, subject: str) -> None:
        """In the child: plays the trial and exits."""
        status = 1
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.setsid()
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(asker.fileno(), 1)
            os.dup2(asker.fileno(), 2)
            self._listener.close()
            for other in (*self._playing, None):
                (other.asker if other else asker).close()
            if len(self._lanes) > 1:
                stay_on(self._lanes[lane % len(self._lanes)])
            if kind != "first":
                os.nice(10)  # the first runs build on each other and hold up all others
            status = play(folder, kind, subject)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)


def play(folder: Path, kind: str, subject: str) -> int:
    """Plays one trial: returns 0 if it passed; else 1, after a line for each thing that is wrong."""
    try:
        wrong: Iterable[str] = trial_kinds.run(folder, kind, subject).wrong
    except RefusedError as refused:
        wrong = (str(refused),)
    lines = list(wrong)
    for line in lines:
        print(line)
    return 1 if lines else 0


def serve(folder: Path, lanes: int) -> None:
    """Serves as the stage of the rehearsal in this folder, until told to end or until the starting process is gone."""

    def end(*_: object) -> None:
        raise SystemExit

    signal.signal(signal.SIGTERM, end)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    trial_kinds.import_all()
    server = _Server(folder, lanes)
    gc.freeze()  # the objects so far are never garbage, and collecting would copy their pages in every child
    print("ready", flush=True)
    try:
        server.serve()
    finally:
        end_trees([one.pid for one in server._playing])
