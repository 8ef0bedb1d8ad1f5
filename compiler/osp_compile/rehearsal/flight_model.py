"""A flight plan as data: its sections, their steps and nodes, the lines of each."""

from __future__ import annotations

from dataclasses import dataclass

from osp_compile.rehearsal.flight_lines import Line
from osp_compile.rehearsal.flight_wording import Language


@dataclass(frozen=True)
class Group:
    """Lines of one step on one node, one after the other; `node` is empty where the step is for the whole site."""

    step: str
    title: str
    node: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Part:
    """A section: its groups, empty where it changes nothing, and the seconds that its run took."""

    section: str
    title: str
    seconds: float
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Flight:
    """`calls` is how many commands the first runs made; `notes` what they found, each a list of sentences.

    `not_played` is such a list too, of the sections that the bundle has and this plan lacks. Titles, notes and what
    lines have changed are in its `language`.
    """

    site: str
    change: str
    digest: str
    parts: tuple[Part, ...]
    calls: int
    notes: tuple[tuple[str, ...], ...]
    language: Language = "en"
    not_played: tuple[str, ...] = ()

    @property
    def lists(self) -> tuple[tuple[str, ...], ...]:
        """What is said before the first section."""
        return (self.not_played, *self.notes) if self.not_played else self.notes

    @property
    def count(self) -> int:
        """The number of lines."""
        return sum(len(group.lines) for part in self.parts for group in part.groups)
