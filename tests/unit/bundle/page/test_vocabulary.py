"""Words with their comments, and all that a word uses."""

from __future__ import annotations

from osp_compile.assets import TEMPLATES
from osp_compile.bundle.page.vocabulary import closure, vocabulary, words_of

TEXT = """# first NAME: what it does,
# in two lines.
# shellcheck disable=SC2034
first() { second "$1"; }

second() {
  third
}
third() { :; }
"""


def test_a_word_has_its_place_its_comment_and_its_text() -> None:
    first, second, third = words_of(TEXT, "systems/x.sh")
    assert (first.name, first.place) == ("first", "systems/x.sh:4")
    assert first.said == "first NAME: what it does, in two lines."
    assert second.said == ""
    assert third.text == "third() { :; }\n"


def test_a_closure_is_near_before_far_and_ends_at_the_engine() -> None:
    own = {word.name: word for word in words_of(TEXT, "systems/x.sh")}
    assert [word.name for word in closure(["first"], own, {})] == ["first", "second", "third"]
    engine = {word.name: word for word in words_of(TEXT, "engine/x.sh")}
    assert [word.name for word in closure(["first"], engine, {})] == ["first"]


def test_every_function_of_the_library_is_known() -> None:
    known = vocabulary(TEMPLATES / "_runtime")
    assert {"compute_host", "as_root_on", "why"} <= known.keys()
    assert known["why"].of_the_engine
