"""Names the state in which a cut run has left the site: from the same state, the same command has the same result.

Hundreds of points of a section lead to a few dozen states. A run is continued from each of them once, and the
result holds for every other point that leads there.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from osp_compile.rehearsal.site import host_files, mask_volatile
from osp_simulator.state import State

# Parts of the state that only record times.
TIMES = frozenset({"clock", "sequence", "faults", "errors", "initial_site"})
# Files that are written for people and never read by a script, and scratch files.
FOR_PEOPLE = re.compile(
    r"^(tmp/|run/|var/log/|"
    r"(?:[^/]+/)+osp-runbook/[^/]+/[^/]+/(journal\.(tsv|last)|reserve|lock|logs/))"
)


def state_key(world: Path, words: Sequence[str]) -> str:
    """A name for the state of the site in `world`, which is at rest, and the command that continues the run there."""
    state: State = json.loads((world / "state.json").read_text("utf-8"))
    known = {part: value for part, value in state.items() if part not in TIMES}
    # which events are due matters, but not when
    known["events"] = [[event["name"], event["data"]] for event in state["events"]]
    found = hashlib.sha256(json.dumps([list(words), mask_volatile(json.dumps(known, sort_keys=True))]).encode())
    for host, name, content in host_files(world, FOR_PEOPLE):
        # a character a byte: what is masked is ASCII, and the archives of a backup are megabytes
        masked = hashlib.sha256(mask_volatile(content.decode("latin-1")).encode("latin-1"))
        found.update(json.dumps([host, mask_volatile(name), masked.hexdigest()]).encode())
    return found.hexdigest()


class ResultCache:
    """The result of continuing from each state, kept in the rehearsal's folder for all of its trials."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "endings"

    def known(self, name: str) -> tuple[str, list[str]] | None:
        """(the trial that continued from there, what went wrong); None if no trial has."""
        try:
            trial, wrong = json.loads((self._folder / f"{name}.json").read_text("utf-8"))
        except FileNotFoundError:
            return None
        return trial, wrong

    @contextmanager
    def claimed(self, name: str) -> Iterator[None]:
        """Holds this state for one trial; others that reach it wait, and then find its result."""
        self._folder.mkdir(exist_ok=True)
        with (self._folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def keep(self, name: str, trial: str, wrong: Sequence[str]) -> None:
        fresh = self._folder / f"{name}.{os.getpid()}"
        fresh.write_text(json.dumps([trial, list(wrong)]), "utf-8")
        fresh.rename(self._folder / f"{name}.json")
