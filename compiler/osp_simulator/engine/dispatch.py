"""Performs one call of a tool: its effects, the faults set for it, the rules that watch it, and its record."""

from __future__ import annotations

import errno
import json
import os
import signal
import traceback
from dataclasses import replace
from typing import Any, Protocol

from osp_simulator.engine import events, faults, meanwhile, registry, watching
from osp_simulator.engine.call import Call, Exec, Gone, Killed, Refused, wait_for_end
from osp_simulator.engine.hostile import ANSWERS, ENDLESS
from osp_simulator.engine.progress import Progress
from osp_simulator.engine.sessions import Sessions
from osp_simulator.engine.world import World
from osp_simulator.fast.reach import reach


class Watcher(Protocol):
    """Watches every call, in the thread that performs it."""

    def before(self, call: Call) -> Any:
        """Called before the call acts; the returned value is passed to `after`."""

    def after(self, seen: Any) -> None:
        """Called after the call has acted, even if it does not return to its caller."""


class Dispatcher:
    """Performs calls in one world, and writes the list of them."""

    def __init__(self, world: World, sessions: Sessions) -> None:
        self.world = world
        self.sessions = sessions
        self.watchers: list[Watcher] = []
        self.progress = Progress()
        self._log = (world.folder / "calls.jsonl").open("a", encoding="utf-8", buffering=1)

    def perform(self, call: Call) -> int:
        """Performs the tool with the faults set for it, and adds a line to the list of calls; returns its exit status.

        Raises Exec, Killed, Gone or ConnectionError if the call ends in another way.
        """
        started = self.world.clock.now()
        served = self.world.served
        if served is not None and served.recorder is not None:
            served.recorder.begins(call)
        outcome = "gone"
        try:
            with self.progress.of(call):
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
            if isinstance(error, OSError) and error.errno == errno.EIO:  # its terminal is gone
                raise Killed(signal.SIGHUP) from None
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
            fault = faults.choose(world.state["faults"], " ".join((call.tool, *call.argv)), call.host, call.user)
            behaviour, places = (fault.get("do", ""), dict(fault.get("set", {}))) if fault else ("", {})
        if places:
            world.happen(events.others_set, places=places)
        word, status, words = faults.split(behaviour)
        if word == "answer":
            return _answer(call, self.world, behaviour.removeprefix("answer "))
        self._before(call, word, status, words, behaviour)
        if (behaviour and word not in faults.GENERAL) or word.startswith("lost"):
            call = replace(call, fault=behaviour)
        result = self._act(handler, call, killed_after=word == "kill-after")
        self._after(word, status, words, behaviour)
        return result

    def _before(self, call: Call, word: str, status: int, words: str, behaviour: str) -> None:
        """Applies a fault that acts before the tool, possibly instead of it."""
        if word == "exit":
            raise Refused(status, words)
        if word == "hang":
            self.world.clock.hang()
        if word == "wait":
            self.world.clock.advance(status)
        if word == "says":
            _say(call, behaviour.removeprefix("says "))
        if word == "kill":
            self.sessions.kill_all()
            raise Gone
        if word == "meanwhile":
            meanwhile.happens(self.world, behaviour.removeprefix("meanwhile "), " ".join(call.argv))

    def _after(self, word: str, status: int, words: str, behaviour: str) -> None:
        """Applies a fault that acts after the tool."""
        if word == "hang-after":
            self.world.clock.hang()
        if word == "shorten":
            _shorten(self.world, behaviour.removeprefix("shorten "))
        if word == "after":
            raise Refused(status, words)

    def _act(self, handler: registry.Handler, call: Call, killed_after: bool) -> int:
        with self.world.lock:
            watching.watch(self.world, "call", call)
        seen = [(watcher, watcher.before(call)) for watcher in self.watchers]
        try:
            result = handler(call, self.world)
        finally:
            for watcher, before in seen:
                watcher.after(before)
            # even if a reboot has ended its caller
            if killed_after:
                self.sessions.kill_all()
        if killed_after:
            raise Gone
        return result

    def _record(self, call: Call, started: int, outcome: str) -> None:
        touched = reach(call.tool, call.argv, call.host)
        if touched is not None:
            self.world.changes.suspect(touched)
        changed = self.world.changes.changed()
        if changed:
            with self.world.lock:
                watching.watch(self.world, "changed")
        self.world.files.tell_uptime(call.host)
        served = self.world.served
        line = {
            "at": started, "ended": self.world.clock.now(), "host": call.host, "user": call.user, "tool": call.tool,
            "argv": call.argv, "outcome": outcome,
            "exit": int(outcome[5:]) if outcome.startswith("exit ") else None,
            "changed": changed, "journal": served.runs.journalled() if served is not None else 0,
        }  # fmt: skip
        with self.world.lock:
            if served is not None and served.recorder is not None:
                served.recorder.ended(call, line)
            self._log.write(json.dumps(line, ensure_ascii=True) + "\n")


def _shorten(world: World, what: str) -> None:
    """Cuts every file that matches HOST:/PATTERN to half its size."""
    host, _, pattern = what.partition(":")
    for file in world.files.path(host, "/").glob(pattern.lstrip("/")):
        with file.open("r+b") as opened:
            opened.truncate(file.stat().st_size // 2)
    world.changes.touch()


def _answer(call: Call, world: World, name: str) -> int:
    _say(call, name)
    if name in ENDLESS:
        world.clock.hang()
    return 0


def _say(call: Call, name: str) -> None:
    call.stdout.flush()
    with open(os.dup(call.fds[1]), "wb") as stream:
        stream.write(ANSWERS[name])


def complain(call: Call, status: int, words: str) -> int:
    if words:
        try:
            call.stderr.write(words if words.endswith("\n") else words + "\n")
        except OSError:
            pass
    return status
