"""Keeps a Python of the undercloud running for the bundle's small parsers.

The scripts start `python -S lib/parse/nova.py` hundreds of times in a run, and most of the time goes into importing
json and xml. One process in the undercloud's sandbox has them imported, and forks itself for each call
(see python_zygote.py). Trials take 1.15 times as long without it.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

from osp_simulator.engine.call import Gone, Killed
from osp_simulator.hosts import sandbox
from osp_simulator.hosts.users import User


class Interpreter:
    """Runs files with Python. Must be made by a thread that lives as long as the world is served."""

    def __init__(self, world: Path, bundle: str | None, user: User) -> None:
        self._socket, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        no_network = sandbox.open_filter(world)
        source = Path(__file__).with_name("python_zygote.py").read_text("utf-8")
        words = sandbox.command(
            world, "undercloud", user.name, [sandbox.interpreter(), "-S", "-c", source, str(far.fileno())],
            env=sandbox.login_environment(*user), cwd="/", bundle=bundle, no_network=no_network,
        )  # fmt: skip
        try:
            subprocess.Popen(
                words, stdin=subprocess.DEVNULL, start_new_session=True, env=sandbox.surroundings(),
                pass_fds=(no_network, far.fileno()),
            )  # fmt: skip
        finally:
            os.close(no_network)
            far.close()

    def run(self, file: str, argv: tuple[str, ...], fds: tuple[int, int, int], connection: Any) -> int:
        """Runs `python FILE ARGUMENT...`; its exit status. Killed: it died by a signal. Gone: its caller has died."""
        told, telling = os.pipe()
        try:
            try:
                socket.send_fds(self._socket, [json.dumps([file, *argv]).encode()], [*fds, telling])
            finally:
                os.close(telling)
            poller = select.poll()
            poller.register(told, select.POLLIN)
            if connection is not None:
                poller.register(connection, select.POLLIN)
            if told not in {fd for fd, _ in poller.poll()}:
                raise Gone
            status = os.read(told, 1)
        finally:
            os.close(told)
        if not status:
            raise Killed(signal.SIGKILL)
        return status[0]
