"""What a world has only while a server serves it (engine/server.py): processes, safety rules, a recorder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from osp_simulator.engine.call import Call
    from osp_simulator.engine.changes import Change
    from osp_simulator.engine.recording import Recording
    from osp_simulator.engine.run import Breach, Run
    from osp_simulator.fast.interpreter import Interpreter


class Runner(Protocol):
    """Runs real processes in sandboxes (engine/sessions.py)."""

    def spawn(
        self, call: Call, host: str, user: str, argv: list[str], *, env: Mapping[str, str], cwd: str,
        stdin: int | None = None,
    ) -> int: ...  # fmt: skip

    def host_down(self, host: str) -> None: ...


class Watched(Protocol):
    """The runs that the safety rules watch (safety/runs.py)."""

    @property
    def current(self) -> Run | None: ...

    def begin(self, section: str) -> None: ...

    def end(self, status: int, output: str) -> list[Breach]: ...

    def cut(self) -> list[Breach]: ...

    def journalled(self) -> int: ...

    def time_brought(self, changes: Iterable[Change]) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Served:
    """`perform` performs a tool's call within another's, without a process of its own.

    `time_file` is the descriptor of the file that `date` reads. `interpreter` is there if the world has a bundle,
    `recorder` in a run whose flight plan is written.
    """

    runner: Runner
    runs: Watched
    perform: Callable[[Call], int]
    time_file: int
    interpreter: Interpreter | None = None
    recorder: Recording | None = None

    def tell_time(self, now: int) -> None:
        """Writes the time for `date`."""
        os.pwrite(self.time_file, b"%d\n" % now, 0)  # always ten digits, so that a reader never sees half a time
