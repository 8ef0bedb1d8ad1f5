"""Which processors a trial stays on.

A run is a chain of short processes that wait for each other: where each of them may wake on another processor than the
last one, two runs side by side take a quarter longer.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress

Processors = tuple[int, ...]


def shares(jobs: int) -> list[Processors]:
    """The processors we may use, dealt out to so many jobs; all of them to each where there are fewer than jobs."""
    ours = sorted(os.sched_getaffinity(0))
    return [tuple(ours[job::jobs] if jobs <= len(ours) else ours) for job in range(jobs)]


def stay_on(processors: Iterable[int]) -> None:
    """Have the calling thread, and all that it starts from now on, run on these alone, where the system lets us."""
    with suppress(OSError):
        os.sched_setaffinity(0, processors)
