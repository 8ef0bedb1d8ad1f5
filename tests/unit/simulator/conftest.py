from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.simulator.worlds import SITE, Served, up


@pytest.fixture(scope="module")
def shared(sandbox: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One world for a module's tests that change nothing another could mind."""
    world = up(tmp_path_factory.mktemp("shared") / "w", SITE)
    yield world
    world.simulator("down")


@pytest.fixture
def world(sandbox: None, tmp_path: Path) -> Iterator[Served]:
    """A fresh world."""
    fresh = up(tmp_path / "w", SITE)
    yield fresh
    fresh.simulator("down")
