"""The functions of a shell text, found by their layout."""

from __future__ import annotations

import pytest

from osp_compile.shell.functions import body, names

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


def test_one_that_is_not_ended_has_a_name_all_the_same() -> None:
    assert names("one() {\n  true\ntwo() {\n  true\n}\n") == ["one", "two"]
