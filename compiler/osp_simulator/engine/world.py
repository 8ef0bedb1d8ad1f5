"""The single source of truth for all simulated tools: state, clock, events, and each host's files."""

from __future__ import annotations

import itertools
import json
import marshal
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from osp_simulator.engine.call import Gone
from osp_simulator.engine.events import EVENTS
from osp_simulator.hosts import folders, users
from osp_simulator.hosts.pinned import of_host

if TYPE_CHECKING:
    from osp_simulator.engine.call import Call
    from osp_simulator.engine.recording import Recording
    from osp_simulator.engine.run import Run
    from osp_simulator.fast.interpreter import Interpreter
    from osp_simulator.state import State

# A call that waits this long in world time waits for ever: no change window is a month long.
FOREVER = 30 * 86400.0
PATIENCE = 10.0  # real seconds that one process's polls wait for another's limited command
# Parts of the state that change with time alone, while the site stays the same.
UNREMARKABLE = frozenset({"clock", "events", "faults", "sequence", "origin", "hosts"})
# The path of a part of the state: its name, or `hosts` and the name of a host.
Part = tuple[str, ...]


class Runner(Protocol):
    """Runs real processes in sandboxes (engine/sessions.py)."""

    def spawn(
        self, call: Call, host: str, user: str, argv: list[str], *, env: Mapping[str, str], cwd: str,
        stdin: int | None = None,
    ) -> int: ...  # fmt: skip

    def host_down(self, host: str) -> None: ...


class Watched(Protocol):
    """The runs that the safety rules watch (safety/runs.py)."""

    @property
    def current(self) -> Run | None: ...

    def begin(self, section: str) -> None: ...

    def end(self, status: int, output: str) -> list[dict[str, Any]]: ...

    def cut(self) -> list[dict[str, Any]]: ...

    def journalled(self) -> int: ...

    def time_brought(self, changes: Iterable[tuple[Part, bytes | None]]) -> None: ...


