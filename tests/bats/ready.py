"""A Python that has the simulator imported, and forks itself for each `simulator` of the suites.

    ready.py PLACE PID      listens at PLACE/ready, until the process PID ends

To start Python and import the simulator takes longer than most of what the suites ask of it, ten times in a test.
A request comes from ready.pl: a length of 4 bytes and, joined by NULs, what `_answer` takes. The answer is `exit`, the
status, and what the command has printed on stdout and stderr; or for a `run` `exec ARGV...`, which the client becomes.
"""

from __future__ import annotations

import gc
import io
import os
import select
import signal
import socket
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from osp_simulator import cli
from osp_simulator.engine import lifecycle, protocol, registry, server, world
from osp_simulator.seed import site

FILTER = -1  # the client opens it, and puts its own number there
LIMIT = 900  # real seconds that one answer may take
IMPORTED = (site, server, world)  # for the worlds that are begun here


def serve(place: Path, owner: int) -> None:
    os.chdir(place)  # a socket's path has to be short
    owner_ends = os.pidfd_open(owner)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind("ready")
    listener.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    registry.load_tools()
    lifecycle.real_programs()
    gc.freeze()  # what is here now is never garbage, and looking at it would copy its pages in every child
    while True:
        asked, _, _ = select.select([listener, owner_ends], [], [])
        if owner_ends in asked:
            return
        connection, _ = listener.accept()
        if os.fork() == 0:
            _be_the_command(connection)
        connection.close()


def _be_the_command(connection: socket.socket) -> None:
    """In the child: answer, and end."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.alarm(LIMIT)
        message = protocol.receive(connection)
        if message is not None:
            protocol.send(connection, *_answer(*(field.decode("utf-8", "surrogateescape") for field in message[0])))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _answer(pid: str, on_terminal: str, cwd: str, count: str, *rest: str) -> list[bytes]:
    """`rest` are so many words of the command, and the environment."""
    words, environment = [*rest[: int(count)]], rest[int(count) :]
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(word.split("=", 1) for word in environment)
    with redirect_stdout(io.StringIO()) as said, redirect_stderr(io.StringIO()) as complained:
        if words[:1] == ["run"]:
            try:
                line = cli.entered(Path(words[1]), words[2:], int(pid), on_terminal == "1")(FILTER)
            except (ValueError, OSError) as error:
                return [b"exit", b"1", b"", f"simulator: {error}\n".encode()]
            return [word.encode("utf-8", "surrogateescape") for word in ("exec", *line)]
        status = cli.main(words)
    return [b"exit", str(status).encode(), said.getvalue().encode(), complained.getvalue().encode()]


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
