"""What many unit tests share."""

import sys
from pathlib import Path

import pytest

from osp_compile.assets import SPECS
from unit.machine import no_sandbox
from unit.parsers import python2

PYTHON2 = python2()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever starts a simulated site has the mark by which `-m 'not sandbox'` leaves it out."""
    for item in items:
        if "sandbox" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.sandbox)


@pytest.fixture(scope="session")
def sandbox() -> None:
    """What a simulated site is started with: a test that asks for it is skipped where there is none."""
    if lacking := no_sandbox():
        pytest.skip(lacking)


@pytest.fixture
def minimal() -> Path:
    """The smallest example."""
    return SPECS / "examples/minimal.yaml"


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or fills the cache of the person who runs it; the tests of one run share one."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(
    params=[
        pytest.param(sys.executable, id="python3"),
        pytest.param(
            PYTHON2, id="python2", marks=pytest.mark.skipif(PYTHON2 is None, reason="this machine has no Python 2.7")
        ),
    ]
)
def python(request: pytest.FixtureRequest) -> str:
    """The Python that runs a program of the bundle, each in turn: an undercloud has 2.7."""
    return str(request.param)
