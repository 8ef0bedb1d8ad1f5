"""docs/preconditions.md: each row names its source, a check of section 2.00 and a world that waits for its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import pytest
import yaml

from osp_compile.assets import TEMPLATES
from osp_compile.bundle.render import render
from osp_compile.guide.plan import make_plan
from osp_compile.guide.reader import read_sections
from osp_compile.shell.functions import parted
from osp_compile.spec import loading

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (?P<refused>.+?) \| (?P<by>.+?) \| (?P<check>\S+) \| (?P<worlds>`.+?`) \|$", re.MULTILINE)
SOURCE = re.compile(r"^\| `(?P<name>[^`]+)` \| \S+ \| .+ \| [0-9a-f]{40} \|$", re.MULTILINE)
PLACE = re.compile(r"`(?P<name>[\w.]+):(?P<line>[1-9]\d*)`")
PAGE = (ROOT / "docs/preconditions.md").read_text("utf-8")
SOURCES = SOURCE.findall(PAGE)
ROWS = ROW.findall(PAGE)
WORD = re.compile(r"[\w'/.=-]+")
LONG = 3  # words in a row that a world and a check have in common; names and values are among the others
FEW = 2  # checks that may share a function, and so its words


def test_no_row_is_passed_over() -> None:
    table = [line for line in PAGE.splitlines() if line.startswith("| ")]
    assert len(ROWS) + len(SOURCES) == len(table) - 2
    assert len(ROWS) >= 34


def test_each_file_of_the_list_is_named_by_a_row() -> None:
    assert {name for _, by, *_ in ROWS for name, _ in PLACE.findall(by)} == {*SOURCES}


@pytest.mark.parametrize(("refused", "by", "check", "worlds"), ROWS)
def test_a_row(refused: str, by: str, check: str, worlds: str) -> None:
    """Its source is a line of a listed file, or nobody; the check is a step of 2.00, each world waits for its words."""
    assert by.startswith("nobody") or PLACE.match(by), f"{refused}: {by} names no line"
    known = steps()
    assert check in known, f"{refused}: there is no check {check}"
    for world in re.findall(r"`(\w+)`", worlds):
        wanted = waited_for(world)
        assert own(wanted, check) or f"failed checks {check}" in wanted, f"{world} waits for no words of {check}"


def test_the_comparison_finds_a_row_with_the_wrong_check() -> None:
    wanted = waited_for("no_room_for_a_kernel")
    assert own(wanted, "2.00/19")
    assert not own(wanted, "2.00/17")
    assert not own(wanted, "2.00/2")


def waited_for(world: str) -> frozenset[str]:
    """The words in a row that a world file expects of section 2.00."""
    played = yaml.safe_load((ROOT / f"tests/worlds/2.00/{world}.yaml").read_text("utf-8"))["runs"]
    said = [text for run in played if run.get("section") == "2.00" for text in run.get("says", ())]
    assert said, f"{world} expects no words of section 2.00"
    return rows_of_words(said)


def own(wanted: frozenset[str], check: str) -> frozenset[str]:
    """The words in a row that a world waits for and that `check` says, and few others."""
    said = said_by_step()
    return frozenset(row for row in wanted & said[check] if sum(row in texts for texts in said.values()) <= FEW)


@cache
def said_by_step() -> dict[str, frozenset[str]]:
    return {name: rows_of_words([text]) for name, text in steps().items()}


def rows_of_words(texts: Iterable[str]) -> frozenset[str]:
    words = [WORD.findall(text) for text in texts]
    return frozenset(" ".join(row[at : at + LONG]) for row in words for at in range(len(row) - LONG + 1))


@cache
def steps() -> dict[str, str]:
    """{check of 2.00: all texts that it may say: its own and those of the runtime's functions that it reaches}."""
    site, _ = loading.load(ROOT / "tests/cases/valid/every-key/site.yaml", frozenset({"2.12/8"}))
    assert site is not None
    plan = make_plan(site, read_sections(TEMPLATES)[0])
    files = {file.path: file.text for file in render(plan, TEMPLATES, paged=False)}
    section = next(section for section in plan.sections if section.id == "2.00")
    return {step.id: reached(step.name, files) for step in section.steps if step.shape == "check"}


def reached(name: str, files: dict[str, str]) -> str:
    """The text of the step's file, and of every function and program of the library that it names."""
    bodies = functions(files)
    # a function that is called by a name put together, as judge_$what, is in the step's own file
    own_file = next((TEMPLATES / "2.00-preflight").glob(f"{name}.sh*")).read_text("utf-8")
    found, due = own_file, [word for word in bodies if word.startswith(f"{name}_")]
    seen = set(due)
    while due:
        body = bodies[due.pop()]
        found += body
        for word in {*re.findall(r"[a-z_0-9]+", body)} & {*bodies} - seen:
            seen.add(word)
            due.append(word)
    return found


@cache
def _bodies(texts: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        for name, body in parted(text)[0].items():
            found[name] = found.get(name, "") + body
    return found


def functions(files: dict[str, str]) -> dict[str, str]:
    """{function: its text}; a program of lib/parse is found by its name, as `parse NAME` calls it."""
    programs = {Path(path).stem: text for path, text in files.items() if re.match(r"lib/(parse|engine/.*\.py)", path)}
    shell = tuple(text for path, text in files.items() if path.endswith(".sh"))
    return {**programs, **_bodies(shell)}
