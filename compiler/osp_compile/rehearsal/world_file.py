"""World files: what each key of one means, and everything that is wrong with one, before anything is played.

A file is YAML (or a folder with a `world.yaml`); every key but `title` and `runs` may be left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import yaml

from osp_compile.diagnostics import RefusedError
from osp_compile.rehearsal.foreign import CONTROL
from osp_simulator.state import Fault
from osp_simulator.state.shape import faults, misfit

# A place of the state, as `a.b.0.c`. A word with dots stands in brackets, as in
# `hosts.node.units.[httpd.service].active`; a last word + appends to a list.
Place = str


class Run(TypedDict):
    """A section, or a command, and what must come of it."""

    section: NotRequired[str]  # whose script is run
    options: NotRequired[list[str]]
    answers: NotRequired[list[str]]  # what is typed at its first questions
    command: NotRequired[str | list[str]]  # instead of a section: run by the stack user
    status: NotRequired[int | list[int]]  # its exit status, or those that are right (0)
    says: NotRequired[list[str]]  # pieces of what it must have printed
    silent: NotRequired[list[str]]  # pieces of what it must not have printed
    advance: NotRequired[float]  # world seconds that pass before it
    thinks: NotRequired[float]  # world seconds that pass before each of its questions is answered
    state: NotRequired[dict[Place, Any]]  # what changes before it, as for the whole world
    lost: NotRequired[list[Place]]
    files: NotRequired[dict[str, dict[str, str | None]]]
    faults: NotRequired[list[Fault]]  # [] ends those there were
    root: NotRequired[list[str]]
    breaks: NotRequired[list[str]]  # names of safety rules that are broken here, as this world means to show


class WorldFile(TypedDict):
    """A site that begins otherwise, what is run in it, and what must come of it."""

    title: str  # one line, as it stands in the report
    site: NotRequired[str]  # the example it belongs to (its file's name without .yaml), for who runs many
    # keys of a spec that are otherwise here than in the site's own; the bundle is compiled again with them
    spec: NotRequired[dict[str, Any]]
    # true: the site is built of this spec, fresh; else it is that of whoever runs the world, whatever the spec says
    built: NotRequired[bool]
    # the section that is next: the site is as all before it have left it; `fresh` is the first one
    begin: NotRequired[str]
    # what the world is told to be; it is others' doing, where a safety rule asks whose it is
    state: NotRequired[dict[Place, Any]]
    lost: NotRequired[list[Place]]  # what is taken away
    files: NotRequired[dict[str, dict[str, str | None]]]  # {host: {/path: text, or null to remove it}}
    faults: NotRequired[list[Fault]]  # engine/faults.py
    root: NotRequired[list[str]]  # commands that root runs on the undercloud before anything else
    runs: list[Run]
    then: NotRequired[dict[Place, Any]]  # how the world is in the end; null: it is not there
    calls: NotRequired[dict[str, int]]  # {pattern over `tool arguments`: how many calls of it were made by the runs}


class WorldError(RefusedError):
    """An unusable world file, or one that does not fit the bundle; the text has everything that is wrong with it."""


def read(file: Path) -> WorldFile:
    """A world file; WorldError with everything that is wrong with it."""
    file = file / "world.yaml" if file.is_dir() else file
    try:
        data = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as problem:
        raise WorldError(f"{file}: cannot be read: {' '.join(str(problem).split())}") from problem
    if not isinstance(data, dict):
        raise WorldError(f"{file}: a world is a mapping: title, runs, and what is different")
    wrong = [*faults(WorldFile, data, "")]
    wrong = wrong or [*_wrong_places(data), *_does_not_fit(data)]
    if wrong:
        raise WorldError("\n".join(f"{file}: {one}" for one in wrong))
    found: WorldFile = data  # type: ignore[assignment]  # it has just been held to that type
    return found


def _wrong_places(data: Mapping[str, Any]) -> Iterator[str]:
    """Places that the state does not have, and values that they cannot hold: with one, a world would try nothing."""
    yield from _misfits(data)
    for number, run in enumerate(data["runs"]):
        yield from (f"runs.{number}.{wrong}" for wrong in _misfits(run))
    yield from (f"then: {why}" for place in data.get("then", {}) if (why := misfit(place)) is not None)


def _misfits(part: Mapping[str, Any]) -> Iterator[str]:
    given = [("state", part.get("state", {}))]
    given += [(f"faults.{number}.set", fault.get("set", {})) for number, fault in enumerate(part.get("faults", ()))]
    asked = [(key, misfit(*one)) for key, places in given for one in places.items()]
    asked += [("lost", misfit(place)) for place in part.get("lost", ())]
    yield from (f"{key}: {why}" for key, why in asked if why is not None)


def _does_not_fit(data: Mapping[str, Any]) -> Iterator[str]:
    if CONTROL.search(data["title"]):
        yield "the title has control characters"
    if not data["runs"]:
        yield "runs is empty"
    if data.get("built") and ("spec" not in data or data.get("begin", "fresh") != "fresh"):
        yield "`built` needs `spec`, and `begin: fresh`"
    for number, run in enumerate(data["runs"]):
        if ("section" in run) == ("command" in run):
            yield f"runs.{number} needs either a section or a command"


def begins_after(world: WorldFile, sections: list[str]) -> str | None:
    """The section whose first run leaves the site as this world wants it; None for the fresh site."""
    begin = world.get("begin", "fresh")
    if begin == "fresh":
        return None
    if begin not in sections:
        raise WorldError(f"world {world['title']!r} begins at {begin}, which this bundle does not have")
    at = sections.index(begin)
    return sections[at - 1] if at else None


def trial_id(file: Path) -> str:
    return f"world-{file.parent.name if file.name == 'world.yaml' else file.stem or file.name}"
