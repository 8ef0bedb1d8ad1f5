"""Where a run that was cut short has left the site: from the same situation the same command goes on alike.

Hundreds of points of a section leave a few dozen situations behind. Each is gone on from once; what came of that holds
for every other point that leads there.
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

from osp_compile.rehearsal.site import plain, texts
from osp_simulator.state import State

# Parts of the state that tell only when something is or was.
TIMES = frozenset({"clock", "sequence", "faults", "errors", "origin"})
# What is written for people, and never read by a script again; scratch that nobody finds again.
FOR_PEOPLE = re.compile(
    r"^(tmp/|run/|var/log/|"
    r"home/stack/osp-runbook/[^/]+/[^/]+/(journal\.(tsv|last)|reserve|lock|logs/))"
)


def situation(world: Path, words: Sequence[str]) -> str:
    """A name for the site in `world`, which is at rest, and the command that goes on there."""
    state: State = json.loads((world / "state.json").read_text("utf-8"))
    known = {part: value for part, value in state.items() if part not in TIMES}
    # that something will happen matters, and not in how many seconds
    known["events"] = [entry[2:] for entry in state["events"]]
    found = hashlib.sha256(json.dumps([list(words), plain(json.dumps(known, sort_keys=True))]).encode())
    for host, name, text in texts(world, FOR_PEOPLE):
        found.update(json.dumps([host, plain(name), plain(text)]).encode())
    return found.hexdigest()


class Endings:
    """What came of going on from each situation, kept in the rehearsal's folder for all of its trials."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "endings"

    def known(self, name: str) -> tuple[str, list[str]] | None:
        """(the trial that went on from there, what was wrong then); None where none has."""
        try:
            trial, wrong = json.loads((self._folder / f"{name}.json").read_text("utf-8"))
        except FileNotFoundError:
            return None
        return trial, wrong

    @contextmanager
    def claimed(self, name: str) -> Iterator[None]:
        """Whoever else comes to this situation meanwhile waits, and then knows what came of it."""
        self._folder.mkdir(exist_ok=True)
        with (self._folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def keep(self, name: str, trial: str, wrong: Sequence[str]) -> None:
        fresh = self._folder / f"{name}.{os.getpid()}"
        fresh.write_text(json.dumps([trial, list(wrong)]), "utf-8")
        fresh.rename(self._folder / f"{name}.json")
