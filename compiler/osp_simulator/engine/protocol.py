"""The protocol on the world's socket: its path, who is calling, and how a message and its descriptors are sent."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path


def listen(folder: Path) -> socket.socket:
    """Opens the world's listening socket; its path may be longer than the name of a socket may be."""
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
    """(host, user, pid) of the client, from its process; what the client says of itself is not used.

    Raises ConnectionError if the client was killed before it could be looked at.
    """
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    pid, uid = (int.from_bytes(raw[at : at + 4], sys.byteorder) for at in (0, 4))
    try:
        # runs for every call: a Path would cost more than the rest of this function
        fd = os.open(f"/proc/{pid}/root/run/osp-sim/id", os.O_RDONLY)
        try:
            host, user = os.read(fd, 512).decode().split()
        finally:
            os.close(fd)
        return host, user if user != "*" else user_of(uid, Path(f"/proc/{pid}/root/etc/passwd")), pid
    except OSError as error:
        if has_gone(connection) or is_ending(pid):
            raise ConnectionError(f"process {pid} has gone") from error
        raise


def has_gone(connection: socket.socket) -> bool:
    """Whether the other end has closed the connection, and has sent nothing that is still to be read."""
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def is_ending(pid: int) -> bool:
    """Whether a process has ended or is about to: the kernel takes its root away before it closes its connections."""
    try:
        os.readlink(f"/proc/{pid}/root")
    except OSError as error:
        return error.errno in (errno.ENOENT, errno.ESRCH)
    return False


def is_outside(connection: socket.socket) -> bool:
    """Whether the client is outside of all sandboxes: only then it is in this process's user namespace."""
    pid = int.from_bytes(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)[:4], sys.byteorder)
    try:
        return os.readlink(f"/proc/{pid}/ns/user") == os.readlink("/proc/self/ns/user")
    except OSError:
        return False


def user_of(uid: int, passwd: Path) -> str:
    """The caller's name on a host with real users, from the file of users that the host has."""
    rows = (line.split(":") for line in passwd.read_text().splitlines())
    return next((row[0] for row in rows if row[2:3] == [str(uid)]), str(uid))


def receive(connection: socket.socket) -> tuple[list[bytes], list[int]] | None:
    """The fields and descriptors of one message; None if the other end has gone."""
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
