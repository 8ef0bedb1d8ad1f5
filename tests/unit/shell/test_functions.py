"""The functions of a shell text, found by their layout."""

from __future__ import annotations

from pathlib import Path

import pytest

from osp_compile.shell.functions import begun, body, is_one_statement, names

TEXT = """\
one() { sudo true; }
two() {
  local x
  x=1
}
three() (
  cd /tmp
)
four() (cd /tmp)
"""


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("one", ["sudo true"]),
        ("two", ["  local x", "  x=1"]),
        ("three", ["  cd /tmp"]),
        ("four", ["cd /tmp"]),
        ("five", []),
    ],
)
def test_the_lines_between(name: str, lines: list[str]) -> None:
    assert body(TEXT, name) == lines


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("one() {", "one"),
        ("two_3() (cd /tmp)", "two_3"),
        ("Four(){", "Four"),
        ("  five() {", ""),
        ("call six() {", ""),
        ("seven", ""),
    ],
)
def test_a_function_begins_in_the_first_column(line: str, name: str) -> None:
    assert begun(line) == name


def test_no_other_module_has_a_pattern_for_the_head_of_a_function() -> None:
    files = [file for file in (Path(__file__).parents[3] / "compiler").rglob("*.py") if "templates" not in file.parts]
    assert [file.name for file in files if r")\(\)" in file.read_text("utf-8")] == ["functions.py"]


def test_one_that_is_not_ended_has_a_name_all_the_same() -> None:
    assert names("one() {\n  true\ntwo() {\n  true\n}\n") == ["one", "two"]


STATEMENTS = """\
one() { sudo true; }
two() {
  on "$1" sudo true &&
    on "$1" \\
      sudo false
}
three() { sudo true; sudo false; }
four() {
  local x
  x=1
}
five() {
  printf 'a\\n' |
    sort
}
"""


@pytest.mark.parametrize(
    ("name", "is_one"), [("one", True), ("two", True), ("three", False), ("four", False), ("five", False)]
)
def test_one_statement_may_go_over_lines(name: str, is_one: bool) -> None:
    assert is_one_statement(STATEMENTS, name) == is_one
