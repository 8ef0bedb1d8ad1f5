"""The real processes of a world: starts sandboxes for sudo, ssh and the command line, and ends them."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from osp_simulator.engine.call import Call, Gone, ends
from osp_simulator.fast import list_files
from osp_simulator.hosts import sandbox, users
from osp_simulator.hosts.processes import Process, descendants, kill_tree, send_signal

if TYPE_CHECKING:
    from osp_simulator.engine.recording import SessionTrace
    from osp_simulator.engine.world import World

TIMERS = "OSP_SIM_TIMERS"  # the environment variable that names the `timeout`s around a process
GRACE = 0.5  # real seconds between SIGTERM and SIGKILL when a host goes down


@dataclass
class Session:
    """One sandbox: the process outside that holds it, and whether its host has gone down meanwhile."""

    host: str
    process: Process
    lost: bool = False


# Scratch files, and files that the rehearsed scripts write besides the effects of their commands.
UNNOTICED = ("tmp/", "run/")


Stamp = set[tuple[str, int, int]]
FOLDER = -1  # the size that stamps have for folders


def stamp(world: World, host: str, *, folders: bool = False) -> Stamp:
    """A host's files by name, size and time of change, to find what a real program has changed; and, if asked for, its
    folders by their names.
    """
    found = set()
    unnoticed = {*UNNOTICED, f"{users.records_of(world.state['site'])}/"}
    for name, entry in list_files.unordered(str(world.files.root(host)), unnoticed.__contains__, folders=folders):
        with suppress(FileNotFoundError):
            if name.endswith("/"):
                found.add((name, FOLDER, FOLDER))
                continue
            facts = entry.stat(follow_symlinks=False)
            found.add((name, facts.st_size, facts.st_mtime_ns))
    return found


def files_alone(stamps: Stamp) -> Stamp:
    """The stamp without its folders."""
    return {one for one in stamps if one[1] != FOLDER}


def different(before: Stamp, after: Stamp) -> Iterator[tuple[str, str]]:
    """(made, changed or removed; path without its first slash) of what differs between two stamps, sorted; a folder,
    whose path ends in a slash, only where nothing that it has or had says so.
    """
    old, new = ({name for name, _, _ in stamps} for stamps in (before, after))
    names = sorted({name for name, _, _ in before ^ after})
    for name, following in pairwise((*names, "")):
        if not (name.endswith("/") and following.startswith(name)):
            yield ("made" if name not in old else "removed" if name not in new else "changed"), name


class Sessions:
    def __init__(self, world: World) -> None:
        self.world = world
        self._lock = threading.Lock()
        self._sessions: list[Session] = []

    def running(self) -> bool:
        with self._lock:
            for session in [*self._sessions]:
                if not session.process.is_running():
                    self._remove(session)
            return bool(self._sessions)

    def adopt(self, host: str, pid: int) -> None:
        """Registers a sandbox that another process (the command line's `run`) has started and waits for."""
        with suppress(ProcessLookupError):
            session = Session(host, Process(pid))
            with self._lock:
                self._sessions.append(session)

    def _remove(self, session: Session) -> None:
        if session in self._sessions:
            self._sessions.remove(session)
            session.process.close()

    def spawn(
        self,
        call: Call,
        host: str,
        user: str,
        argv: list[str],
        *,
        env: Mapping[str, str],
        cwd: str,
        stdin: int | None = None,
    ) -> int:
        """Runs argv in a sandbox with the caller's descriptors until it ends; its exit status (128 + N for signal N).

        Raises ConnectionResetError if the host goes down meanwhile. The death of the caller ends it as well.
        """
        inside = {**env, TIMERS: ":".join(call.timers)} if call.timers else env
        fds = (call.fds[0] if stdin is None else stdin, call.fds[1], call.fds[2])
        with self._observed(call, host, user, argv) as trace:
            process = self._start(host, user, argv, inside, cwd, fds, trace)
            session = Session(host, Process(process.pid))
            with self._listed(session):
                self._wait(process, ends(call.connection, call.alarm))
        if session.lost:
            raise ConnectionResetError(host)
        status = process.returncode
        return 128 - status if status < 0 else status

    @contextmanager
    def _observed(self, call: Call, host: str, user: str, argv: list[str]) -> Iterator[SessionTrace | None]:
        """The session's trace if the run is recorded; notes in the end which files of the host have changed."""
        recorder = self.world.served.recorder if self.world.served is not None else None
        trace = recorder.session(call, host, user, argv) if recorder is not None else None
        traced = trace is not None
        before = stamp(self.world, host, folders=traced)
        try:
            yield trace
        except BaseException:
            if trace is not None:
                trace.ended(())
            raise
        after = stamp(self.world, host, folders=traced)
        if after != before and (not traced or files_alone(after) != files_alone(before)):
            self.world.changes.touch()  # not for a folder alone: whether a run is recorded makes no difference to it
        if trace is not None:
            trace.ended(different(before, after) if after != before else ())

    def _start(
        self,
        host: str,
        user: str,
        argv: list[str],
        env: Mapping[str, str],
        cwd: str,
        fds: tuple[int, int, int],
        trace: SessionTrace | None,
    ) -> subprocess.Popen[bytes]:
        """Starts a sandbox for argv with these standard descriptors, and those that a trace is written to."""
        variables, descriptors = (trace.variables, trace.descriptors) if trace is not None else ({}, ())
        no_network = sandbox.open_filter(self.world.folder)
        try:
            words = sandbox.command(
                self.world.folder, host, user, argv,
                env={**env, **variables}, cwd=cwd, bundle=self.world.state.get("bundle"), no_network=no_network,
            )  # fmt: skip
            return subprocess.Popen(
                words,
                stdin=fds[0],
                stdout=fds[1],
                stderr=fds[2],
                start_new_session=True,
                env=sandbox.surroundings(),
                pass_fds=(no_network, *descriptors),
            )
        finally:
            os.close(no_network)

    @contextmanager
    def _listed(self, session: Session) -> Iterator[None]:
        """Keeps the session among those that end with their host or with the world."""
        with self._lock:
            self._sessions.append(session)
        try:
            yield
        finally:
            with self._lock:
                self._remove(session)

    def _wait(self, process: subprocess.Popen[bytes], ending: tuple[int, ...]) -> None:
        pidfd = os.pidfd_open(process.pid)
        try:
            poller = select.poll()
            for one in (pidfd, *ending):
                poller.register(one, select.POLLIN)
            ready = {fd for fd, _ in poller.poll()}
            if pidfd not in ready:
                kill_tree(process.pid)
                process.wait()
                raise Gone
            process.wait()
        finally:
            os.close(pidfd)

    def host_down(self, host: str) -> None:
        """End every process on the host as an init that shuts down does: SIGTERM, a moment, SIGKILL."""
        with self._lock:
            ending = [session for session in self._sessions if session.host == host]
            for session in ending:
                session.lost = True
                if session.process.is_running():
                    for pid in descendants(session.process.pid)[1:]:
                        send_signal(pid, signal.SIGTERM)
        threading.Thread(target=self._kill_in_time, args=(ending,), daemon=True).start()

    def _kill_in_time(self, ending: list[Session]) -> None:
        deadline = time.monotonic() + GRACE
        while time.monotonic() < deadline and self._left(ending):
            time.sleep(0.01)
        self._kill(ending)

    def kill_all(self) -> None:
        """SIGKILL every process of the world at once."""
        with self._lock:
            ending = [*self._sessions]
        self._kill(ending)

    def _left(self, ending: list[Session]) -> list[Session]:
        """Those of them that still run; one that is not in the list any more has ended."""
        with self._lock:
            return [session for session in ending if session in self._sessions and session.process.is_running()]

    def _kill(self, ending: list[Session]) -> None:
        with self._lock:
            for session in ending:
                if session in self._sessions:
                    session.process.kill_tree()
