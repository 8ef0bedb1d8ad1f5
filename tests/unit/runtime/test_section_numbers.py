"""The shell finds sections and steps by their names: a section that gets another number needs no change there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
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
