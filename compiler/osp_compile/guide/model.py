"""A section folder as frozen values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from osp_compile.spec.model import Language

Shape = Literal["change", "check", "attended"]
# What the runtime calls of a step, NAME_requires and so on, in the order in which they are read.
Part = Literal["requires", "satisfied", "shown", "apply", "attend", "check", "verify", "rescue"]
PARTS: tuple[Part, ...] = get_args(Part)
FUNCTIONS: Mapping[Shape, tuple[Part, ...]] = {
    "change": ("requires", "satisfied", "apply", "verify"),
    "check": ("check",),
    "attended": ("requires", "satisfied", "attend", "verify"),
}
GATES: tuple[Part, ...] = ("requires", "satisfied")  # asked before a step acts
COMMANDS: tuple[Part, ...] = ("apply", "attend")  # the guide's own commands: a step has one of these, or is a check
QUESTIONS: tuple[Part, ...] = (*GATES, "shown", "verify")  # these change nothing
DEPARTURE = re.compile(r"^(?P<indent>[ ]*)# departs: (?P<key>\S+)[ ]*$", re.MULTILINE)


@dataclass(frozen=True)
class Text:
    """A text in both languages."""

    en: str
    ja: str

    def get(self, language: Language) -> str:
        return self.ja if language == "ja" else self.en


@dataclass(frozen=True)
class VariedText(Text):
    """One in whose place something else is said at some sites: `instead` has (a property of a site, the text)."""

    instead: tuple[tuple[str, Text], ...]


@dataclass(frozen=True)
class Departure:
    """A difference from the guide, in a step or, with an empty key, in the guide itself; `guide` is its text."""

    key: str
    guide: str
    reason: Text


@dataclass(frozen=True)
class Change:
    """What a step changes: a `kind` of thing by `name`; `words` are for people, where it has no name of its own.

    `when` is the property of a site without which it does not.
    """

    kind: str
    name: str
    words: Text | None
    when: str = "always"


@dataclass(frozen=True)
class Step:
    """One step; `group` is the group of nodes it runs for, or None; `bracket` is "opens flags" or None.

    `touches` is the group of nodes that it changes from elsewhere, or None. `undo` says how to go back from it; without
    one, what the section says counts. `source` is a digest of all that the guide
    says of it, whatever the site.
    """

    id: str
    name: str
    title: Text
    runs_on: str
    shape: Shape
    risk: str
    bracket: str | None
    group: str | None
    touches: str | None
    when: tuple[str, ...]
    covers: tuple[str, ...]
    deadline: int
    checked: Text | None
    undo: Text | None
    changes: tuple[Change, ...]
    departures: tuple[Departure, ...]
    file: Path
    source: str

    @property
    def functions(self) -> tuple[Part, ...]:
        rescue: tuple[Part, ...] = ("rescue",) if self.bracket and self.bracket.startswith("closes ") else ()
        return FUNCTIONS[self.shape] + rescue

    @property
    def command(self) -> str:
        """The name of the function that has the guide's own commands; empty for a check."""
        return next((f"{self.name}_{part}" for part in self.functions if part in COMMANDS), "")

    @property
    def optional(self) -> tuple[Part, ...]:
        """The functions that a step may have besides those: they show facts before the operator is asked."""
        return ("shown",) if self.risk != "low" else ()


@dataclass(frozen=True)
class Goal:
    """A condition that holds in the site once the section has ended well; with a `group`, for each of its nodes.

    `judge` is the name of a check that the simulated site has, or empty; `then` is {path: value} of its state.
    """

    group: str | None
    judge: str
    then: Mapping[str, Any]


@dataclass(frozen=True)
class Range:
    """A range of minutes, from the shortest to the longest."""

    least: int
    most: int

    def __add__(self, other: Range) -> Range:
        return Range(self.least + other.least, self.most + other.most)

    def times(self, count: int) -> Range:
        return Range(self.least * count, self.most * count)


@dataclass(frozen=True)
class Duration:
    """How long a section takes on real hosts: `once`, and `each` for each of the group `of`.

    `note` says what the figures leave out.
    """

    once: Range
    each: Range | None
    of: str
    note: Text | None


@dataclass(frozen=True)
class Impact:
    """What users notice of a section on `on` (the api, the workload or the network), how severe it is, and in words."""

    on: Literal["api", "workload", "network"]
    level: Literal["brief", "degraded", "down"]
    text: Text


@dataclass(frozen=True)
class Section:
    """One section of the guide; `name` is its folder's name, such as 2.08-reboot-ceph-storage; `batches` are group
    sizes.

    `closes` marks the section that decides whether the next chapter may begin.
    """

    id: str
    name: str
    guide: str
    title: Text
    about: Text
    duration: Duration | None
    go_back: Text | None
    when: str
    needs: tuple[str, ...]
    errata: tuple[Departure, ...]
    steps: tuple[Step, ...]
    folder: Path
    goals: tuple[Goal, ...] = ()
    closes: bool = False
    batches: Mapping[str, str] = field(default_factory=dict)
    impacts: tuple[Impact, ...] = ()

    @property
    def short_name(self) -> str:
        """The name without the number, such as reboot-ceph-storage: what other parts name the section by."""
        return self.name.removeprefix(f"{self.id}-")


def marked_departures(text: str) -> set[str]:
    """The keys of the departures that are marked in the shell `text`."""
    return {found["key"] for found in DEPARTURE.finditer(text)}


def known_steps(sections: Iterable[Section]) -> frozenset[str]:
    return frozenset(step.id for section in sections for step in section.steps)
