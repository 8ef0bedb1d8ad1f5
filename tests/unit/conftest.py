"""What many unit tests share."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from osp_compile.assets import SPECS
from unit.machine import no_sandbox
from unit.runtime.parse.parsers import python2

PYTHON2 = python2()
PERSONAL = {"LANGUAGE", "TZ", "TERM", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"}


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


@pytest.fixture(scope="session", autouse=True)
def own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or fills the cache of the person who runs it, nor sees their language, zone or terminal.

    For the whole session: the worlds that tests share are started before what is set for one test.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("LC_") or name in PERSONAL]:
            patch.delenv(name)
        patch.setenv("LANG", "C.UTF-8")
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        yield


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
