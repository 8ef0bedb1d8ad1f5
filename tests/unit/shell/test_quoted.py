"""What each character of a shell text is enclosed by."""

from __future__ import annotations

import pytest

from osp_compile.shell.quoted import enclosing


@pytest.mark.parametrize(
    ("text", "enclosed"),
    [
        # (a dot for nothing)
        ("a 'b' c", "..'''.."),
        ('a "b" c', '...""..'),
        ("\"it's\" 'x'", '.""""".\'\'\''),
        ("\"$(a 'b')\"", ".\"((('''(\""),
        ("# it's\na", "######.."),
        ("${#a} $# 'b'", ".........'''"),
        (r"\' 'b'", "...'''"),
    ],
)
def test_what_encloses_it(text: str, enclosed: str) -> None:
    assert "".join(around or "." for around in enclosing(text)) == enclosed


def test_quotes_that_were_open_before_the_text_are_closed_in_it() -> None:
    assert "".join(around or "." for around in enclosing("a\" 'b'", '"')) == "\"\".'''"


@pytest.mark.parametrize("text", ["", "'", '"', "#", "\\", "a 'b", '"$(', "x # 'y"])
def test_each_character_is_enclosed_by_one_thing(text: str) -> None:
    assert len([*enclosing(text)]) == len(text)
