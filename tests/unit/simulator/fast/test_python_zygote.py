"""The Python that runs already: what is there is read at once, what is still to come by a process of its own."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from osp_simulator.engine.protocol import user_of
from osp_simulator.fast import python_zygote
from unit.waiting import LIMIT, begun, read

PARSER = "import json, sys\nprint(sys.argv[1], len(json.load(sys.stdin)))\n"


@dataclass(frozen=True)
class Awake:
    requests: socket.socket
    folder: Path

    def ask(self, source: str, stdin: int, stdout: int | None = None) -> int:
        """Hands a request over; the descriptor on which its status will be told."""
        file = self.folder / f"{abs(hash(source))}.py"
        file.write_text(source)
        told, telling = os.pipe()
        null = os.open(os.devnull, os.O_RDWR)
        fds = [stdin, null if stdout is None else stdout, null, telling]
        socket.send_fds(self.requests, [json.dumps([str(file), "word"]).encode()], fds)
        for fd in (telling, null):
            os.close(fd)
        return told

    def read(self, source: str, text: str) -> tuple[int, str]:
        """(status, what it prints) of a request whose input is there."""
        stdin, writing = os.pipe()
        os.write(writing, text.encode())
        os.close(writing)
        reading, stdout = os.pipe()
        told = self.ask(source, stdin, stdout)
        for fd in (stdin, stdout):
            os.close(fd)
        return answer(told, reading)


def answer(told: int, reading: int) -> tuple[int, str]:
    """(status, what it prints), once both are there."""
    try:
        return ord(read(told, "the status of what the zygote runs")), read(reading, "what it prints")
    finally:
        for fd in (told, reading):
            os.close(fd)


@pytest.fixture
def python(tmp_path: Path) -> Iterator[Awake]:
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    words = [sys.executable, "-S", "-c", Path(python_zygote.__file__).read_text("utf-8"), str(far.fileno())]
    with begun(words, pass_fds=(far.fileno(),)) as process:
        far.close()
        yield Awake(near, tmp_path)
        near.close()
        assert process.wait(LIMIT) == 0


def test_what_is_there_is_read_at_once_and_nothing_of_one_is_left_to_the_next(python: Awake) -> None:
    assert python.read(PARSER, "[1, 2]") == (0, "word 2\n")
    assert python.read("import sys\nsys.exit(3)\n", "") == (3, "")
    assert python.read("print(name)\n", "")[0] == 1
    assert python.read("name = 1\n", "") == (0, "")
    assert python.read("print(name)\n", "")[0] == 1
    assert python.read(PARSER, "[]") == (0, "word 0\n")


def test_input_that_is_still_to_come_keeps_nobody_waiting(python: Awake) -> None:
    stdin, writing = os.pipe()
    reading, stdout = os.pipe()
    told = python.ask(PARSER, stdin, stdout)
    assert python.read(PARSER, "[7]") == (0, "word 1\n")
    os.write(writing, b"[1, 2, 3]")
    for fd in (writing, stdin, stdout):
        os.close(fd)
    assert answer(told, reading) == (0, "word 3\n")


def test_a_caller_that_has_gone_ends_nothing(python: Awake) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    reading, stdout = os.pipe()
    os.close(reading)
    os.close(python.ask("print('x' * 100000)\n", null, stdout))
    for fd in (null, stdout):
        os.close(fd)
    assert python.read(PARSER, "[1]") == (0, "word 1\n")


def test_a_user_is_named_by_the_host_s_own_file(tmp_path: Path) -> None:
    passwd = tmp_path / "passwd"
    passwd.write_text("root:x:0:0::/root:/bin/sh\nstack:x:1001:1001::/home/stack:/bin/bash\n")
    assert [user_of(uid, passwd) for uid in (0, 1001, 7)] == ["root", "stack", "7"]
