"""Pins trials to processors.

A run is a chain of short processes that wait for each other. If each may wake on another processor than the last one,
two runs side by side take a quarter longer.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress

Processors = tuple[int, ...]


def shares(jobs: int) -> list[Processors]:
    """The usable processors, divided among `jobs`; if there are fewer processors than jobs, each job gets all."""
    ours = sorted(os.sched_getaffinity(0))
    return [tuple(ours[job::jobs] if jobs <= len(ours) else ours) for job in range(jobs)]


def stay_on(processors: Iterable[int]) -> None:
    """Restricts the calling thread, and all that it starts, to these processors, if the system allows it."""
    with suppress(OSError):
        os.sched_setaffinity(0, processors)
