"""Shell, Python and the table of remedies find sections and steps by their names.

So a section that gets another number needs no change there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from osp_compile.assets import section_number
from osp_compile.spec.keys import KEYS

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "templates"
SECTIONS = {file.parent.name: yaml.safe_load(file.read_text("utf-8")) for file in TEMPLATES.glob("2.*/section.yaml")}
STEPS = {
    step["name"]: step["id"]
    for section in SECTIONS.values()
    for entry in section["steps"]
    for step in entry.get("steps", [entry])
}
SHELL = sorted(
    file for file in TEMPLATES.rglob("*") if file.name.endswith((".sh", ".sh.j2")) and file.parent.name != "_layouts"
)
NUMBER = re.compile(r"(?<![\w.-])2\.[01]\d(?:/\w+)?(?![\w.])")
CODE = re.compile(r"(?:>=|<=|==|=~?|\bjournal|\bwaived|--step) *[\"']?2\.[01]\d\b|/2\.[01\[][^ ]*-\*")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def lines(file: Path) -> list[str]:
    """The lines of a file that are not comments."""
    return [line for line in file.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")]


@pytest.mark.parametrize("file", SHELL, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_decision_hangs_on_a_number_and_each_that_a_text_names_is_there(file: Path) -> None:
    shell = [line for line in lines(file) if "MINIMUM_" not in line]
    assert [line for line in shell if CODE.search(line)] == []
    assert [line for line in shell if NUMBER.search(QUOTED.sub("", line))] == []
    there = {section["id"] for section in SECTIONS.values()} | set(STEPS.values())
    assert {number for line in shell for number in NUMBER.findall(line)} <= there


@pytest.mark.parametrize("file", SHELL, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_the_names_that_sections_and_steps_are_found_by_are_those_of_the_guide(file: Path) -> None:
    text = "\n".join(lines(file))
    sections = set(re.findall(r"\b(?:find_section|section_named) ([a-z][a-z-]+)", text))
    assert sections <= {folder.split("-", 1)[1] for folder in SECTIONS}
    assert set(re.findall(r"\b(?:find_step|way_to_step) ([a-z][a-z_]+)", text)) <= STEPS.keys()


REMEDIES = TEMPLATES / "_runtime/engine/remedies.tsv"
PYTHON = sorted((*ROOT.glob("compiler/osp_*/**/*.py"), *TEMPLATES.glob("_runtime/**/*.py")))
IN_TEXT = re.compile(NUMBER.pattern + "(?!-)")  # a version has more after it
# An example for who types a command or writes a section, as it is printed: the guide's own numbers there read best.
EXAMPLES = ("osp-compile ", "RFC 1234", "a point is SECTION:NUMBER:HOW", ": a section is called as its folder")
NAMES = {folder.split("-", 1)[1] for folder in SECTIONS}


def texts(tree: ast.AST) -> Iterator[str]:
    """The text of each string that is not a docstring, in f-strings too."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def test_python_has_no_number_of_a_section() -> None:
    found = {
        f"{file.relative_to(ROOT)}: {text}"
        for file in PYTHON
        for text in texts(ast.parse(file.read_bytes()))
        if IN_TEXT.search(text) and not any(example in text for example in EXAMPLES)
    }
    assert not found


def test_the_names_that_python_has_are_those_of_the_guide() -> None:
    assert {name: section_number(name) for name in NAMES} == {
        folder.split("-", 1)[1]: section["id"] for folder, section in SECTIONS.items()
    }
    assert {place for key in KEYS.values() for place in key.places} <= NAMES | STEPS.keys()
    for file in PYTHON:
        named = re.findall(r"section_number\(['\"]([\w-]+)", file.read_text("utf-8"))
        assert set(named) <= NAMES, file


def test_the_table_of_remedies_names_sections_of_the_guide() -> None:
    rows = [line for line in lines(REMEDIES) if not line.startswith("#")]
    shown = [cell for row in rows for cell in row.split("\t")[4:8]]
    assert [cell for cell in shown if IN_TEXT.search(cell)] == []
    assert set(re.findall(r"\{section ([^}]*)\}", " ".join(shown))) <= NAMES
