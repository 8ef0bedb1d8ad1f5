"""The lines of a flight plan: each command of the first runs that has changed something, as a reviewer reads it.

They are made from what the world has recorded of a run (osp_simulator/engine/flight.py). A command that only passes
another on (`sudo`, `ssh`) is one line with that command; a function that was sent to root is shown by its name.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osp_compile.rehearsal import flight_words
from osp_compile.rehearsal.flight_wording import Language, said
from osp_simulator.engine.traces import reads_functions, unwrapped

Row = Mapping[str, Any]
# (step, node) of the next row of the journal, by a position in it
Where = Callable[[int], tuple[str, str]]


@dataclass(frozen=True)
class Line:
    """A line: `within` are the commands that a function ran, `changes` what differs afterwards, `seconds` are world
    time.
    """

    section: str
    step: str
    node: str
    host: str
    user: str
    command: str
    within: tuple[str, ...]
    changes: tuple[str, ...]
    seconds: int


def read(file: Path) -> list[dict[str, Any]]:
    """The rows that a first run has recorded; none if it was not played."""
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in text.splitlines()]


def lines_of(
    section: str, rows: Sequence[Row], ids: Mapping[str, str], where: Where, language: Language = "en"
) -> Iterator[Line]:
    """The lines of one section in the order in which the commands ended, what they changed in the `language`."""
    for row, files in _merged([row for row in rows if "own" in row or "tool" in row]):
        if "own" in row:
            step, node = ids.get(row["step"]) or where(row["journal"])[0], row["node"]
            yield Line(section, step, node, "undercloud", row["user"], _in_folder(row), (), (), 0)
            continue
        step, node = where(row["journal"])
        host, user, command, within = _seen(row, language)
        found = flight_words.of_places(row["changed"], host, language)
        changes = (*flight_words.of_files(files, language), *found)
        yield Line(section, step, node, host, user, command, within, changes, row["ended"] - row["at"])


def _in_folder(row: Row) -> str:
    """The program, with the folder that it ran in unless its arguments show where it works."""
    own, cwd = str(row["own"]), str(row["cwd"])
    return f"cd {shlex.quote(cwd)} && {own}" if cwd and cwd not in own else own


def _seen(row: Row, language: Language) -> tuple[str, str, str, tuple[str, ...]]:
    """(host, user, command, the commands within) of a call."""
    session = row.get("session")
    if session is None:
        return row["host"], row["user"], shlex.join([row["tool"], *row["argv"]]), ()
    argv = session["argv"]
    if _is_function(session):
        return (
            session["host"],
            session["user"],
            session["call"] or said(language, "shell"),
            tuple(session["lines"]),
        )
    command = argv[2] if argv[:2] == ["/bin/bash", "-c"] else shlex.join(argv)
    return session["host"], session["user"], command, ()


def _merged(rows: Sequence[Row]) -> Iterator[tuple[Row, list[tuple[str, str]]]]:
    """Each row with the files that it has changed, without the rows that only pass a command on or are part of a
    function.
    """
    files = {number: [*map(tuple, row.get("session", row).get("files", ()))] for number, row in enumerate(rows)}
    gone: set[int] = set()
    whole = [*rows]
    for number, row in _sessions(rows):
        inner = [one for one in _within(rows, number) if one not in gone]
        if _is_function(row["session"]):
            gone.update(inner)
            whole[number] = {**row, "changed": [place for one in [*inner, number] for place in rows[one]["changed"]]}
        elif inner:
            gone.add(number)
            files[inner[0]] = files[number] + files[inner[0]]
            whole[inner[0]] = {**whole[inner[0]], "changed": whole[inner[0]]["changed"] + row["changed"]}
    yield from ((row, files[number]) for number, row in enumerate(whole) if number not in gone)


def _sessions(rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    return ((number, row) for number, row in enumerate(rows) if "session" in row)


def _is_function(session: Row) -> bool:
    """Whether root's shell was sent a function, which is known by its trace."""
    return reads_functions(session["argv"])


def _within(rows: Sequence[Row], number: int) -> list[int]:
    """The places of the rows that this one's session has run."""
    return [one for one, row in enumerate(rows) if one != number and _is_within(row, rows[number])]


def _is_within(one: Row, carrier: Row) -> bool:
    """Whether the call was run within the carrier's session."""
    session = carrier["session"]
    if "tool" not in one or (one["host"], one["user"]) != (session["host"], session["user"]):
        return False
    if one["at"] < carrier["at"] or one["ended"] > carrier["ended"]:
        return False
    words = [one["tool"], *one["argv"]]
    return words == session["argv"] or any(unwrapped(line) == words for line in session["lines"])
