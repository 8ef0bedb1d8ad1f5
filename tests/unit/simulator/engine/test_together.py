"""What several processes may do to one world at the same time: each finds all of what the others have made."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from osp_simulator.engine import lifecycle, traces
from osp_simulator.engine.flight import Flight
from osp_simulator.engine.world import World
from osp_simulator.hosts import sandbox
from osp_simulator.seed.site import seed
from unit.simulator.worlds import SITE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A world's folder with a socket where its server's would be."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "socket").touch()
    return tmp_path


def before(monkeypatch: pytest.MonkeyPatch, name: str, other: Callable[[], object]) -> None:
    """Lets another process act just before the first call of a function of `os`."""
    real = getattr(os, name)

    def called(*words: object, **more: object) -> object:
        monkeypatch.setattr(os, name, real)
        other()
        return real(*words, **more)

    monkeypatch.setattr(os, name, called)


@pytest.mark.parametrize("step", ["mkdir", "link", "replace"])
def test_two_first_sandboxes_of_a_user_on_a_host(folder: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    before(monkeypatch, step, lambda: sandbox.identity(folder, "overcloud-compute-1", "root"))
    place = sandbox.identity(folder, "overcloud-compute-1", "root")
    assert {one.name: one.read_text() for one in place.iterdir()} == {"socket": "", "id": "overcloud-compute-1 root\n"}


def test_a_file_for_bash_is_whole_or_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = sandbox.identity(folder, "undercloud", "stack") / "trace.sh"
    seen: list[bool] = []
    before(monkeypatch, "replace", lambda: seen.append(place.exists()))
    traces.lay_out(folder, "undercloud", "stack", place.name, "set -o functrace\n")
    assert (seen, place.read_text()) == ([False], "set -o functrace\n")


def test_of_two_that_find_no_server_one_starts_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = tmp_path / "world"
    lifecycle.make(world, seed({"site": SITE}))
    connect, starts = lifecycle.connect, []

    def late(of: Path) -> socket.socket:
        monkeypatch.setattr(lifecycle, "connect", connect)
        lifecycle.start(of)  # by another process, before this one has the lock
        monkeypatch.setattr(lifecycle, "start", starts.append)
        raise ConnectionRefusedError

    monkeypatch.setattr(lifecycle, "connect", late)
    try:
        assert lifecycle.ask(world, "get", path="site.name") is not None
    finally:
        lifecycle.stop(world)
    assert not starts


class Owned(dict[int, object]):
    """A dict that only a thread with the world's lock may change or walk through."""

    def __init__(self, lock: threading.RLock) -> None:
        super().__init__()
        self.lock = lock

    def __setitem__(self, key: int, value: object) -> None:
        assert self.lock._is_owned()  # type: ignore[attr-defined]  # not in typeshed
        super().__setitem__(key, value)

    def values(self) -> Any:
        assert self.lock._is_owned()  # type: ignore[attr-defined]  # not in typeshed
        return super().values()

    items = values


def test_a_call_s_session_is_recorded_under_the_lock(folder: Path) -> None:
    """Calls of other hosts begin and end meanwhile, and one that begins walks through the sessions."""
    world = World(folder, seed({"site": SITE}))
    sandbox.put_whole(folder / "run" / "trace", "")
    flight = Flight(world, folder / "flights" / "2.00.jsonl")
    vars(flight).update(_sessions=Owned(world.lock), _open=Owned(world.lock))
    call: Any = SimpleNamespace(connection=None)
    with flight._lines:
        assert flight.session(call, "overcloud-compute-0", "root", ["id"]).host == "overcloud-compute-0"
    os.close(flight._script._file)


def test_what_may_have_changed_is_noted_under_the_lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(folder, seed({"site": SITE}))
    parts = world.changes._parts

    def watched() -> Iterator[tuple[str, ...]]:
        assert world.lock._is_owned()  # type: ignore[attr-defined]  # not in typeshed
        return parts()

    monkeypatch.setattr(world.changes, "_parts", watched)
    world.changes.suspect()
    assert world.changes.by_others(lambda: None) == []
