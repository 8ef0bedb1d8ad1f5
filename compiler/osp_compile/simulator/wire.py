"""The world's socket: where it lies, who speaks on it, and how a message and its descriptors travel."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path


def listen(folder: Path) -> socket.socket:
    """The world's listening socket; its path may be longer than a socket's name can be."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    run = os.open(folder / "run", os.O_PATH)
    try:
        (folder / "run" / "socket").unlink(missing_ok=True)
        listener.bind(f"/proc/self/fd/{run}/socket")
    finally:
        os.close(run)
    listener.listen(128)
    return listener


def caller(connection: socket.socket) -> tuple[str, str, int]:
    """(host, user, pid) of the client, by its process: what it says of itself is not asked."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    pid = int.from_bytes(raw[:4], sys.byteorder)
    # at each call of a run: a Path would cost more than the rest of this
    fd = os.open(f"/proc/{pid}/root/run/osp-sim/id", os.O_RDONLY)
    try:
        host, user = os.read(fd, 512).decode().split()
    finally:
        os.close(fd)
    return host, user, pid


def receive(connection: socket.socket) -> tuple[list[bytes], list[int]] | None:
    """The fields and descriptors of one message, or nothing if the other end has gone."""
    data, fds, _, _ = socket.recv_fds(connection, 65536, 3)
    while data and (len(data) < 4 or len(data) < 4 + int.from_bytes(data[:4], "big")):
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    return (data[4:].split(b"\0"), list(fds)) if data else None


def send(connection: socket.socket, *fields: bytes) -> None:
    payload = b"\0".join(fields)
    try:
        connection.sendall(len(payload).to_bytes(4, "big") + payload)
    except ConnectionError:
        pass
