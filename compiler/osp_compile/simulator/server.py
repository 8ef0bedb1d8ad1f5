"""The world's server: takes calls from the sandboxes and questions from the command line, over one unix socket."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, TextIO

from osp_compile.simulator import faults, hosts, registry, sessions
from osp_compile.simulator.call import Call, Exec, Gone, Killed, Refused, guarded
from osp_compile.simulator.control import answer_control
from osp_compile.simulator.safety import registry as safety
from osp_compile.simulator.safety.runs import Runs
from osp_compile.simulator.world import World

IDLE_LIMIT = 1800.0  # real seconds without a call after which a forgotten server saves its world and ends


def listen(folder: Path) -> socket.socket:
    """The world's listening socket; its path may be longer than a socket's name can be."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    run = os.open(folder / "run", os.O_PATH)
    try:
        (folder / "run" / "socket").unlink(missing_ok=True)
        listener.bind(f"/proc/self/fd/{run}/socket")
    finally:
        os.close(run)
    listener.listen(128)
    return listener


class Server:
    """Serves one world until it is told to stop, its folder vanishes, or nobody has called for long."""

    def __init__(self, world: World, listener: socket.socket) -> None:
        self.world = world
        self.listener = listener
        self.stopping = threading.Event()
        self.last_call = time.monotonic()
        self.sessions = sessions.Sessions(world)
        world.local.timers = ()
        world.runner = self.sessions
        world.perform = self.perform
        safety.load_rules()
        world.runs = Runs(world, manifest_of(world))
        hosts.ensure(world, "undercloud")
        self._log = (world.folder / "calls.jsonl").open("a", encoding="utf-8", buffering=1)

    def serve(self) -> None:
        self.listener.settimeout(1.0)
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
            threading.Thread(target=self._connection, args=(connection,), daemon=True).start()
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
        open_fds = dict(zip((int(word) for word in words[1].split(",") if word), fds, strict=True))
        for number in (0, 1, 2):
            if number not in open_fds:
                open_fds[number] = os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
        count = int(words[2])
        argv, cwd = words[3 : 3 + count], words[3 + count]
        env = dict(word.split("=", 1) for word in words[4 + count :] if "=" in word)
        timers = tuple(key for key in env.get(sessions.TIMERS, "").split(":") if key)
        host, user, pid = caller(connection)
        self.world.local.timers = timers
        stdout, stderr = text(open_fds[1]), text(open_fds[2])
        call = Call(
            tool=Path(argv[0]).name, argv=tuple(argv[1:]), host=host, user=user, cwd=cwd, env=env,
            stdin=guarded(open_fds[0], connection), stdout=stdout, stderr=stderr,
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
            outcome: tuple[str, ...] = ("exit", str(self.perform(call)))
        except Exec as becomes:
            outcome = ("exec", *becomes.argv)
        except Killed as killed:
            outcome = ("signal", str(killed.signal))
        except (Gone, ConnectionError):
            return
        send(connection, *[word.encode("utf-8", "surrogateescape") for word in outcome])

    def perform(self, call: Call) -> int:
        """What the tool does, with the faults planted for it, and a line in the list of calls; its exit status.

        Raises Exec, Killed, Gone and ConnectionError: what else can come of a call.
        """
        started = self.world.now()
        outcome = "gone"
        try:
            status = self._exit_status(call)
            outcome = f"exit {status}"
            return status
        except Exec as becomes:
            outcome = f"exec {becomes.argv[0]}"
            raise
        except Killed as killed:
            outcome = f"signal {killed.signal}"
            raise
        finally:
            self._record(call, started, outcome)

    def _exit_status(self, call: Call) -> int:
        try:
            return self._run(call)
        except Refused as refused:
            return complain(call, refused.status, refused.text)
        except BrokenPipeError:
            raise Killed(signal.SIGPIPE) from None
        except (Exec, Killed, Gone, ConnectionError):
            raise
        except Exception as error:
            self.world.state.setdefault("errors", []).append(traceback.format_exc())
            traceback.print_exc()
            return complain(call, 70, f"simulator: {call.tool}: {type(error).__name__}: {error}")

    def _run(self, call: Call) -> int:
        world = self.world
        handler = registry.TOOLS.get(call.tool)
        if handler is None:
            raise Refused(127, f"bash: {call.tool}: command not found")
        if not world.state["hosts"][call.host]["up"]:
            wait_for_end(call)
        with world.lock:
            behaviour = faults.find(world.state["faults"], " ".join((call.tool, *call.argv)), call.host, call.user)
        word, status, words = faults.split(behaviour)
        if word == "exit":
            raise Refused(status, words)
        if word == "hang":
            world.hang()
        if word == "kill":
            self.sessions.kill_all()
            raise Gone
        if (behaviour and word not in faults.GENERAL) or word.startswith("lost"):
            object.__setattr__(call, "fault", behaviour)
        result = self._act(handler, call, killed_after=word == "kill-after")
        if word == "hang-after":
            world.hang()
        if word == "after":
            raise Refused(status, words)
        return result

    def _act(self, handler: registry.Handler, call: Call, killed_after: bool) -> int:
        with self.world.lock:
            safety.watch(self.world, "call", call)
        try:
            result = handler(call, self.world)
        finally:
            # also where a reboot has ended its caller
            if killed_after:
                self.sessions.kill_all()
        if killed_after:
            raise Gone
        return result

    def _record(self, call: Call, started: int, outcome: str) -> None:
        changed = self.world.changed()
        if changed:
            with self.world.lock:
                safety.watch(self.world, "changed")
        hosts.write_uptime(self.world, call.host)
        line = {
            "at": started, "ended": self.world.now(), "host": call.host, "user": call.user, "tool": call.tool,
            "argv": call.argv, "outcome": outcome,
            "exit": int(outcome[5:]) if outcome.startswith("exit ") else None,
            "changed": changed,
        }  # fmt: skip
        with self.world.lock:
            self._log.write(json.dumps(line, ensure_ascii=True) + "\n")


def manifest_of(world: World) -> dict[str, Any]:
    """The manifest of the bundle that is rehearsed, or nothing where the world has none."""
    bundle = world.state.get("bundle")
    return hosts.load_manifest(Path(bundle)) if bundle and Path(bundle, "manifest.json").exists() else {}


def caller(connection: socket.socket) -> tuple[str, str, int]:
    """(host, user, pid) of the client, by its process: what it says of itself is not asked."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    pid = int.from_bytes(raw[:4], sys.byteorder)
    host, user = Path(f"/proc/{pid}/root/run/osp-sim/id").read_text().split()
    return host, user, pid


def wait_for_end(call: Call) -> None:
    """On a host that goes down nothing answers any more; the caller is about to be killed."""
    poller = select.poll()
    poller.register(call.connection, select.POLLIN)
    if not poller.poll(5000):
        raise Killed(signal.SIGKILL)
    raise Gone


def text(fd: int) -> TextIO:
    return open(os.dup(fd), "w", encoding="utf-8", errors="surrogateescape", newline="\n", buffering=1)


def complain(call: Call, status: int, words: str) -> int:
    if words:
        try:
            call.stderr.write(words if words.endswith("\n") else words + "\n")
        except OSError:
            pass
    return status


def receive(connection: socket.socket) -> tuple[list[bytes], list[int]] | None:
    """The fields and descriptors of one message, or nothing if the other end has gone."""
    data, fds, _, _ = socket.recv_fds(connection, 65536, 3)
    while data and (len(data) < 4 or len(data) < 4 + int.from_bytes(data[:4], "big")):
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    return (data[4:].split(b"\0"), list(fds)) if data else None


def send(connection: socket.socket, *fields: bytes) -> None:
    payload = b"\0".join(fields)
    try:
        connection.sendall(len(payload).to_bytes(4, "big") + payload)
    except ConnectionError:
        pass
