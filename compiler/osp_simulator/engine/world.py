"""The single source of truth for all simulated tools: the state, and the clock, files and changes that go with it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from osp_simulator.engine.changes import Change, Changes
from osp_simulator.engine.clock import Clock
from osp_simulator.engine.events import EVENTS, Event, P
from osp_simulator.engine.host_files import HostFiles
from osp_simulator.engine.served import Served

if TYPE_CHECKING:
    from osp_simulator.state import State


class World:
    """A world lives in a folder: state.json, calls.jsonl, hosts/<name>/root (each host's files), bin/ and run/.

    `state` is plain JSON data (see state/) and is touched under `lock` only. `serve` makes what the world has of a
    server, and is called last; nothing is added to a world later.
    """

    def __init__(self, folder: Path, state: State, serve: Callable[[World], Served] | None = None) -> None:
        self.folder: Final = folder
        self.state: Final = state
        self.lock: Final = threading.RLock()
        self._served: Served | None = None
        self.files: Final = HostFiles(folder, state)
        self.changes: Final = Changes(state, self.lock, self._note)
        self.clock: Final = Clock(state, self.lock, self._happen_by_name, self._tell_time)
        if serve is not None:
            self._served = serve(self)
            self.clock.tell()

    @classmethod
    def load(cls, folder: Path, serve: Callable[[World], Served] | None = None) -> World:
        """The world whose state is saved in this folder."""
        return cls(folder, json.loads((folder / "state.json").read_text("utf-8")), serve)

    @property
    def served(self) -> Served | None:
        """What the world has of its server; None without one."""
        return self._served

    def fire(self, event: Event[P], *_: P.args, **data: P.kwargs) -> None:
        """Have the event happen now."""
        with self.lock:
            self.changes.suspect()
            for handler in event.handlers:
                handler(self, *_, **data)

    def fire_by_name(self, name: str, data: dict[str, Any]) -> None:
        """The same of an event that is planned, or asked for from outside; KeyError if there is none of that name."""
        self.fire(EVENTS[name], **data)

    def happen(self, event: Event[P], *_: P.args, **data: P.kwargs) -> None:
        """Makes the event happen as if time or somebody else did it, not the tool that is running."""
        self._happen_by_name(event.name, data)

    def _happen_by_name(self, name: str, data: dict[str, Any]) -> None:
        changes = self.changes.by_others(lambda: self.fire_by_name(name, data))
        if self.served is not None:
            self.served.runs.time_brought(changes)

    def save(self) -> None:
        """Write state.json in one piece."""
        with self.lock:
            fresh = self.folder / "state.json.new"
            fresh.write_text(json.dumps(self.state, ensure_ascii=False), "utf-8")
            fresh.replace(self.folder / "state.json")

    def _note(self, changes: list[Change]) -> None:
        if self.served is not None and self.served.recorder is not None:
            self.served.recorder.noted(changes)

    def _tell_time(self, now: int) -> None:
        if self.served is not None:
            self.served.tell_time(now)
