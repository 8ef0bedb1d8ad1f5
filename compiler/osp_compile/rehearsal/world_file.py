"""World files: the meaning of each key, and everything that is wrong with a file, before anything is played.

A file is YAML (or a folder with a `world.yaml`); every key but `title` and `runs` may be left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NotRequired, TypedDict, cast

import yaml

from osp_compile.diagnostics import RefusedError
from osp_compile.guide.unique_keys import UniqueKeys
from osp_compile.rehearsal.foreign import CONTROL
from osp_simulator.engine.faults import behaviours
from osp_simulator.state import Fault
from osp_simulator.state.misfits import faults, misfit

OURS = Path("tests/worlds")  # in the source; they are not installed
# A place of the state, as `a.b.0.c`. A word with dots is put in brackets, as in
# `hosts.node.units.[httpd.service].active`; a last word + appends to a list.
Place = str


class Run(TypedDict):
    """A section or a command to run, and the expected result."""

    section: NotRequired[str]  # the section whose script is run
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
    faults: NotRequired[list[Fault]]  # [] removes the faults that there were
    root: NotRequired[list[str]]
    breaks: NotRequired[list[str]]  # names of safety rules that this run is meant to break


class WorldFile(TypedDict):
    """The initial state of a site, what is run in it, and the expected outcome."""

    title: str  # one line, as shown in the report
    site: NotRequired[str]  # the example that it belongs to (its file's name without .yaml), for a run of many
    # keys of the spec that differ from the site's own; the bundle is compiled again with them
    spec: NotRequired[dict[str, Any]]
    # true: the site is made fresh from this spec; else it is the rehearsal's site, even if the spec differs
    built: NotRequired[bool]
    # the section that comes next: all before it have run; `fresh` for a site where none has
    begin: NotRequired[str]
    # values of the state to set; safety rules take them as set by somebody else
    state: NotRequired[dict[Place, Any]]
    lost: NotRequired[list[Place]]  # places of the state that are removed
    files: NotRequired[dict[str, dict[str, str | None]]]  # {host: {/path: text, or null to remove it}}
    faults: NotRequired[list[Fault]]  # engine/faults.py
    root: NotRequired[list[str]]  # commands that root runs on the undercloud before anything else
    runs: list[Run]
    then: NotRequired[dict[Place, Any]]  # places of the state in the end; null: the place does not exist
    calls: NotRequired[dict[str, int]]  # {pattern over `tool arguments`: how many calls of it were made by the runs}


class WorldError(RefusedError):
    """The world file is unusable or does not fit the bundle; the text has everything that is wrong with it."""


def read(file: Path) -> WorldFile:
    """Reads a world file; WorldError with everything that is wrong with it."""
    file = file / "world.yaml" if file.is_dir() else file
    if file.exists() and not file.is_file():  # a pipe would be waited for
        raise WorldError(f"{file}: cannot be read: it is not a regular file")
    try:
        data = UniqueKeys(file.read_bytes()).get_single_data()
    except FileNotFoundError as problem:
        raise WorldError(f"{file}: cannot be read: there is no such file; {_where_worlds_are(file)}") from problem
    except (OSError, yaml.YAMLError) as problem:
        raise WorldError(f"{file}: cannot be read: {' '.join(str(problem).split())}") from problem
    if not isinstance(data, dict):
        raise WorldError(f"{file}: a world is a mapping: title, runs, and what is different")
    wrong = [*faults(WorldFile, data, "")]
    wrong = wrong or [*_wrong_places(data), *_does_not_fit(data)]
    if wrong:
        raise WorldError("\n".join(f"{file}: {one}" for one in wrong))
    return cast(WorldFile, data)  # which `faults` has just compared it with


def _wrong_places(data: Mapping[str, Any]) -> Iterator[str]:
    """Places that the state does not have, and values that a place cannot hold: such a world would test nothing."""
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
    yield from _unknown_faults(data)


def _unknown_faults(data: Mapping[str, Any]) -> Iterator[str]:
    for fault in (fault for part in (data, *data["runs"]) for fault in part.get("faults", ())):
        word = fault.get("do", "").partition(" ")[0]
        if word and word not in behaviours():
            yield f"no fault is called {word!r}; there are {', '.join(sorted(behaviours()))}"


def _where_worlds_are(missing: Path) -> str:
    alike = sorted(str(one) for one in OURS.glob("*/*.yaml") if one.stem == missing.stem)
    here = f": did you mean {' or '.join(alike)}?" if alike else ""
    return f"a world is a YAML file, given by its path, as those in {OURS}/ of the source of osp-compile{here}"


def begins_after(world: WorldFile, sections: list[str]) -> str | None:
    """The section whose first run leaves the site that this world starts from; None for the fresh site."""
    begin = world.get("begin", "fresh")
    if begin == "fresh":
        return None
    if begin not in sections:
        raise WorldError(f"world {world['title']!r} begins at {begin}, which this bundle does not have")
    at = sections.index(begin)
    return sections[at - 1] if at else None


def trial_id(file: Path) -> str:
    return f"world-{file.parent.name if file.name == 'world.yaml' else file.stem or file.name}"
