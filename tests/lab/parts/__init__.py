"""The lab's parts: one module each, of the type Part; mypy checks them in run.py, which says in which order they start.

Other modules here are what the parts share.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from lab.site import Lab


class Part(Protocol):
    """A part of the lab, as a module."""

    __name__: str

    @property
    def PACKAGES(self) -> tuple[str, ...]:  # noqa: N802  a module's constant
        """The Debian packages that it needs."""

    def prepare(self, lab: Lab) -> None:
        """Writes its files and units, before any machine runs."""

    def start(self, lab: Lab, say: Callable[[str], None]) -> None:
        """Brings it up and returns once it is ready; ValueError says what is wrong. `say` reports a line."""


def name_of(part: Part) -> str:
    """What a part is called: the name of its module."""
    return part.__name__.rpartition(".")[2]
