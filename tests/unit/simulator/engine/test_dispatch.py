"""How a call ends whose tool cannot write any more: as the system would end it, and not as a fault of the simulator."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from osp_simulator.engine.call import Killed
from osp_simulator.engine.dispatch import Dispatcher
from osp_simulator.engine.world import World
from osp_simulator.seed.site import seed
from unit.simulator.worlds import SITE


@pytest.mark.parametrize(
    ("error", "number"),
    [(BrokenPipeError(), signal.SIGPIPE), (OSError(errno.EIO, os.strerror(errno.EIO)), signal.SIGHUP)],
    ids=["a pipe that nobody reads", "a terminal that is gone"],
)
def test_what_cannot_be_written_ends_the_tool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, number: int
) -> None:
    def run(_: Any) -> int:
        raise error

    world, sessions, call = World(tmp_path, seed({"site": SITE})), SimpleNamespace(), SimpleNamespace()
    dispatcher = Dispatcher(world, sessions)  # type: ignore[arg-type]  # a stand-in
    monkeypatch.setattr(dispatcher, "_run", run)
    with dispatcher._log, pytest.raises(Killed) as killed:
        dispatcher._exit_status(call)  # type: ignore[arg-type]  # a stand-in
    assert (killed.value.signal, world.state["errors"]) == (number, [])
