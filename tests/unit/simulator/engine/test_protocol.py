"""Who has called: a process that is killed before anybody looked at it is not a fault of the server."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from osp_simulator.engine.protocol import caller, listen
from unit.waiting import LIMIT

CLIENT = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); print(flush=True); input()"


# ends at once, and leaves its connection to a child
LEAVES = CLIENT.replace("input()", "import os; os.fork() or input()")


@pytest.fixture
def client(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[subprocess.Popen[str], socket.socket]]:
    """A process outside every sandbox that has connected, and the server's end of its connection."""
    (tmp_path / "run").mkdir()
    with listen(tmp_path) as listener:
        words = [sys.executable, "-I", "-c", getattr(request, "param", CLIENT), "run/socket"]
        process = subprocess.Popen(words, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        with process:
            assert process.stdout is not None
            process.stdout.readline()
            connection, _ = listener.accept()
            with connection:
                yield process, connection
            process.kill()


def test_a_caller_that_was_killed_has_gone(client: tuple[subprocess.Popen[str], socket.socket]) -> None:
    process, connection = client
    process.kill()
    process.wait(LIMIT)
    with pytest.raises(ConnectionError, match=f"process {process.pid} has gone"):
        caller(connection)


@pytest.mark.parametrize("client", [LEAVES], indirect=True)
def test_a_caller_at_its_end_has_gone_though_its_connection_is_open(
    client: tuple[subprocess.Popen[str], socket.socket],
) -> None:
    process, connection = client
    process.wait(LIMIT)
    with pytest.raises(ConnectionError, match=f"process {process.pid} has gone"):
        caller(connection)


def test_a_caller_that_lives_and_is_on_no_host_is_an_error(
    client: tuple[subprocess.Popen[str], socket.socket],
) -> None:
    with pytest.raises(FileNotFoundError):
        caller(client[1])