class World:
    """A world lives in a folder: state.json, calls.jsonl, hosts/<name>/root (each host's files), bin/ and run/.

    `state` is plain JSON data (see state/) and is touched under `lock` only. Time is the world's own, in epoch
    seconds: it moves by `advance` alone, which runs due events in order on its way.
    """

    def __init__(self, folder: Path, state: State) -> None:
        self.folder = folder
        self.state = state
        self.lock = threading.RLock()
        self._timer_ended = threading.Condition(self.lock)
        self.local = threading.local()
        self.runner: Runner | None = None  # runs real processes in sandboxes; only a served world has one
        self.runs: Watched | None = None  # the run that the safety rules watch; only a served world has one
        self.perform: Callable[[Call], int] | None = None  # performs a tool's call within another's, without a process
        self.interpreter: Interpreter | None = None  # only a served world has one
        self.on_host_down: list[Callable[[str], None]] = [lambda host: self.fire("host_down", host=host, off=True)]
        self._uptimes: dict[str, float] = {}  # the content of each host's /proc/uptime
        self.recorder: Recording | None = None  # writes a flight plan's lines; only a first run has one
        self.clock: int | None = None  # descriptor of the file that `date` reads; only a served world has one
        self._timers: dict[str, tuple[float, Callable[[], None]]] = {}
        self._roots: dict[str, Path] = {}
        self._timer_ids = itertools.count(1)
        self._seen: dict[Part, bytes] = {}
        self._suspects: set[Part] = set()
        self._touched = False
        self.suspect()
        self.changed()

    @classmethod
    def load(cls, folder: Path) -> World:
        return cls(folder, json.loads((folder / "state.json").read_text("utf-8")))

    def now(self) -> int:
        """World time, epoch seconds."""
        return int(self.state["clock"])

    def at(self, when: float, name: str, **data: Any) -> None:
        """Schedules the event for the world time `when`; if that is past, for the next time that time moves."""
        if name not in EVENTS:
            raise KeyError(f"no event is called {name}")
        with self.lock:
            self.state["sequence"] = self.state.get("sequence", 0) + 1
            self.state["events"].append([when, self.state["sequence"], name, data])
            self.state["events"].sort(key=lambda entry: (entry[0], entry[1]))

    def after(self, seconds: float, name: str, **data: Any) -> None:
        self.at(self.state["clock"] + seconds, name, **data)

    def cancel(self, name: str, **data: Any) -> None:
        """Forget events of this name whose data holds all of these values."""
        with self.lock:
            self.state["events"] = [
                entry
                for entry in self.state["events"]
                if entry[2] != name or any(entry[3].get(key) != value for key, value in data.items())
            ]

    def fire(self, name: str, **data: Any) -> None:
        """Have the event happen now."""
        with self.lock:
            self.suspect()
            for function in EVENTS[name]:
                function(self, **data)

    def advance(self, seconds: float) -> None:
        """Lets time pass, running due events in order; Gone if a timeout around the calling tool ends meanwhile."""
        with self.lock:
            target = self.state["clock"] + max(seconds, 0.0)
            while True:
                events = self.state["events"]
                event_at = events[0][0] if events else float("inf")
                timer, timer_at = min(
                    ((key, entry[0]) for key, entry in self._timers.items()),
                    key=lambda t: t[1],
                    default=("", float("inf")),
                )
                when = min(event_at, timer_at)
                if when > target:
                    break
                self.state["clock"] = max(self.state["clock"], when)
                self.tell_time()
                if timer_at <= event_at:
                    self._ring(timer)
                else:
                    _, _, name, data = events.pop(0)
                    self.happen(name, data)
            self.state["clock"] = target
            self.tell_time()

    def advance_to_timer(self) -> bool:
        """Lets time pass until the `timeout` that ends first is over; False if none is running."""
        with self.lock:
            if not self._timers:
                return False
            self.advance(min(at for at, _ in self._timers.values()) - self.state["clock"])
            return True

    def advance_behind(self, seconds: float) -> None:
        """Lets time pass once no other process has a `timeout` running, or after PATIENCE real seconds.

        For a client that polls while somebody else asks: many of its polls fit into the moment that an answer really
        takes, and would use up the limit of the question.
        """
        own = set(getattr(self.local, "timers", ()))
        with self._timer_ended:
            self._timer_ended.wait_for(lambda: self._timers.keys() <= own, PATIENCE)
        self.advance(seconds)

    def tell_time(self) -> None:
        """Writes the time for `date`."""
        if self.clock is not None:
            os.pwrite(self.clock, b"%d\n" % self.now(), 0)  # always ten digits, so that a reader never sees half a time

    def happen(self, name: str, data: dict[str, Any]) -> None:
        """Makes the event happen as if time or somebody else did it, not the tool that is running."""
        self.suspect()
        own = self.changed()
        self.fire(name, **data)
        changes = self._changes()
        if self.runs is not None:
            self.runs.time_brought(changes)
        self._touched = own

    def hang(self) -> None:
        """Never returns: time passes until a timeout around this call ends it, or longer than any change window."""
        self.advance(FOREVER)
        raise Gone

    def wait_until(self, condition: Callable[[], bool], step: float = 5.0, limit: float = FOREVER) -> bool:
        """Poll the condition every `step` seconds of world time; False once `limit` seconds have passed."""
        deadline = self.state["clock"] + limit
        while not condition():
            if self.state["clock"] >= deadline:
                return False
            self.advance(step)
        return True

    def add_timer(self, seconds: float, ring: Callable[[], None], key: str | None = None) -> str:
        """A deadline of a running process (never saved); `ring` is called once, under the lock, at its time."""
        with self.lock:
            key = key or f"t{next(self._timer_ids)}"
            self._timers[key] = (self.state["clock"] + seconds, ring)
            return key

    def drop_timer(self, key: str) -> None:
        with self._timer_ended:
            self._timers.pop(key, None)
            self._timer_ended.notify_all()

    def _ring(self, key: str) -> None:
        _, ring = self._timers.pop(key)
        self._timer_ended.notify_all()
        ring()
        if key in getattr(self.local, "timers", ()):
            raise Gone

    def path(self, host: str, absolute: str) -> Path:
        """The server's path of a host's file; the bundle, which all runs share, is read at its own path."""
        parts = [part for part in absolute.split("/") if part not in ("", ".")]
        if ".." in parts:
            parts = [part for part in os.path.normpath(absolute).split("/") if part]
        bundle = self.state.get("bundle")
        if bundle and host == "undercloud" and parts[:3] == ["home", "stack", "bundle"]:
            return Path(bundle, *parts[3:])
        return of_host(self.root(host), parts)

    def settled(self, host: str, place: Path) -> Path:
        """A path from `path`, to which a name was added: what is a link there leads to something on the host."""
        root = self.root(host)
        return of_host(root, [*place.relative_to(root).parts]) if place.is_relative_to(root) else place

    def home_of(self, host: str, user: str) -> str:
        """The user's home on that host."""
        return users.home_of(self.folder, host, user)

    def root(self, host: str) -> Path:
        """The folder of a host's files, made when it is first asked for."""
        if host not in self._roots:
            if folders.make(self.folder, self.state, host):
                self.tell_uptime(host)
            self._roots[host] = self.folder / "hosts" / host / "root"
        return self._roots[host]

    def tell_uptime(self, host: str) -> None:
        """Writes the host's /proc/uptime for the present time."""
        seconds = self.state["clock"] - self.state["hosts"][host]["booted_at"]
        if self._uptimes.get(host) != seconds:
            self._uptimes[host] = seconds
            folders.write_uptime(self.folder / "hosts" / host, seconds)

    def tell_boot(self, host: str) -> None:
        """Writes the host's boot id for its present boot."""
        folders.write_boot_id(self.folder / "hosts" / host, self.state["hosts"][host]["boot_id"])
        self.tell_uptime(host)

    def touch(self) -> None:
        """Notes that something outside `state` has changed, such as a file that a tool wrote."""
        self._touched = True

    def suspect(self, host: str = "") -> None:
        """Notes that `state`, or only this host's part of it, may have changed: comparing all of it is slow."""
        self._suspects |= {("hosts", host)} if host else {*self._parts(), *self._seen}

    def changed(self) -> bool:
        """Whether the world has changed since the last call of this method."""
        with self.lock:
            touched, self._touched = self._touched, False
            changes = self._changes()
            if self.recorder is not None:
                self.recorder.noted(changes)
            return bool(changes) or touched

    def _changes(self) -> list[tuple[Part, bytes | None]]:
        """(part, its former value, marshalled) for each part of the state that has changed since the last look."""
        suspects, self._suspects = self._suspects, set()
        found = []
        for part in suspects:
            old, new = self._seen.get(part), marshal.dumps(self.part(part), 2)
            if old != new:
                found.append((part, old))
                self._seen[part] = new
        return found

    def _parts(self) -> Iterator[Part]:
        """The parts that are compared separately: each host, and every other part of the state that is not a clock."""
        yield from ((name,) for name in self.state if name not in UNREMARKABLE)
        yield from (("hosts", host) for host in self.state.get("hosts", ()))

    def part(self, part: Part) -> Any:
        """The value of this part of the state; None if it is gone."""
        if len(part) > 1:
            return self.state.get("hosts", {}).get(part[1])
        whole: Mapping[str, Any] = self.state
        return whole.get(part[0])

    def save(self) -> None:
        """Write state.json in one piece."""
        with self.lock:
            fresh = self.folder / "state.json.new"
            fresh.write_text(json.dumps(self.state, ensure_ascii=False), "utf-8")
            fresh.replace(self.folder / "state.json")
