"""A program at a terminal of its own, and somebody who types there."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from unit import waiting


class Terminal:
    """What a program shows is read as far as it is waited for; the rest stays for the next time. Lines end with \\n."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self.process, self._descriptor, self._unread = process, descriptor, b""

    def type(self, keys: bytes | str) -> None:
        os.write(self._descriptor, keys.encode() if isinstance(keys, str) else keys)

    def until(self, mark: str) -> str:
        """Waits until what is shown has this pattern; all up to the end of that."""
        shown = waiting.pieces(self._descriptor, f"{mark!r} on the terminal")
        while (found := re.search(mark.encode(), self._unread, re.DOTALL)) is None:
            piece = next(shown, None)
            assert piece is not None, f"{mark!r} is not in {self._unread!r}"
            self._unread = _lines(self._unread + piece)
        taken, self._unread = self._unread[: found.end()], self._unread[found.end() :]
        return taken.decode("utf-8", "replace")

    def asleep(self) -> None:
        """Waits until the program waits. A signal that comes between a prompt and its read is heard after the read."""
        file = Path(f"/proc/{self.process.pid}/stat")
        waiting.until(lambda: file.read_text().rpartition(") ")[2][0] == "S", "the program to wait for a key")

    def end(self) -> tuple[int, str]:
        """The status that it ends with, as a shell says it, and what it shows until then."""
        taken = b"".join((self._unread, *waiting.pieces(self._descriptor, "the program to leave its terminal")))
        return self._status(), _lines(taken).decode("utf-8", "replace")

    def hang_up(self) -> int:
        """The terminal goes away, as with a connection; the status that the program ends with."""
        self.close()
        return self._status()

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _status(self) -> int:
        status = self.process.wait(waiting.LIMIT)
        return status if status >= 0 else 128 - status


def _lines(shown: bytes) -> bytes:
    return shown.replace(b"\r\n", b"\n")


def _log_in(follower: int) -> None:
    """As a login does: whoever runs these tests may be deaf to Ctrl-C, as what a shell begins in the background is."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    os.login_tty(follower)


@contextmanager
def at_a_terminal(words: Sequence[str], **options: Any) -> Iterator[Terminal]:
    """The program runs; if it is still there at the end, it is killed."""
    leader, follower = pty.openpty()
    with waiting.begun(words, preexec_fn=lambda: _log_in(follower), **options) as process:
        os.close(follower)
        terminal = Terminal(process, leader)
        try:
            yield terminal
        finally:
            process.kill()
            terminal.close()
