"""The registry of simulated tools; modules of the package `tools` register themselves."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from osp_simulator.engine.call import Call
    from osp_simulator.engine.world import World

Handler = Callable[["Call", "World"], int]

TOOLS: dict[str, Handler] = {}


def tool(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler under the command names it answers to; it returns the exit status."""

    def register(handler: Handler) -> Handler:
        for name in names:
            if name in TOOLS:
                raise ValueError(f"two tools are called {name}")
            TOOLS[name] = handler
        return handler

    return register


def load_tools() -> None:
    """Import every module of the package `tools`, whose decorators fill TOOLS and the events."""
    package: Any = importlib.import_module("osp_simulator.tools")
    for module in sorted(info.name for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")):
        importlib.import_module(module)
