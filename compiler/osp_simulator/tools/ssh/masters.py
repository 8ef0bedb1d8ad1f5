"""What several ssh connections share: a master at its control path, and the words of `-O` to it."""

from __future__ import annotations

import os
import socket

from osp_simulator.engine import events
from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.world import World
from osp_simulator.hosts import remote
from osp_simulator.hosts.pinned import open_folder

_masters: dict[tuple[int, str, str], str] = {}  # (world, caller's host, control path): the host it leads to


def control_path(world: World, call: Call, options: remote.Options, user: str, name: str) -> str:
    path = options.get("controlpath")
    if not path or path == "none":
        return ""
    port = options.get("port", "22")
    home = world.files.home_of(call.host, call.user)
    mixed = f"{call.host}{name}{port}{user}".encode()
    import hashlib

    for key, value in {
        "%h": name, "%p": port, "%r": user, "%n": name, "%u": call.user, "%l": call.host, "%L": call.host,
        "%C": hashlib.sha1(mixed).hexdigest(), "%d": home, "%%": "%",
    }.items():  # fmt: skip
        path = path.replace(key, value)
    path = path.replace("~", home, 1) if path.startswith("~") else path
    path = path if path.startswith("/") else f"{call.cwd}/{path}"
    if len(path) > 90:
        raise Refused(255, f'unix_listener: path "{path}" too long for Unix domain socket')
    return path


def master(world: World, call: Call, path: str) -> str:
    key = (id(world), call.host, path)
    host = _masters.get(key, "")
    if host and not world.files.path(call.host, path).exists():
        _masters.pop(key)
        return ""
    return host


def open_master(world: World, call: Call, path: str, host: str) -> None:
    place = world.files.path(call.host, path)
    if not place.parent.is_dir():
        call.stderr.write(f"unix_listener: cannot bind to path: {path}.XXXXXXXX: No such file or directory\n")
        raise Refused(255)
    if not place.exists():
        folder = open_folder(place.parent)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as made:
                made.bind(f"/proc/self/fd/{folder}/{place.name}")
        finally:
            os.close(folder)
    _masters[id(world), call.host, path] = host


def control(call: Call, world: World, command: str, path: str) -> int:
    host = master(world, call, path)
    if not path:
        raise Refused(255, 'No ControlPath specified for "-O" command')
    if not host:
        raise Refused(255, f"Control socket connect({path}): No such file or directory")
    if command == "check":
        call.stderr.write(f"Master running (pid={call.pid})\n")
        return 0
    if command in ("exit", "stop"):
        world.files.path(call.host, path).unlink(missing_ok=True)
        _masters.pop((id(world), call.host, path), None)
        call.stderr.write("Exit request sent.\n" if command == "exit" else "Stop listening request sent.\n")
        return 0
    raise Refused(255, "Invalid multiplex command.")


@events.host_down.handler
def masters_end(world: World, host: str, **_: bool) -> None:
    """A connection's end at either side takes its master and its socket away."""
    for key, far in list(_masters.items()):
        if key[0] == id(world) and host in (far, key[1]):
            _masters.pop(key)
            world.files.path(key[1], key[2]).unlink(missing_ok=True)
