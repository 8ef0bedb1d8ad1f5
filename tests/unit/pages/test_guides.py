"""The guides do what they say: their commands run, and print what the page shows."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from osp_compile.rehearsal.scratch import scratch
from pages import blocks
from pages.terminal import Desk

DOCS = Path(__file__).parents[3] / "docs"
OPERATOR, REVIEWER, EDITORS = DOCS / "operator.md", DOCS / "reviewer.md", DOCS / "editors.md"
README = DOCS.parent / "README.md"
LIMIT = 600  # seconds for the chapter on the small example, on a busy machine
HEAD = re.compile(r"^(#+ (?:\d+\.)?)", re.MULTILINE)
ROW = re.compile(r"^\| \[?(`[^`]+`|2\.\d\d)", re.MULTILINE)
DESK = ("desk",)
PLACES = (*DESK, "sandbox", "undercloud")


@pytest.fixture
def desk() -> Iterator[Desk]:
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        made = Desk(Path(folder) / "guide")
        try:
            yield made
        finally:
            made.close()


def follow(page: Path, desk: Desk, places: tuple[str, ...], update: bool) -> None:
    """Plays the page's blocks of these places; what they print is as the page has it, times and digests aside."""
    written = page.read_text("utf-8")
    now = blocks.played(written, desk, places)
    if update:
        # whoever follows the README compares its digest; of the others only what lasts is reviewed
        if page == README or blocks.lasting(written) != blocks.lasting(now):
            page.write_text(now, "utf-8")
        return
    writes = "pytest --update" if places == DESK else "pytest -m whole --update"
    assert blocks.lasting(written) == blocks.lasting(now), f"{writes} writes it"


@pytest.mark.long
@pytest.mark.parametrize("page", [OPERATOR, REVIEWER, EDITORS, README], ids=lambda page: page.stem)
def test_what_is_typed_at_the_desk(page: Path, desk: Desk, update: bool) -> None:
    follow(page, desk, DESK, update)


@pytest.mark.whole
@pytest.mark.longest
@pytest.mark.usefixtures("sandbox")
@pytest.mark.timeout(LIMIT)
def test_a_change_from_the_spec_to_the_closed_ticket(desk: Desk, update: bool) -> None:
    follow(OPERATOR, desk, PLACES, update)


@pytest.mark.parametrize("english", [OPERATOR, REVIEWER], ids=lambda page: page.stem)
def test_the_japanese_guide_shows_the_same_commands(english: Path, update: bool) -> None:
    page = english.with_suffix(".ja.md")
    shown = [found[0] for found in blocks.BLOCK.finditer(english.read_text("utf-8"))]
    here = page.read_text("utf-8")
    if update:
        left = iter(shown)
        page.write_text(blocks.BLOCK.sub(lambda found: next(left, found[0]), here), "utf-8")
    assert [found[0] for found in blocks.BLOCK.finditer(page.read_text("utf-8"))] == shown


@pytest.mark.parametrize("english", [OPERATOR, REVIEWER, DOCS / "safety.md"], ids=lambda page: page.stem)
def test_the_japanese_guide_has_the_same_sections_and_words(english: Path) -> None:
    page = english.with_suffix(".ja.md")
    assert f"[日本語]({page.name})" in english.read_text("utf-8")
    assert f"[English]({english.name})" in page.read_text("utf-8")
    texts = [blocks.BLOCK.sub("", one.read_text("utf-8")) for one in (english, page)]
    heads, words = zip(*((HEAD.findall(text), {*ROW.findall(text)}) for text in texts), strict=True)
    assert heads[0] == heads[1]
    # what a reader looks up in a table is said of in both
    assert words[0] == words[1]
