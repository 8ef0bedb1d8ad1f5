"""Making a world, starting its server, and asking it."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osp_simulator.fast import client
from osp_simulator.hosts import network, sandbox

if TYPE_CHECKING:
    from osp_simulator.engine.server import Server
    from osp_simulator.state import State

# Real programs that a RHEL 7 host has; what is neither here nor simulated is "command not found", as it would be there.
REAL = """
[ arch awk base64 basename bash bunzip2 bzcat bzip2 cat chcon chmod cksum clear cmp column comm cp cpio csplit
cut dd diff diff3 dir dircolors dirname du echo egrep env expand expr factor false fgrep file find flock fmt fold gawk
getent getopt grep groups gunzip gzip head hexdump hostid iconv id install join kill less link ln locale logname look
ls lscpu md5sum mkdir mkfifo mknod mktemp more mv namei nice nl nohup nproc numfmt od openssl paste pathchk perl pgrep
pidof pinky pkill pr printenv printf ps pstree ptx pwd readlink realpath rename renice rev rm rmdir script sed seq
setsid sh sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sort split ssh-agent stat stdbuf stty sum sync
tac tail tar taskset tee test top touch tput tr true truncate tsort tty unexpand uniq unlink unxz unzip users
vdir whoami vi watch wc which xargs xmllint xz xzcat yes zcat zgrep zip
""".split()
DATE = """\
if [ "$*" = +%s ] && read -r now </usr/bin/.now; then
  echo "$now"
else
  exec /usr/bin/.world/date "$@"
fi
"""
END_LIMIT = 60.0  # real seconds that a server may take to save its world and end, on a busy machine
DUAL = {"python2": "python2", "python2.7": "python2.7", "python3": "python3"}


def make(folder: Path, state: State, bash: str | None = None) -> None:
    """Lay out a world's folder (which must not exist) round its first state."""
    folder.mkdir(parents=True)
    (folder / "state.json").write_text(json.dumps(state, ensure_ascii=False), "utf-8")
    (folder / "calls.jsonl").touch()
    (folder / "hosts").mkdir()
    if bash:
        (folder / "bash").write_text(os.path.realpath(bash))


def remove(folder: Path) -> None:
    """Takes a world's folder, or its run/, away where there is one; void goes first: only root may look into it."""
    for void in (folder / "void", folder / "run" / "void"):
        with suppress(OSError):
            void.rmdir()
    for attempt in (1, 2, 3):
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            return
        except OSError:  # a process that was killed a moment ago has written a last file
            if attempt == 3:
                raise
        else:
            return


def prepare(folder: Path) -> None:
    """bin/ (one client under every simulated name, links to the real programs) and run/."""
    from osp_simulator.engine.registry import TOOLS, load_tools

    load_tools()
    remove(folder / "run")
    (folder / "run" / "id").mkdir(parents=True)
    (folder / "run" / "void").mkdir(mode=0)
    (folder / "run" / "void").chmod(0)
    (folder / "run" / "void-file").touch()
    (folder / "run" / "void-file").chmod(0)
    (folder / "run" / "no-network").write_bytes(network.files_alone(network.machine()))
    shutil.rmtree(folder / "bin", ignore_errors=True)
    (folder / "bin").mkdir()
    knows_time = client.install(folder / "bin")
    for name in TOOLS:
        (folder / "bin" / name).symlink_to(client.CLIENT)
    (folder / "bin" / ".now").touch()
    if not knows_time:
        _clock(folder)
    for name, program in real_programs().items():
        if name not in TOOLS:
            os.symlink(program, f"{folder}/bin/{name}")
    if not (folder / "bin/python3").is_symlink():
        (folder / "bin/python3").symlink_to(sandbox.interpreter())
    if (folder / "bash").exists():
        _shell(folder)


def _clock(folder: Path) -> None:
    """`date` where the client is perl's: what scripts ask ten times in a step is answered before that has started."""
    place = folder / "bin" / "date"
    place.unlink()
    (folder / "bin" / ".world").mkdir()
    (folder / "bin" / ".world" / "date").symlink_to(f"../{client.CLIENT}")
    shell = sandbox.inside(os.path.realpath("/usr/bin/sh"))
    place.write_text(f"#!{shell}\n{DATE}", "utf-8")
    place.chmod(0o755)


@cache
def real_programs() -> dict[str, str]:
    """{name: where a sandbox finds it} of the real programs of a host that this machine has."""
    found = {}
    for name, program in {**{name: name for name in REAL}, **DUAL}.items():
        for directory in ("/usr/bin", "/usr/sbin"):
            place = os.path.realpath(f"{directory}/{program}")
            if os.path.exists(place) and place.startswith(("/usr/bin/", "/usr/sbin/")):
                found[name] = sandbox.inside(place)
                break
    return found


def _shell(folder: Path) -> None:
    """Another bash than the machine's own, first on every sandbox's PATH."""
    for name in ("bash", "sh"):
        (folder / "bin" / name).unlink(missing_ok=True)
    shutil.copy((folder / "bash").read_text(), folder / "bin" / "bash")
    (folder / "bin" / "sh").symlink_to("bash")


def start(folder: Path, prepared: Callable[[Server], None] | None = None) -> None:
    """Start the world's server in the background; it answers once this returns.

    `prepared` is called with the server, in its own process, before it serves anybody.
    """
    from osp_simulator.engine.server import Server
    from osp_simulator.engine.wire import listen
    from osp_simulator.engine.world import World

    prepare(folder)
    listener = listen(folder)
    sys.stdout.flush()
    sys.stderr.flush()
    if os.fork():
        listener.close()
        return
    status = 1
    try:
        os.setsid()
        if os.fork():
            os._exit(0)
        _detach(folder, listener)
        # whoever started it may have it otherwise: a server outlives those that it answers
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        (folder / "run" / "pid").write_text(f"{os.getpid()}\n")
        server = Server(World.load(folder), listener)
        if prepared is not None:
            prepared(server)
        server.serve()
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _detach(folder: Path, listener: socket.socket) -> None:
    """Hold nothing of whoever started this: a test runner waits until its descriptors are closed."""
    log = os.open(folder / "run" / "server.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for word in os.listdir("/proc/self/fd"):
        if int(word) > 2 and int(word) not in (listener.fileno(), log):
            try:
                os.close(int(word))
            except OSError:
                pass
    os.chdir("/")


def connect(folder: Path) -> socket.socket:
    run = os.open(folder / "run", os.O_PATH)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(f"/proc/self/fd/{run}/socket")
    except OSError:
        connection.close()
        raise
    finally:
        os.close(run)
    return connection


def ask(folder: Path, verb: str, **data: Any) -> Any:
    """A question to the world, whose server is started anew if it has ended; ValueError says why it was refused."""
    try:
        connection = connect(folder)
    except OSError:
        if not (folder / "state.json").exists():
            raise ValueError(f"no world is in {folder}") from None
        start(folder)
        connection = connect(folder)
    with connection:
        payload = b"control\0" + json.dumps({"verb": verb, **data}).encode()
        connection.sendall(len(payload).to_bytes(4, "big") + payload)
        size = int.from_bytes(_receive(connection, 4), "big")
        answer = json.loads(_receive(connection, size))
    if "error" in answer:
        raise ValueError(answer["error"])
    return answer["value"]


def _receive(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise ValueError("the world's server ended")
        data += more
    return data


def stop(folder: Path) -> None:
    """End the server and every process of the world; returns once it is gone."""
    try:
        with connect(folder):
            pass
    except OSError:
        return
    with suppress(OSError, ValueError):
        server = os.pidfd_open(int((folder / "run" / "pid").read_text()))
        try:
            with suppress(ValueError):  # it was gone before it had answered
                ask(folder, "stop")
            with suppress(OSError), connect(folder):  # wakes the accept
                pass
            select.select([server], [], [], END_LIMIT)
        finally:
            os.close(server)
