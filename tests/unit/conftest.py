"""What many unit tests share."""

from pathlib import Path

import pytest

from osp_compile.assets import SPECS


@pytest.fixture
def minimal() -> Path:
    """The smallest example."""
    return SPECS / "examples/minimal.yaml"


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or fills the cache of the person who runs it; the tests of one run share one."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
