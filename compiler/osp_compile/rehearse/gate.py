"""A trial that stands ready: its process is up, with all it takes in, and waits until those it builds on are over.

The first runs build on each other, so that whatever one of them needs to begin is waited for by the whole rehearsal.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from osp_compile.rehearse.processors import Processors, stay_on

GO, NO = "go", "no"


def _place(folder: Path, trial: str) -> Path:
    return folder / "gates" / trial


class Gate:
    """The rehearsal's side: the trial goes on, or ends, once it is told so; it ends too where we do."""

    def __init__(self, folder: Path, trial: str) -> None:
        self.opened = time.monotonic()
        self._place = _place(folder, trial)
        self._place.parent.mkdir(exist_ok=True)
        os.mkfifo(self._place)
        # for both ways, so that neither side waits for the other one's opening
        self._pipe = os.fdopen(os.open(self._place, os.O_RDWR | os.O_CLOEXEC), "wb", buffering=0)

    def open(self, processors: Processors) -> None:
        """The trial begins, and runs on these processors."""
        self.opened = time.monotonic()
        self._tell(GO, *map(str, processors))

    def refuse(self) -> None:
        self._tell(NO)

    def _tell(self, *words: str) -> None:
        with suppress(ValueError):  # closed: the trial's process has ended before its time, which its result says
            self._pipe.write(f"{' '.join(words)}\n".encode())

    def __enter__(self) -> Gate:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pipe.close()
        self._place.unlink(missing_ok=True)


def passed(folder: Path, trial: str) -> bool:
    """The trial's side: True when it may begin, at once where it has no gate; False where it is not to begin at all."""
    try:
        pipe = os.open(_place(folder, trial), os.O_RDONLY)
    except FileNotFoundError:
        return True
    with os.fdopen(pipe, encoding="ascii") as gate:
        word, *processors = gate.readline().split() or [NO]
    stay_on(int(one) for one in processors)
    return word == GO
