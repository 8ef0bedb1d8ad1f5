"""Imports libraries that few commands need: a server of the bats suites starts without site-packages (`python -S`).

Its start takes 1.17 times as long where it has them all from the beginning.
"""

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
