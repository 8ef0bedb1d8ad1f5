"""The tests of a change: what to play for the files that it touches."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from os.path import normpath
from pathlib import Path

import yaml

from runner import lost_words, mirror, parts
from runner.mirror import UNIT
from runner.parts import BATS, ROOT, WORLDS, Part, of_repository
from runner.turns import git

SECTION = re.compile(r"templates/(\d\.\d\d)-")
RUNTIME = "templates/_runtime/"
LOAD = re.compile(r"^ *load (\S+)$", re.MULTILINE)
# What reads templates, specs or examples rather than modules; these are played with any of them.
READERS = (
    "bundle/test_golden.py", "bundle/test_render.py", "bundle/page/test_page.py", "bundle/page/test_reasons.py",
    "guide/test_guide.py", "guide/test_reader.py", "lint/test_checking.py", "lint/test_word_list.py",
    "pages/test_made.py", "runner/test_mirror.py", "spec/test_cases.py", "spec/test_schema.py", "test_mutants.py",
)  # fmt: skip
PARTS_OF_THE_LAB = ("tests/lab/parts/", "lab/test_parts.py")  # a part is imported by what starts it, or by nothing


def of(revision: str) -> list[Part]:
    """The parts for what has changed since this revision, what is not committed included."""
    files = touched(revision)
    sections = sections_of(files)
    found = parts.lint()
    units = sorted(units_of(files))
    if units:
        found.append(parts.unit([*map(of_repository, units)]))
    found += parts.bats(suites_of(files, sections))
    found += worlds_of([*files, *map(of_repository, lost_words.worlds_of(revision))], sections)
    found += mutants_of(files, revision)
    return found


def touched(revision: str) -> list[str]:
    """The files that are not as they were, those that git does not know yet among them."""
    known = git("diff", "--name-only", revision).splitlines()
    new = git("ls-files", "--others", "--exclude-standard").splitlines()
    return sorted({*known, *new} - {""})


def sections_of(files: Iterable[str]) -> set[str]:
    """The sections whose own files are touched, or whose script brings in a file of the runtime that is."""
    found = {match[1] for file in files if (match := SECTION.match(file))}
    runtime = {file.removeprefix(RUNTIME) for file in files if file.startswith(RUNTIME)}
    for script in sorted((ROOT / "out/tokyo-1").glob("2.*.sh")):
        brought_in = set(re.findall(r"^\. lib/(\S+)$", script.read_text("utf-8"), re.MULTILINE))
        if runtime & brought_in:
            found.add(script.name[:4])
    return found


def units_of(files: Iterable[str]) -> Iterator[Path]:
    """The test files that are touched, or import what is, however far away; the readers where they read it."""
    files = list(files)
    yield from nearest_of(files)
    changed = {ROOT / file for file in files if file.endswith(".py")}
    for test in UNIT.rglob("test_*.py"):
        if changed & reached(test):
            yield test


def nearest_of(files: Collection[str]) -> Iterator[Path]:
    """The test files that are touched, or are about what is; the readers where they read it.

    A tool or a safety rule is imported by its file's name, in a process of its own: its test is known by its place.
    """
    yield from {test for file in files if (test := mirror.test_of(file)) is not None}
    if any(file.startswith(("templates/", "specs/", "out/", "tests/cases/", "tests/mutants/")) for file in files):
        yield from (UNIT / name for name in READERS)
    if any(file.startswith(PARTS_OF_THE_LAB[0]) for file in files):
        yield UNIT / PARTS_OF_THE_LAB[1]


@cache
def reached(file: Path) -> frozenset[Path]:
    """The file, and all that it imports of this repository; a conftest.py counts as imported by its folder."""
    found: set[Path] = set()
    waiting = [file, *(folder / "conftest.py" for folder in file.parents if folder.is_relative_to(ROOT / "tests"))]
    while waiting:
        one = waiting.pop()
        if one not in found and one.exists():
            found.add(one)
            waiting += imported(one)
    return frozenset(found)


@cache
def imported(file: Path) -> frozenset[Path]:
    """The files of this repository that a file imports itself; read once in a process."""
    found: set[Path] = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            for top in (ROOT / "compiler", ROOT / "tests"):
                place = top.joinpath(*name.split("."))
                found |= {place.with_suffix(".py"), place / "__init__.py"}
    return frozenset(one for one in found if one.exists())


def suites_of(files: Iterable[str], sections: set[str]) -> list[Path]:
    """The suites that are touched, those of the sections, and those whose helpers are."""
    files = list(files)
    found = {suite for suite in BATS.glob("*.bats") if suite.name[:4] in sections}
    if any(file.startswith(RUNTIME) for file in files):
        found |= {*(BATS / "runtime").rglob("*.bats"), BATS / "chapter.bats"}
    for file in files:
        if file.startswith("tests/bats/"):
            found |= _suites_with(ROOT / file)
    return sorted(found)


def _suites_with(file: Path) -> set[Path]:
    """A suite itself, if it is still there; of a helper the suites that load it, or else all of its folder."""
    if file.suffix == ".bats":
        return {file} if file.exists() else set()
    suites = set(file.parent.rglob("*.bats"))
    return {suite for suite in suites if file.with_suffix("") in _loaded(suite)} or suites


def _loaded(suite: Path) -> set[Path]:
    """The helpers that a suite loads, without their ending."""
    return {Path(normpath(suite.parent / name)) for name in LOAD.findall(suite.read_text("utf-8"))}


def worlds_of(files: Iterable[str], sections: set[str]) -> list[Part]:
    """A rehearsal of each example that has a world to play: one that is touched, or that runs a section that is."""
    touched_worlds = {ROOT / file for file in files if file.startswith("tests/worlds/")}
    chosen: dict[str, list[Path]] = {}
    for file in sorted(WORLDS.glob("*/*.yaml")):
        data = yaml.safe_load(file.read_text("utf-8"))
        played = {str(run.get("section")) for run in data["runs"]}
        if file in touched_worlds or played & sections:
            chosen.setdefault(data["site"], []).append(file)
    engine = any(file.startswith(("compiler/osp_compile/rehearsal/", "compiler/osp_simulator/")) for file in files)
    if engine:
        chosen.setdefault("minimal", [])
    return [_rehearsal(site, worlds) for site, worlds in chosen.items()]


def _rehearsal(site: str, worlds: Iterable[Path]) -> Part:
    return parts.rehearsal(site, *(word for world in worlds for word in ("--world", of_repository(world))))


def mutants_of(files: Iterable[str], revision: str) -> list[Part]:
    """Those planted in a file that is touched, and those that are not as they were themselves."""
    words = [word for file in files if file.startswith("templates/") for word in ("--file", file)]
    for file in files:
        if file.startswith("tests/mutants/") and file.endswith(".yaml"):
            words += [word for name in _other_mutants(file, revision) for word in ("--only", name)]
    return [parts.mutants(*words)] if words else []


def _other_mutants(file: str, revision: str) -> list[str]:
    """The names of the mutants on this file that are not there, or not so, at the revision."""
    if not (ROOT / file).exists():
        return []
    before = yaml.safe_load(git("show", f"{revision}:{file}") or "[]")
    now = yaml.safe_load((ROOT / file).read_text("utf-8"))
    return [mutant["name"] for mutant in now if mutant not in before]
