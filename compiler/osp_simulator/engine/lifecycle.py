"""Makes a world, starts its server, and sends it requests."""

from __future__ import annotations

import fcntl
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
    from osp_simulator.engine.server import Recorder, Server
    from osp_simulator.state import State

# Real programs of a RHEL 7 host; any other that is not simulated is "command not found", as on a real host.
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
END_LIMIT = 60.0  # real seconds in which a server must save its world and end, even on a busy machine
DUAL = {"python2": "python2", "python2.7": "python2.7", "python3": "python3"}


def make(folder: Path, state: State, bash: str | None = None) -> None:
    """Makes a world's folder (which must not exist) with its first state."""
    folder.mkdir(parents=True, mode=0o700)
    (folder / "state.json").write_text(json.dumps(state, ensure_ascii=False), "utf-8")
    (folder / "calls.jsonl").touch()
    (folder / "hosts").mkdir()
    if bash:
        (folder / "bash").write_text(os.path.realpath(bash))


def remove(folder: Path) -> None:
    """Removes a world's folder, or its run/, if it exists; void is removed first, since only root may look into it."""
    for void in (folder / "void", folder / "run" / "void"):
        with suppress(OSError):
            void.rmdir()
    for attempt in (1, 2, 3):
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            return
        except OSError:  # a process that was just killed may still have written a file
            if attempt == 3:
                raise
        else:
            return


def prepare(folder: Path) -> None:
    """Makes bin/ (one client under every simulated name, links to the real programs) and run/."""
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
    """A `date` for worlds whose client is perl: scripts ask it ten times in a step, and perl starts too slowly."""
    place = folder / "bin" / "date"
    place.unlink()
    (folder / "bin" / ".world").mkdir()
    (folder / "bin" / ".world" / "date").symlink_to(f"../{client.CLIENT}")
    shell = sandbox.inside(os.path.realpath("/usr/bin/sh"))
    place.write_text(f"#!{shell}\n{DATE}", "utf-8")
    place.chmod(0o755)


@cache
def real_programs() -> dict[str, str]:
    """{name: path within a sandbox} of a host's real programs, as far as this machine has them."""
    found = {}
    for name, program in {**{name: name for name in REAL}, **DUAL}.items():
        for directory in ("/usr/bin", "/usr/sbin"):
            place = os.path.realpath(f"{directory}/{program}")
            if os.path.exists(place) and place.startswith(("/usr/bin/", "/usr/sbin/")):
                found[name] = sandbox.inside(place)
                break
    return found


def _shell(folder: Path) -> None:
    """Puts another bash than the machine's own first on every sandbox's PATH."""
    for name in ("bash", "sh"):
        (folder / "bin" / name).unlink(missing_ok=True)
    shutil.copy((folder / "bash").read_text(), folder / "bin" / "bash")
    (folder / "bin" / "sh").symlink_to("bash")


def start(folder: Path, prepared: Callable[[Server], None] | None = None, recorder: Recorder | None = None) -> None:
    """Starts the world's server in the background; when this returns, it accepts requests.

    `prepared` is called with the server, in its own process, before it serves anybody; `recorder` makes what records
    its calls.
    """
    from osp_simulator.engine.protocol import listen
    from osp_simulator.engine.server import Server

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
        # the starting process may ignore or block these: a server outlives its clients
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        (folder / "run" / "pid").write_text(f"{os.getpid()}\n")
        server = Server(folder, listener, recorder)
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
    """Closes what was inherited: a test runner waits until its descriptors are closed."""
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


def ask(folder: Path, verb: str, *, patience: float | None = None, **data: Any) -> Any:
    """Sends a request to the world, and restarts its server if that has ended; ValueError says why it was refused.

    TimeoutError if the server says nothing for `patience` real seconds.
    """
    with _connected(folder) as connection:
        connection.settimeout(patience)
        payload = b"control\0" + json.dumps({"verb": verb, **data}).encode()
        connection.sendall(len(payload).to_bytes(4, "big") + payload)
        size = int.from_bytes(_receive(connection, 4), "big")
        answer = json.loads(_receive(connection, size))
    if "error" in answer:
        raise ValueError(answer["error"])
    return answer["value"]


def _connected(folder: Path) -> socket.socket:
    """A connection to the world's server; one that has ended is started again, by one of those who find it so."""
    with suppress(OSError):
        return connect(folder)
    if not (folder / "state.json").exists():
        raise ValueError(f"no world is in {folder}")
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with suppress(OSError):
            return connect(folder)
        start(folder)
        return connect(folder)
    finally:
        os.close(lock)


def _receive(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise ValueError("the world's server ended")
        data += more
    return data


def stop(folder: Path) -> None:
    """Ends the server and every process of the world; returns once it is gone."""
    try:
        with connect(folder):
            pass
    except OSError:
        return
    with suppress(OSError, ValueError):
        server = os.pidfd_open(int((folder / "run" / "pid").read_text()))
        try:
            with suppress(ValueError):  # it was gone before it had replied
                ask(folder, "stop")
            with suppress(OSError), connect(folder):  # wakes the accept
                pass
            if not select.select([server], [], [], END_LIMIT)[0]:
                signal.pidfd_send_signal(server, signal.SIGKILL)  # a tool of its own does not end
        finally:
            os.close(server)
