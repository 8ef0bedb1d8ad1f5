"""The interface between a world and a recorder of its calls, such as flight.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from osp_simulator.engine.call import Call
    from osp_simulator.engine.changes import Change


class Recording(Protocol):
    """Records what calls have changed (engine/flight.py)."""

    def begins(self, call: Call) -> None: ...

    def noted(self, changes: Iterable[Change]) -> None: ...

    def ended(self, call: Call, line: Mapping[str, Any]) -> None: ...

    def looks(self) -> None: ...

    def session(self, call: Call, host: str, user: str, argv: list[str]) -> SessionTrace: ...


class SessionTrace(Protocol):
    """The trace of one session's shell."""

    @property
    def variables(self) -> Mapping[str, str]: ...

    @property
    def descriptors(self) -> tuple[int, ...]: ...

    def ended(self, files: Iterable[tuple[str, str]]) -> None: ...
