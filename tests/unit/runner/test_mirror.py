"""A module's test is found by its place, or has a row that says where it is, and why there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runner import changed, mirror
from runner.mirror import (
    BATS,
    COMPILER,
    CROSSING,
    RUNTIME,
    SHELL_TESTED_BY,
    TESTED_BY,
    UNIT,
    modules,
    own_test,
    row_of,
    shell_files,
    suites,
)  # fmt: skip

# Folders of tests without a folder of the compiler: what they test is under tests/ and templates/.
OF_OTHERS = frozenset({"lab", "pages", "runner", "runtime"})
# Tests of a served world start it as a process, and it finds tools and safety rules by their files' names.
SERVED = frozenset({UNIT / "simulator/worlds.py", COMPILER / "osp_simulator/engine/registry.py"})
BY_NAME = frozenset({Path("osp_compile/rehearsal/again"), Path("osp_compile/rehearsal/fault_trials")})
WITHOUT = [module for module in modules() if not own_test(module).exists()]


def test_every_module_has_its_test_or_says_where_it_is_tested() -> None:
    assert len(WITHOUT) > 100
    assert [f"{module}: write {own_test(module)}" for module in WITHOUT if row_of(module) is None] == []


@pytest.mark.parametrize("number", range(len(TESTED_BY)), ids=[row[0] for row in TESTED_BY])
def test_a_row_is_needed_and_its_file_is_there(number: int) -> None:
    pattern, test, reason = TESTED_BY[number]
    assert reason
    assert (UNIT / test).exists()
    assert [module for module in WITHOUT if row_of(module) == number], f"{pattern} needs no row"


def test_what_tests_a_module_imports_it_or_starts_it() -> None:
    away = []
    for module in WITHOUT:
        test = UNIT / TESTED_BY[row][1] if (row := row_of(module)) is not None else own_test(module)
        reached = changed.reached(test)
        served = module.parts[0] == "osp_simulator" and reached & SERVED
        if COMPILER / module.with_suffix(".py") not in reached and not served and module not in BY_NAME:
            away.append(f"{module} and {test.relative_to(UNIT)}")
    assert away == []


def test_the_folders_of_tests_are_those_of_the_compiler() -> None:
    known = {own_test(module).parent for module in modules()}
    folders = {file.parent for file in UNIT.rglob("test_*.py")} - {UNIT}
    assert {folder for folder in folders if folder.relative_to(UNIT).parts[0] not in OF_OTHERS} <= known


def test_a_module_has_one_file_that_tests_it() -> None:
    named = {
        name: mirror.test_of(f"compiler/{name}")
        for name in ("osp_simulator/engine/clock.py", "osp_simulator/tools/crm.py")
    }
    assert [*named.values()] == [UNIT / "simulator/engine/test_clock.py", UNIT / "simulator/tools/test_services.py"]
    others = ("compiler/osp_compile/__init__.py", "compiler/osp_compile/importing/collect.sh", "tests/unit/sites.py")
    assert [mirror.test_of(name) for name in others] == [None, None, None]


def test_every_shell_file_of_the_runtime_has_its_suite_or_says_where_it_is_tested() -> None:
    own = {*suites()}
    listed = [Path(file) for file, _, _ in SHELL_TESTED_BY]
    assert [file for file in shell_files() if file not in own] == listed


def test_every_suite_of_the_runtime_is_called_as_a_file_of_it() -> None:
    crossing = [Path(name) for name, why in CROSSING if why]
    assert sorted({*suites()} - {*shell_files()}) == crossing


@pytest.mark.parametrize(("file", "suite", "why"), SHELL_TESTED_BY, ids=[row[0] for row in SHELL_TESTED_BY])
def test_the_suite_of_a_shell_file_reaches_it(file: str, suite: str, why: str) -> None:
    assert why
    text = (RUNTIME / f"{file}.sh").read_text("utf-8")
    functions = re.findall(r"^(\w+)\(\)", text, re.MULTILINE)
    reached = (BATS / suite).read_text("utf-8")
    if why == mirror.IN_A_SECTION:
        reached = "".join(one.read_text("utf-8") for one in RUNTIME.parent.glob(f"{suite[:4]}-*/*.sh*"))
    # its functions, its variables, or the files that it writes
    named = {*functions, *re.findall(r"\b[A-Z]+_[A-Z_]+\b", text), *re.findall(r"\$STATE/([\w.]+)", text)} - {"LC_ALL"}
    assert [name for name in sorted(named | {Path(file).name.upper()}) if re.search(rf"\b{name}\b", reached)]
