"""What time or a tool brings about, and what follows from it: events by name, each with those who answer it."""

from __future__ import annotations

from collections.abc import Callable

Event = Callable[..., None]

EVENTS: dict[str, list[Event]] = {}


def event(name: str, *, first: bool = False) -> Callable[[Event], Event]:
    """Register a function `f(world, **data)` for the named event; several may answer.

    One does before all others what these go on from; the others are called in the order of their modules.
    """

    def register(function: Event) -> Event:
        known = EVENTS.setdefault(name, [])
        known.insert(0 if first else len(known), function)
        return function

    return register
