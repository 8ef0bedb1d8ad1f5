"""A run of one script as the safety rules see it: the state of the site when it began, and when it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

from osp_simulator.state import Parts

KILLED = 137
Files = Mapping[tuple[str, str], str]


class Breach(TypedDict):
    """What a run has done that a safety rule forbids: the rule's name, the text, and when (epoch seconds)."""

    rule: str
    text: str
    at: int


@dataclass
class Run:
    """A run; `files` are {(host, path without its first slash): digest}; `status` and `output` are set at the end.

    `changed_by_events` are the places in the state that events have changed: a migration that ended, a node that came
    up. `reboots_requested` are the hosts that were rebooted on command, in their order.
    """

    section: str
    before: Parts
    files: Files
    manifest: Mapping[str, Any]
    status: int = 0
    output: str = ""
    files_after: Files = field(default_factory=dict)
    changed_by_events: set[str] = field(default_factory=set)
    reboots_requested: list[str] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)

    @property
    def ended_by_itself(self) -> bool:
        return self.status != KILLED
