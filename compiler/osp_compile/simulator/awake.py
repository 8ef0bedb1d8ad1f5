"""Runs inside the undercloud's sandbox: a Python with json and xml imported already, forked for each file to be run.

Its first argument is the descriptor on which requests come: a JSON list of the file and its arguments, with the
descriptors 0, 1, 2 of whoever asks, and a fourth on which the exit status is told, one byte.
"""

import csv  # noqa: F401  what the bundle's parsers import, once for all of them
import gc
import json
import os
import signal
import socket
import sys
import traceback
import xml.etree.ElementTree  # noqa: F401  likewise
from contextlib import suppress
from types import CodeType
from typing import Any, NoReturn


def serve(requests: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # a collection in a child would copy every page it looks at
    gc.disable()
    gc.freeze()
    known: dict[str, CodeType] = {}
    while True:
        message, fds, _, _ = socket.recv_fds(requests, 65536, 4)
        if not message:
            return
        words = json.loads(message)
        with suppress(OSError, SyntaxError, ValueError):  # the child meets it again, and says so where it is heard
            if words[0] not in known:
                known[words[0]] = read(words[0])
        if os.fork() == 0:
            requests.close()
            become(known.get(words[0]), words, fds)
        for fd in fds:
            os.close(fd)


def read(file: str) -> CodeType:
    with open(file, "rb") as source:
        return compile(source.read(), file, "exec", dont_inherit=True)


def become(code: CodeType | None, words: list[str], fds: list[int]) -> NoReturn:
    """Be `python FILE ARGUMENT...`, as Python itself words it and ends."""
    status = 1
    try:
        for number in (0, 1, 2):
            os.dup2(fds[number], number)
        sys.argv = words
        sys.stdin = stream(0, "r", "surrogateescape")
        sys.stdout = stream(1, "w", "surrogateescape")
        sys.stderr = stream(2, "w", "backslashreplace")
        exec(code or read(words[0]), {"__name__": "__main__", "__file__": words[0]})
        status = 0
    except SystemExit as end:
        status = status_of(end)
    except BaseException:
        traceback.print_exc()
    try:
        sys.stdout.flush()
    except OSError:
        status = 120
    os.write(fds[3], bytes([status & 255]))
    os._exit(0)


def stream(number: int, mode: str, errors: str) -> Any:
    return os.fdopen(number, mode, 1 if number == 2 else -1, encoding="utf-8", errors=errors, closefd=False)


def status_of(end: SystemExit) -> int:
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    print(end.code, file=sys.stderr)
    return 1


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
