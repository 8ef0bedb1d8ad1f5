"""Events by name: what time or a tool brings about, and the handlers that carry out the consequences."""

from __future__ import annotations

from collections.abc import Callable

Event = Callable[..., None]

EVENTS: dict[str, list[Event]] = {}


def event(name: str, *, first: bool = False) -> Callable[[Event], Event]:
    """Register a function `f(world, **data)` for the named event; several may answer.

    The handler registered as first runs before the others, which are called in the order of their modules.
    """

    def register(function: Event) -> Event:
        known = EVENTS.setdefault(name, [])
        known.insert(0 if first else len(known), function)
        return function

    return register
