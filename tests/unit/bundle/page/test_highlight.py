"""Shell as HTML: everything in it is text, and comes back byte for byte."""

from __future__ import annotations

import html
import re

from hypothesis import example, given
from hypothesis import strategies as st

from osp_compile.bundle.page.highlight import shell


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


@example("NODE_IN_PLAY <node> NODE_IN_PLAY_")
@given(st.text(alphabet=st.characters(exclude_characters="\r", exclude_categories=("Cs",)), max_size=80))
def test_what_is_shown_is_what_stands_there(text: str) -> None:
    shown = shell(text, frozenset({"word"}))
    assert text_of(str(shown)).rstrip("\n") == text.rstrip("\n")
    assert not re.search(r"<(?!/?(?:i|a|b)\b)", str(shown))


def test_words_are_links_where_they_are_commands() -> None:
    shown = shell("word <node> 'word' # word", frozenset({"word"}))
    assert str(shown).count("<a href=#w-word>") == 1
    assert "<b>&lt;node></b>" in shown


def test_an_argument_that_is_called_like_a_function_is_not_a_link() -> None:
    known = frozenset({"stop", "on", "when_no", "may_end_with", "stop_it"})
    for text in ("sudo systemctl stop httpd", "tell <node> stop", "nova server\tstop"):
        assert "w-stop" not in shell(text, known)
    for text in ("stop 3", "x; stop 3", "when_no stop", "when_no a -- stop", "may_end_with 1 stop", "if stop; then"):
        assert "w-stop>" in shell(text, known), text
    assert "w-stop_it" in shell("run stop_it", known)
