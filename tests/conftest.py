"""Options and helpers of all tests."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

import pytest

# A site's paths have no blanks; tests write those of their own folders into scripts and lists as if they were a site's.
if re.search(r"[^\w./+-]", tempfile.gettempdir(), re.ASCII):
    os.environ["TMPDIR"] = tempfile.tempdir = "/tmp"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--longest", default="1/1", metavar="K/M", help="of every M longest tests, play the Kth")
    parser.addoption("--kept", type=Path, metavar="DIR", help="holds a kept rehearsal in a folder for each example")
    parser.addoption(
        "--update",
        action="store_true",
        help="write what is made, by the tests that do; review it as code",
    )


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out the longest whose turn it is not, what reads kept rehearsals where there are none, and with --update
    what writes nothing, or plays a whole chapter that nobody asked for; the longest tests come first, so that none is
    last and alone.
    """
    part, parts = map(int, config.getoption("--longest").split("/"))
    longest = [item for item in items if item.get_closest_marker("longest")]
    left_out = [item for at, item in enumerate(longest) if at % parts != part - 1]
    if config.getoption("--kept") is None:
        left_out += [item for item in items if item.get_closest_marker("kept")]
    if config.getoption("--update"):
        left_out += [item for item in items if "update" not in getattr(item, "fixturenames", ())]
        if "whole" not in config.getoption("-m"):
            left_out += [item for item in items if item.get_closest_marker("whole")]
    config.hook.pytest_deselected(items=left_out)
    out = {*map(id, left_out)}
    chosen = [item for item in items if id(item) not in out]
    items[:] = sorted(chosen, key=lambda item: not item.get_closest_marker("whole"))
