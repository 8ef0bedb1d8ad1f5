"""The page of a comparison: both sides row by row, what differs marked, and nothing of a bundle can draw on it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from osp_compile.assets import TEMPLATES
from osp_compile.bundle.page.environment import own
from osp_compile.ticket.document import Document, Pair, Part, Sentence
from osp_compile.ticket.page import Hunk, Line, anchor, as_html, hunks, linked

BAD = "</style><script>alert(1)</script><img src=x onerror=alert(1)>\"'\x1b[2J\N{RIGHT-TO-LEFT OVERRIDE}"
CODE = ("  same", "-on <node> sudo reboot", "+on <node> sudo sync", "+on <node> sudo systemctl reboot", "@@", "+added")


def document(*sentences: Sentence, text: str = "x") -> Document:
    parts = (Part(text, sentences, warns=True), Part(text, sentences))
    return Document("en", text, text, parts, text, text, text, text, text, text, (text,))


def rows(lines: tuple[Line, ...]) -> list[tuple[int, str]]:
    return [(line.row, "".join(piece.text for piece in line.pieces)) for line in lines]


def marked(line: Line) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in line.pieces)


def test_sides_are_apart_and_their_lines_side_by_side() -> None:
    found, added = hunks(
        (" before", "-go away", "-step_apply one", "+step_apply 1 one", "+and more", " after", "@@", "+x")
    )
    assert rows(found.before) == [(1, "before"), (2, "go away"), (3, "step_apply one"), (5, "after")]
    assert rows(found.now) == [(1, "before"), (3, "step_apply 1 one"), (4, "and more"), (5, "after")]
    assert found.rows == 5
    assert [line.differs for line in found.now] == [False, True, True, False]
    assert added == Hunk((), added.now, 1)
    assert [(name, differs) for name, _, differs in added.sides] == [("now", True)]


def test_a_line_stands_beside_the_one_that_is_like_it() -> None:
    found = hunks(("-on a sudo reboot", "+on a sudo sync; wait_for nothing else", "+on a sudo systemctl reboot"))[0]
    assert rows(found.before) == [(2, "on a sudo reboot")]
    assert [row for row, _ in rows(found.now)] == [1, 2]


@pytest.mark.parametrize(
    ("old", "new", "before", "now"),
    [
        ("each computes 1", "each computes 2", "each computes [1]", "each computes [2]"),
        ("sudo reboot", "sudo systemctl reboot", "sudo reboot", "sudo [systemctl ]reboot"),
        ('f "$1" <node> fail', 'f "$1" <node> stop', 'f "$1" <node> [fail]', 'f "$1" <node> [stop]'),
        # lines that are not alike are listed separately, unmarked
        ("one two three", "four", "one two three", "four"),
        (f"{'x ' * 300}1", f"{'x ' * 300}2", f"{'x ' * 300}1", f"{'x ' * 300}2"),
    ],
)
def test_what_differs_in_a_line_is_marked(old: str, new: str, before: str, now: str) -> None:
    found = hunks((f"-{old}", f"+{new}"))[0]
    assert (marked(found.before[0]), marked(found.now[0])) == (before, now)


def test_a_hunk_without_lines_and_an_empty_line() -> None:
    assert hunks(()) == hunks(("@@", "@@")) == []
    assert rows(hunks(("+", "+x"))[0].now) == [(1, ""), (2, "x")]


class Tags(HTMLParser):
    """Every tag with its attributes, and the ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.ids += [value or "" for name, value in attrs if name == "id"]


def test_whatever_a_bundle_says_is_text() -> None:
    code = (f" {BAD}", f"-{BAD}", f"+{BAD} ")
    bad = Sentence(BAD, code, (BAD,), "added", BAD, BAD, BAD, (BAD,), (Pair(BAD, BAD, BAD),))
    text = as_html(document(bad, Sentence(BAD), text=BAD))
    good = as_html(document(Sentence("x", CODE, ("x",), "added", "2.09/5", "x", "x", ("x",), (Pair("x", "x", "x"),))))
    assert Tags(text).tags - Tags(good).tags == set()
    assert Tags(text).attributes - Tags(good).attributes == set()
    assert not re.search("[\x1b\N{RIGHT-TO-LEFT OVERRIDE}]", text)


def test_it_asks_nothing_of_the_network_and_runs_nothing() -> None:
    text = as_html(document(Sentence("x", CODE)))
    assert "script" not in Tags(text).tags
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//|@import|url\(""", text)
    # the style of the bundle's own page
    assert own(TEMPLATES, "page.css") in text


def test_a_step_that_the_page_has_is_linked_where_it_is_named() -> None:
    assert linked("2.09/5 & 2.09, 2.10", {"2.09/5", "2.09"}) == (
        '<a href="#209-5">2.09/5</a> &amp; <a href="#s209">2.09</a>, 2.10'
    )
    found = Tags(as_html(document(Sentence("2.09/5: so"), Sentence("x", id="2.09/5", title="x"))))
    assert anchor("2.09/5") in found.ids
    assert {link.removeprefix("#") for link in found.links} <= {*found.ids}


def test_pairs_are_one_below_the_other_where_they_are_long() -> None:
    short, long = (as_html(document(Sentence("x", pairs=(Pair("", "1" * size, "2" * size),)))) for size in (30, 31))
    assert 'class="pair"' in short
    assert 'class="pair long"' in long
