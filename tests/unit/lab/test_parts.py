"""Every module of the lab that is a part of it is started."""

from __future__ import annotations

import importlib
import pkgutil

from lab import parts
from lab.run import PARTS


def test_every_part_is_started_once() -> None:
    modules = [importlib.import_module(f"lab.parts.{one.name}") for one in pkgutil.iter_modules(parts.__path__)]
    started = [parts.name_of(part) for row in PARTS for part in row]
    assert sorted(started) == sorted(parts.name_of(one) for one in modules if hasattr(one, "start"))
