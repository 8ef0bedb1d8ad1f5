"""Finds which parts of the state have changed since the last look."""

from __future__ import annotations

import marshal
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from osp_simulator.state.places import below

if TYPE_CHECKING:
    from osp_simulator.state import State

# Parts of the state that are not the site's: clocks, plans and the simulator's own; `hosts` are compared one by one.
UNREMARKABLE = frozenset({"clock", "events", "faults", "sequence", "initial_site", "errors", "hosts"})
# The path of a part of the state: its name, or `hosts` and the name of a host.
Part = tuple[str, ...]
# (a part that has changed, its former value, marshalled; None if it is new)
Change = tuple[Part, bytes | None]


class Changes:
    """Compares the state with what it was; `noted` is called with the changes that `changed` has found."""

    def __init__(self, state: State, lock: threading.RLock, noted: Callable[[list[Change]], None]) -> None:
        self._state = state
        self._lock = lock
        self._noted = noted
        self._seen: dict[Part, bytes] = {}
        self._suspects: set[Part] = set()
        self._touched = False
        self.suspect()
        self._found()

    def touch(self) -> None:
        """Notes that something outside the state has changed, such as a file that a tool wrote."""
        self._touched = True

    def suspect(self, host: str = "") -> None:
        """Notes that the state, or only this host's part of it, may have changed: comparing all of it is slow."""
        with self._lock:
            self._suspects |= {("hosts", host)} if host else {*self._parts(), *self._seen}

    def changed(self) -> bool:
        """Whether the world has changed since the last call of this method."""
        with self._lock:
            touched, self._touched = self._touched, False
            changes = self._found()
            self._noted(changes)
            return bool(changes) or touched

    def by_others(self, act: Callable[[], None]) -> list[Change]:
        """The changes that `act` makes; `changed` reports those that were made before it, and none of these."""
        with self._lock:
            self.suspect()
            own = self.changed()
            act()
            changes = self._found()
            self._touched = own
            return changes

    def part(self, part: Part) -> Any:
        """The value of this part of the state; None if it is gone."""
        return below(self._state, part)

    def _found(self) -> list[Change]:
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
        yield from ((name,) for name in self._state if name not in UNREMARKABLE)
        yield from (("hosts", host) for host in self._state.get("hosts", ()))
