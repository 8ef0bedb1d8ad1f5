"""The tools, events and rules of the simulator, found by themselves in the package `tools`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from osp_simulator.engine.call import Call
    from osp_simulator.engine.world import World

Handler = Callable[["Call", "World"], int]
Event = Callable[..., None]

TOOLS: dict[str, Handler] = {}
EVENTS: dict[str, list[Event]] = {}


def tool(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler under the command names it answers to; it returns the exit status."""

    def register(handler: Handler) -> Handler:
        for name in names:
            if name in TOOLS:
                raise ValueError(f"two tools are called {name}")
            TOOLS[name] = handler
        return handler

    return register


def event(name: str, *, first: bool = False) -> Callable[[Event], Event]:
    """Register a function `f(world, **data)` for the named event; several may answer.

    One does before all others what these go on from; the others are called in the order of their modules.
    """

    def register(function: Event) -> Event:
        known = EVENTS.setdefault(name, [])
        known.insert(0 if first else len(known), function)
        return function

    return register


def load_tools() -> None:
    """Import every module of the package `tools`, whose decorators fill TOOLS and EVENTS."""
    package: Any = importlib.import_module("osp_simulator.tools")
    for module in sorted(info.name for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")):
        importlib.import_module(module)
