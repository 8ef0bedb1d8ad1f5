"""Runs inside the undercloud's sandbox: a Python with json and xml imported already, which becomes each file to be run.

Its first argument is the descriptor of the requests: each is a JSON list of the file and its arguments, with the
caller's descriptors 0, 1, 2, and a fourth on which the exit status is written as one byte. What it saves is said in
interpreter.py.
"""

import csv  # noqa: F401  imported by the bundle's parsers, here once for all of them
import gc
import io
import json
import os
import select
import signal
import socket
import stat
import sys
import traceback
import xml.etree.ElementTree  # noqa: F401  likewise
from contextlib import suppress
from types import CodeType

PIPE = 65536  # the capacity of a pipe in bytes


def serve(requests: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()  # the objects so far are never garbage, and collecting would copy their pages in every child
    known: dict[str, CodeType] = {}
    while True:
        message, fds, _, _ = socket.recv_fds(requests, 65536, 4)
        if not message:
            return
        words = json.loads(message)
        with suppress(OSError, SyntaxError, ValueError):  # a child meets the error again, and reports it to its caller
            if words[0] not in known:
                known[words[0]] = read(words[0])
        code = known.get(words[0])
        if code is not None and all_there(fds[0]):
            tell_status(fds[3], run(code, words, fds))
        elif os.fork() == 0:
            requests.close()
            tell_status(fds[3], run(code, words, fds))
            os._exit(0)
        for fd in fds:
            os.close(fd)


def all_there(fd: int) -> bool:
    """Whether nothing blocks: the input is complete, and a pipe can hold the output."""
    mode = os.fstat(fd).st_mode
    if stat.S_ISREG(mode):
        return os.fstat(fd).st_size < PIPE
    asked = select.poll()
    asked.register(fd, 0)
    return stat.S_ISFIFO(mode) and any(event & select.POLLHUP for _, event in asked.poll(0))


def read(file: str) -> CodeType:
    with open(file, "rb") as source:
        return compile(source.read(), file, "exec", dont_inherit=True)


def run(code: CodeType | None, words: list[str], fds: list[int]) -> int:
    """Runs the file with its arguments as `python` would; its exit status."""
    status, printed = 1, io.StringIO()
    try:
        sys.argv, sys.path[0] = words, os.path.dirname(words[0])
        sys.stdin = os.fdopen(fds[0], encoding="utf-8", errors="surrogateescape", closefd=False)
        sys.stdout = printed
        sys.stderr = os.fdopen(fds[2], "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
        exec(code or read(words[0]), {"__name__": "__main__", "__file__": words[0]})
        status = 0
    except SystemExit as end:
        status = status_of(end)
    except BaseException:
        traceback.print_exc()
    try:
        tell(fds[1], printed.getvalue().encode("utf-8", "surrogateescape"))
    except OSError:
        status = 120
    return status


def tell_status(fd: int, status: int) -> None:
    with suppress(BrokenPipeError):  # whoever asked is gone
        os.write(fd, bytes([status & 255]))


def tell(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def status_of(end: SystemExit) -> int:
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    print(end.code, file=sys.stderr)
    return 1


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
