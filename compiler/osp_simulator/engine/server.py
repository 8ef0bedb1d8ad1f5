"""The world's server: takes calls from the sandboxes and requests from the command line, over one unix socket."""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO, cast

from osp_simulator.engine import sessions, watching
from osp_simulator.engine.call import Call, Exec, Gone, Killed, guarded
from osp_simulator.engine.control import answer_control
from osp_simulator.engine.dispatch import Dispatcher
from osp_simulator.engine.protocol import caller, is_outside, receive, send
from osp_simulator.engine.recording import Recording
from osp_simulator.engine.served import Served
from osp_simulator.engine.world import World
from osp_simulator.fast.interpreter import Interpreter
from osp_simulator.fast.threads import Threads
from osp_simulator.hosts import folders, users
from osp_simulator.safety.runs import Runs

Recorder = Callable[[World], Recording]  # makes the recorder of a world that is about to be served
IDLE_LIMIT = 1800.0  # real seconds without a call after which a server saves its world and ends


class Server:
    """Serves one world until it is told to stop, its folder vanishes, or no call has come for long."""

    def __init__(self, folder: Path, listener: socket.socket, recorder: Recorder | None = None) -> None:
        self.listener = listener
        self.stopping = threading.Event()
        self.last_call = time.monotonic()
        self._recorder = recorder
        self.world = World.load(folder, self._serve)
        gc.freeze()  # the objects so far stay: the garbage collector need not look at them again

    def _serve(self, world: World) -> Served:
        """What the world has of its server."""
        self.sessions = sessions.Sessions(world)
        self.dispatcher = Dispatcher(world, self.sessions)
        watching.load_rules()
        world.files.root("undercloud")
        bundle = world.state.get("bundle")
        user = users.of_undercloud(world.state["site"])
        return Served(
            runner=self.sessions,
            runs=Runs(world, manifest_of(world)),
            perform=self.dispatcher.perform,
            time_file=os.open(world.folder / "bin" / ".now", os.O_WRONLY),
            interpreter=Interpreter(world.folder, bundle, user) if bundle else None,
            recorder=self._recorder(world) if self._recorder is not None else None,
        )

    def serve(self) -> None:
        self.listener.settimeout(1.0)
        threads = Threads(self._connection)
        while not self.stopping.is_set():
            try:
                connection, _ = self.listener.accept()
            except TimeoutError:
                idle = time.monotonic() - self.last_call > IDLE_LIMIT and not self.sessions.running()
                if idle or not (self.world.folder / "run" / "socket").exists():
                    break
                continue
            connection.settimeout(None)
            self.last_call = time.monotonic()
            threads.take(connection)
        self.sessions.kill_all()
        if self.world.folder.is_dir():
            self.world.save()
            (self.world.folder / "run" / "socket").unlink(missing_ok=True)

    def _connection(self, connection: socket.socket) -> None:
        with connection:
            try:
                message = receive(connection)
                if message is None:
                    return
                fields, fds = message
                if fields[0] == b"control":
                    if not is_outside(connection):
                        return
                    answer = answer_control(self, json.loads(fields[1]))
                    send(connection, json.dumps(answer).encode())
                else:
                    self._call(connection, fields, fds)
            except (ConnectionError, Gone):
                return
            except Exception:
                traceback.print_exc()
                sys.stderr.flush()
                self.world.state.setdefault("errors", []).append(traceback.format_exc())

    def _call(self, connection: socket.socket, fields: list[bytes], fds: list[int]) -> None:
        words = [field.decode("utf-8", "surrogateescape") for field in fields]
        open_fds = descriptors(words[1], fds)
        count = int(words[2])
        argv, cwd = words[3 : 3 + count], words[3 + count]
        env = dict(word.split("=", 1) for word in words[4 + count :] if "=" in word)
        timers = tuple(key for key in env.get(sessions.TIMERS, "").split(":") if key)
        host, user, pid = caller(connection)
        self.world.clock.around = timers
        stdout, stderr = Text(open_fds[1]), Text(open_fds[2])
        call = Call(
            tool=Path(argv[0]).name, argv=tuple(argv[1:]), host=host, user=user, cwd=cwd, env=env,
            stdin=guarded(open_fds[0], connection), stdout=cast(TextIO, stdout), stderr=cast(TextIO, stderr),
            fds=(open_fds[0], open_fds[1], open_fds[2]), timers=timers, pid=pid, connection=connection,
        )  # fmt: skip
        try:
            self._answer(connection, call)
        finally:
            for stream in (stdout, stderr):
                try:
                    stream.close()
                except OSError:
                    pass
            for fd in open_fds.values():
                os.close(fd)

    def _answer(self, connection: socket.socket, call: Call) -> None:
        try:
            outcome: tuple[str, ...] = ("exit", str(self.dispatcher.perform(call)))
        except Exec as becomes:
            outcome = ("exec", *becomes.argv)
        except Killed as killed:
            outcome = ("signal", str(killed.signal))
        except (Gone, ConnectionError):
            return
        send(connection, *[word.encode("utf-8", "surrogateescape") for word in outcome])


def descriptors(numbers: str, fds: list[int]) -> dict[int, int]:
    """{the caller's descriptor: ours} of those that it has sent; a standard stream that it has closed is added."""
    ours = dict(zip((int(word) for word in numbers.split(",") if word), fds, strict=True))
    for number in (0, 1, 2):
        if number not in ours:
            ours[number] = os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
    return ours


def manifest_of(world: World) -> dict[str, Any]:
    """The manifest of the bundle that is rehearsed; empty if the world has none."""
    bundle = world.state.get("bundle")
    return folders.load_manifest(Path(bundle)) if bundle and Path(bundle, "manifest.json").exists() else {}


class Text:
    """A text stream on a caller's descriptor, opened at its first use: most calls print on one or none."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._stream: TextIO | None = None

    def __getattr__(self, name: str) -> Any:
        if self._stream is None:
            self._stream = text(self._fd)
        return getattr(self._stream, name)

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()


def text(fd: int) -> TextIO:
    return open(os.dup(fd), "w", encoding="utf-8", errors="surrogateescape", newline="\n", buffering=1)
