"""Imports libraries that few commands need: the server starts without site-packages (`python -S`)."""

from __future__ import annotations

import importlib
import site
from types import ModuleType


def load(name: str) -> ModuleType:
    """Import a library by name, from site-packages if need be."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        site.main()
        return importlib.import_module(name)
