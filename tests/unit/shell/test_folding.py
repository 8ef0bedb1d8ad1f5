"""Folded lines are the same shell."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osp_compile.shell.folding import folded

WORD = st.one_of(
    st.text("abc-=/", min_size=1, max_size=30),
    st.text("abc def", max_size=30).map(shlex.quote),
    st.text("abc d'e\\", max_size=30).map(lambda text: '"' + text.replace("\\", "\\\\") + '"'),
)


@given(st.lists(WORD, min_size=1, max_size=12).map(" ".join))
def test_its_words_are_the_same(line: str) -> None:
    assert shlex.split(folded(line, 40).replace("\\\n", "")) == shlex.split(line)


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("short", ["short"]),
        ("  one two three four", ["  one two \\", "    three \\", "    four"]),
        ("one 'two three four five six'", ["one \\", "  'two three four five six'"]),
        ('one "$(two three four five)"', ["one \\", '  "$(two \\', "  three \\", "  four \\", '  five)"']),
        ("one # two three four five six", ["one \\", "  # two three four five six"]),
        ("one=$(two three four five six)", ["one=$(two \\", "  three \\", "  four \\", "  five six)"]),
        ('say "two three four five six"', ["say \\", '  "two \\', "three four \\", 'five six"']),
        ("a=\"$(two 'three four five')\"", ['a="$(two \\', "  'three four five')\""]),
        ("one two-three-four \\", ["one \\", "  two-three-four \\"]),
    ],
)
def test_where_it_is_broken(line: str, parts: list[str]) -> None:
    assert folded(line, 12).split("\n") == parts
