"""A recording that is compared by its values, where another version of the tool words or lays them out otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from unit.simulator.tools.openstack_lab import Answer, recorded

# Lines on stderr besides the answer: a pipe that was closed early, remarks of versions later than OSP 10's.
NEWER = re.compile(
    r"^(\[Errno 32\] Broken pipe|Warning: Using a password with|AUTH failed: WRONGPASS|Deprecation Warning: |"
    r"Waiting for the cluster to apply configuration changes).*\n",
    re.MULTILINE,
)


def untouched(state: dict[str, Any]) -> None:
    """The lab as it was."""


@dataclass(frozen=True)
class Case:
    """`read(stdout, stderr)` gives the values that must be the same; `how` says in words which, and why not all.

    `asked` is the question where the recorded one cannot be put; `merged` takes both streams for one.
    """

    how: str
    read: Callable[[str, str], Any]
    prepare: Callable[[dict[str, Any]], Any] = untouched
    asked: str = ""
    merged: bool = False


def compare(name: str, case: Case, ask: Callable[[str], Answer]) -> None:
    """The recorded answer and the simulator's: exit status, inner exit statuses, streams used, and the values."""
    command, *answer = recorded(name)
    answer[2] = NEWER.sub("", answer[2])
    expected = seen(case, *answer)
    assert expected[-1], "nothing was read from the recording"
    assert seen(case, *ask(case.asked or command)) == expected


def seen(case: Case, status: int, out: str, err: str) -> tuple[Any, ...]:
    if case.merged:
        out, err = out + err, ""
    exits = re.findall(r"exit (\d+)$", out, re.MULTILINE)
    return status, exits, bool(out.strip()), bool(err.strip()), case.read(out, err)
