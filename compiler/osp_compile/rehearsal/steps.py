"""The journal of a world at rest: its rows, and which step a call belongs to."""

from __future__ import annotations

import json
from bisect import bisect_left
from pathlib import Path

from osp_simulator.hosts import users


def records_of(world: Path) -> Path:
    """The folder of the change's own records, of a world at rest."""
    site = json.loads((world / "state.json").read_text("utf-8"))["site"]
    return world / "hosts/undercloud/root" / users.records_of(site)


def _journal(world: Path) -> list[bytes]:
    journals = [*records_of(world).glob("*/*/journal.tsv")]
    return journals[0].read_bytes().splitlines(keepends=True) if journals else []


def journal_rows(world: Path) -> list[list[str]]:
    """The columns of the whole rows of the site's journal."""
    rows = [line.decode("utf-8", "replace").rstrip("\n").split("\t") for line in _journal(world)]
    return [row for row in rows if len(row) > 7]


class Steps:
    """Finds the step and node that a call belongs to: those of the next row in the journal."""

    def __init__(self, world: Path) -> None:
        self._begins: list[int] = []
        self._steps: list[str] = []
        self._nodes: list[str] = []
        place = 0
        for line in _journal(world):
            columns = line.decode("utf-8", "replace").split("\t")
            if len(columns) > 5 and columns[5] != "-":
                self._begins.append(place)
                self._steps.append(columns[5])
                self._nodes.append(columns[6] if len(columns) > 6 and columns[6] != "-" else "")
            place += len(line)

    def at(self, journalled: int) -> str:
        """The step of the first row at or after this byte of the journal; after all rows, that of the last one."""
        return self.place(journalled)[0]

    def place(self, journalled: int) -> tuple[str, str]:
        """(step, node) of that row; the node is empty if the step has none."""
        if not self._steps:
            return "", ""
        number = min(bisect_left(self._begins, journalled), len(self._steps) - 1)
        return self._steps[number], self._nodes[number]
