"""The world's own time: its clock, the events that are planned, and the timeouts that run."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from osp_simulator.engine.call import Gone
from osp_simulator.engine.events import Event, P

if TYPE_CHECKING:
    from osp_simulator.state import State

# A call that waits this long in world time waits for ever: no change window is a month long.
FOREVER = 30 * 86400.0
PATIENCE = 10.0  # real seconds that one process's polls wait for another's limited command


class Clock:
    """Time in epoch seconds: it moves by `advance` alone, which has due events happen in order on its way.

    `happen` is called with each due event's name and data, `tell` with the time whenever it has moved. Both are called
    under the world's `lock`.
    """

    def __init__(
        self, state: State, lock: threading.RLock, happen: Callable[[str, dict[str, Any]], None],
        tell: Callable[[int], None],
    ) -> None:  # fmt: skip
        self._state = state
        self._lock = lock
        self._happen = happen
        self._tell = tell
        self._timer_ended = threading.Condition(lock)
        self._timers: dict[str, tuple[float, Callable[[], None]]] = {}
        self._timer_ids = itertools.count(1)
        self._thread = threading.local()

    @property
    def around(self) -> tuple[str, ...]:
        """The keys of the timeouts around the call that this thread performs."""
        found: tuple[str, ...] = getattr(self._thread, "timers", ())
        return found

    @around.setter
    def around(self, timers: tuple[str, ...]) -> None:
        self._thread.timers = timers

    def now(self) -> int:
        """World time, epoch seconds."""
        return int(self._state["clock"])

    def at(self, when: float, event: Event[P], *_: P.args, **data: P.kwargs) -> None:
        """Schedules the event for the world time `when`; if that is past, for the next time that time moves."""
        with self._lock:
            self._state["sequence"] = self._state.get("sequence", 0) + 1
            self._state["events"].append(
                {"at": when, "order": self._state["sequence"], "name": event.name, "data": {**data}}
            )
            self._state["events"].sort(key=lambda event: (event["at"], event["order"]))

    def after(self, seconds: float, event: Event[P], *_: P.args, **data: P.kwargs) -> None:
        self.at(self._state["clock"] + seconds, event, *_, **data)

    def cancel(self, event: Event[...], **data: Any) -> None:
        """Forget these events, if their data holds all of these values."""
        with self._lock:
            self._state["events"] = [
                planned
                for planned in self._state["events"]
                if planned["name"] != event.name
                or any(planned["data"].get(key) != value for key, value in data.items())
            ]

    def advance(self, seconds: float) -> None:
        """Lets time pass, running due events in order; Gone if a timeout around the calling tool ends meanwhile."""
        with self._lock:
            target = self._state["clock"] + max(seconds, 0.0)
            while True:
                events = self._state["events"]
                event_at = events[0]["at"] if events else float("inf")
                timer, timer_at = min(
                    ((key, entry[0]) for key, entry in self._timers.items()),
                    key=lambda t: t[1],
                    default=("", float("inf")),
                )
                when = min(event_at, timer_at)
                if when > target:
                    break
                self._state["clock"] = max(self._state["clock"], when)
                self.tell()
                if timer_at <= event_at:
                    self._ring(timer)
                else:
                    due = events.pop(0)
                    self._happen(due["name"], due["data"])
            self._state["clock"] = target
            self.tell()

    def advance_to_timer(self) -> bool:
        """Lets time pass until the `timeout` that ends first is over; False if none is running."""
        with self._lock:
            if not self._timers:
                return False
            self.advance(min(at for at, _ in self._timers.values()) - self._state["clock"])
            return True

    def advance_after_others(self, seconds: float) -> None:
        """Lets time pass once no other process has a `timeout` running, or after PATIENCE real seconds.

        For a client that polls while somebody else asks: many of its polls fit into the moment that an answer really
        takes, and would use up the limit of the question.
        """
        own = set(self.around)
        with self._timer_ended:
            self._timer_ended.wait_for(lambda: self._timers.keys() <= own, PATIENCE)
        self.advance(seconds)

    def tell(self) -> None:
        """Writes the time for `date`."""
        self._tell(self.now())

    def hang(self) -> None:
        """Never returns: time passes until a timeout around this call ends it, or longer than any change window."""
        self.advance(FOREVER)
        raise Gone

    def wait_until(self, condition: Callable[[], bool], step: float = 5.0, limit: float = FOREVER) -> bool:
        """Poll the condition every `step` seconds of world time; False once `limit` seconds have passed."""
        deadline = self._state["clock"] + limit
        while not condition():
            if self._state["clock"] >= deadline:
                return False
            self.advance(step)
        return True

    def add_timer(self, seconds: float, ring: Callable[[], None], key: str | None = None) -> str:
        """A deadline of a running process (never saved); `ring` is called once, under the lock, at its time."""
        with self._lock:
            key = key or f"t{next(self._timer_ids)}"
            self._timers[key] = (self._state["clock"] + seconds, ring)
            return key

    def drop_timer(self, key: str) -> None:
        with self._timer_ended:
            self._timers.pop(key, None)
            self._timer_ended.notify_all()

    def _ring(self, key: str) -> None:
        _, ring = self._timers.pop(key)
        self._timer_ended.notify_all()
        ring()
        if key in self.around:
            raise Gone
