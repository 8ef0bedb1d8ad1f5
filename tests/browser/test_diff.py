"""`osp-compile diff --format html` for somebody who reviews a change: on a screen, on a phone, on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import example
from browser.test_page import LOOKS, Look, Pages, fits, shown, violations
from osp_compile.ticket.command import diff

Diffs = Callable[..., Path]


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_it_fits_the_window_and_axe_finds_nothing(
    look: Look, diffs: Diffs, language: str, width: int, scheme: str
) -> None:
    tab = look(diffs(language), width, color_scheme=scheme)
    assert fits(tab)
    assert not tab.evaluate(WIDER), "a box that scrolls hides what it holds"
    assert violations(tab) == []


WIDER = "[...document.querySelectorAll('pre, .step, .change')].some((one) => one.scrollWidth > one.clientWidth)"


def boxes(tab: Any) -> list[Any]:
    """The places of the two sides of the first change of commands."""
    first = ".hunk:has(.before:not(.equal)):has(.now:not(.equal))"
    return [tab.locator(f"{first} .{side} pre").first.bounding_box() for side in ("before", "now")]


def test_before_and_now_stand_side_by_side_where_there_is_room(look: Look, diffs: Diffs) -> None:
    before, now = boxes(look(diffs("en"), 1280))
    assert before["y"] == now["y"]
    assert before["x"] + before["width"] <= now["x"]
    before, now = boxes(look(diffs("en"), 390))
    assert before["x"] == now["x"]
    assert before["y"] + before["height"] <= now["y"]


def test_a_line_stands_beside_the_one_that_it_took_the_place_of(look: Look, diffs: Diffs) -> None:
    tab = look(diffs("en"), 1280)
    old = tab.locator("[id='208-2'] del.line").first.bounding_box()
    new = tab.locator("[id='208-2'] ins.line", has_text="--message").first.bounding_box()
    assert (old["y"], old["height"]) == (new["y"], new["height"])


def test_a_step_is_one_link_away_from_the_decision_that_changed_it(look: Look, diffs: Diffs) -> None:
    tab = look(diffs("en"), 1280)
    tab.click(".change a:has-text('2.09/5')")
    assert tab.evaluate("document.querySelector(':target .title').innerText") == "Move the instances off the node"


def test_two_that_are_the_same_have_a_page_too(look: Look, pages: Pages, tmp_path: Path) -> None:
    bundle = pages(example("tokyo-1")).parent
    (tmp_path / "same.html").write_text(diff(bundle, bundle, "html", "en").text, "utf-8")
    tab = look(tmp_path / "same.html", 1280)
    assert shown(tab, "main p")[-1] == "The two bundles are byte for byte the same."
    # main is next to the list of what changed, with or without one
    assert tab.locator("main").bounding_box()["width"] > 800


def test_paper_has_everything_and_both_sides(look: Look, diffs: Diffs) -> None:
    tab = look(diffs("ja"), 700)
    tab.emulate_media(media="print")
    assert shown(tab, "nav a") == []
    assert "変更前" in shown(tab, ".label")
    assert fits(tab)
    assert len(tab.pdf(format="A4")) > 20_000
