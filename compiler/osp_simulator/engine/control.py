"""The requests that the command line makes to a running world."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from osp_simulator.engine.meanwhile import set_by_others, taken_back
from osp_simulator.engine.snapshot import snapshot
from osp_simulator.hosts import sandbox, users
from osp_simulator.state import places
from osp_simulator.state.misfits import misfit

if TYPE_CHECKING:
    import threading

    from osp_simulator.engine.dispatch import Dispatcher
    from osp_simulator.engine.run import Breach
    from osp_simulator.engine.sessions import Sessions
    from osp_simulator.engine.world import World
    from osp_simulator.state import Meanwhile

BOOT_LIMIT = 4 * 3600.0  # world seconds that `run` waits for a host that is down


class Server(Protocol):
    """The server of a world (engine/server.py)."""

    world: World
    sessions: Sessions
    dispatcher: Dispatcher
    stopping: threading.Event


def answer_control(server: Server, question: dict[str, Any]) -> dict[str, Any]:
    """The reply to a request: {"value": ...}, or {"error": text}."""
    try:
        verb: Any = VERBS[question.pop("verb")]
        return {"value": verb(server, **question)}
    except (KeyError, IndexError, TypeError, ValueError, OSError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


def get(server: Server, path: str) -> Any:
    with server.world.lock:
        return places.lookup(server.world.state, path)


def _must_fit(why: str | None) -> None:
    if why is not None:
        raise ValueError(why)


def put(server: Server, path: str, value: Any, others: bool = False) -> None:
    """Sets a value; with `others` as somebody else's change, which the safety rules expect to stay."""
    _must_fit(misfit(path, value))
    with server.world.lock:
        if others:
            set_by_others(server.world, path, value)
        else:
            places.assign(server.world.state, path, value)
        server.world.clock.tell()
        server.world.changes.suspect()
        server.world.changes.changed()
        server.world.save()


def remove(server: Server, path: str) -> None:
    """Removes a part of the state; a missing one is ignored."""
    _must_fit(misfit(path))
    with server.world.lock:
        places.remove(server.world.state, path)
        server.world.changes.suspect()
        server.world.changes.changed()
        server.world.save()


def advance(server: Server, seconds: float) -> int:
    server.world.clock.advance(seconds)
    server.world.changes.changed()
    return server.world.clock.now()


def still(server: Server, seconds: float) -> dict[str, Any]:
    """How long no call has begun or ended, real seconds, and what is waited for: {"seconds": ..., "waited_for": ...}.

    After `seconds` of that, time passes until the first `timeout` is over: a real one would end what it has run.
    """
    progress = server.dispatcher.progress
    stood, waited_for = progress.still_for(), progress.waited_for()
    if stood >= seconds and server.world.clock.advance_to_timer():
        server.world.changes.changed()
        progress.moved()
        stood = 0.0
    return {"seconds": stood, "waited_for": waited_for}


def fire(server: Server, name: str, data: dict[str, Any]) -> None:
    server.world.fire_by_name(name, data)
    server.world.changes.changed()


def enter(server: Server, host: str, user: str, pid: int) -> dict[str, Any]:
    """The facts that `run` needs to become a sandbox; waits in world time until the host is up."""
    world = server.world
    if host not in world.state["hosts"]:
        raise KeyError(f"no host is called {host}")
    user = user or users.of_host(world.state["site"], host).name
    world.clock.around = ()
    if not world.clock.wait_until(lambda: bool(world.state["hosts"][host]["up"]), limit=BOOT_LIMIT):
        raise OSError(f"{host} does not come up")
    world.files.root(host)
    world.files.tell_uptime(host)
    sandbox.identity(world.folder, host, user)
    if server.sessions is not None:
        server.sessions.adopt(host, pid)
    return {"bundle": world.state.get("bundle"), "user": user, "home": world.files.home_of(host, user)}


def copy(server: Server, to: str) -> None:
    """Copies the world as it is now."""
    with server.world.lock:
        server.world.save()
        snapshot(server.world.folder, Path(to))


def stop(server: Server) -> int:
    server.stopping.set()
    return os.getpid()


def ping(_server: Server) -> int:
    return os.getpid()


def file(server: Server, host: str, path: str) -> str:
    """The real path of a host's file, for tests that read or place it."""
    if host not in server.world.state["hosts"]:
        raise KeyError(f"no host is called {host}")
    server.world.files.root(host)
    return str(server.world.files.path(host, path))


def take_back(server: Server) -> Meanwhile | None:
    """Undoes what somebody has done meanwhile, if its doer would; what had happened, or None if nothing has yet."""
    return taken_back(server.world)


def begin_run(server: Server, section: str) -> None:
    """Begins a run of this section's script; the safety rules watch until `end_run`."""
    assert server.world.served is not None
    with server.world.lock:
        server.world.served.runs.begin(section)


def end_run(server: Server, status: int, output: str) -> list[Breach]:
    """Ends the run, with the script's status and output; returns every breach of a safety rule in it."""
    served = server.world.served
    assert served is not None
    with server.world.lock:
        breaches = served.runs.end(status, output)
        if served.recorder is not None:
            served.recorder.looks()
        server.world.save()
        return breaches


VERBS = {
    "take_back": take_back,
    "begin_run": begin_run,
    "end_run": end_run,
    "get": get,
    "set": put,
    "remove": remove,
    "advance": advance,
    "still": still,
    "fire": fire,
    "enter": enter,
    "copy": copy,
    "stop": stop,
    "ping": ping,
    "file": file,
}
