"""index.html for somebody who reviews a change: on a screen, on a phone, on paper, with keys and with a reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import changed, example, large
from osp_compile.pipeline import compile_site
from osp_compile.ticket.since import since

Look = Callable[..., Any]
Pages = Callable[..., Path]
NODE = "overcloud-compute-1"


@pytest.fixture
def page(pages: Pages) -> Path:
    return pages(example("tokyo-1"))


def shown(tab: Any, selector: str) -> list[str]:
    """The texts of what is visible of it."""
    return list(tab.evaluate(VISIBLE, selector))


# one call for all of it: a page has some thousand lines
VISIBLE = """(selector) => [...document.querySelectorAll(selector)]
    .filter((one) => one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length)
    .map((one) => one.innerText)"""


CUT = "[...document.querySelectorAll('pre')].filter((one) => one.scrollWidth > one.clientWidth).length"


def fits(tab: Any) -> bool:
    return bool(tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("name", ["minimal", "hyperconverged", "tokyo-1"])
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_the_window_opened_or_not(look: Look, pages: Pages, name: str, language: str, width: int) -> None:
    tab = look(pages(example(name), language), width)
    assert fits(tab)
    tab.click("#open")
    assert tab.query_selector(".step:not([open])") is None
    assert fits(tab)
    # (on a phone a command that is cut at the edge is not read)
    assert width > 390 or tab.evaluate(CUT) == 0


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("width", [390, 820, 1280])
def test_the_timeline_is_seen_whole_and_no_duration_is_torn_apart(
    look: Look, pages: Pages, language: str, width: int
) -> None:
    tab = look(pages(example("tokyo-1"), language), width)
    assert tab.evaluate("[...document.querySelectorAll('.scroll')].every((one) => one.scrollWidth <= one.clientWidth)")
    # a duration is one line, and one more for what each node takes
    high = "[...document.querySelectorAll('.timeline .takes')].map((one) => one.clientHeight)"
    assert max(tab.evaluate(high)) < 70
    if width == 390:
        assert "network" not in tab.locator(".timeline tbody tr").first.inner_text()
        assert tab.locator(".timeline tbody tr", has_text="2.07").locator(".of").first.is_visible()


@pytest.mark.parametrize("width", [970, 1200, 1440])
def test_what_stays_at_the_top_covers_nothing(look: Look, page: Path, width: int) -> None:
    tab = look(page, width)
    tab.click("nav a[href='#window']")
    covered = "(selector) => document.querySelector(selector).getBoundingClientRect().top"
    end = tab.evaluate("document.querySelector('.top').getBoundingClientRect().bottom")
    for selector in ("nav a", "#window h2"):
        assert tab.evaluate(covered, selector) >= end, selector


def violations(tab: Any) -> list[tuple[str, list[str]]]:
    """(rule, the first elements that break it) of each rule of axe's that the page breaks."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(tab).response["violations"]
    return [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found]


# A look by axe takes seconds. Colours follow the scheme, the layout follows the width, and the words the language: here
# each of them has met each of the others.
LOOKS = [("en", 1280, "light"), ("ja", 390, "light"), ("en", 390, "dark"), ("ja", 1280, "dark")]


@pytest.mark.parametrize(
    ("name", "language", "width", "scheme"),
    [(name, *one) for name, one in zip(("tokyo-1", "tokyo-1", "minimal", "hyperconverged"), LOOKS, strict=True)],
)
def test_axe_finds_nothing(look: Look, pages: Pages, name: str, language: str, width: int, scheme: str) -> None:
    tab = look(pages(example(name), language), width, color_scheme=scheme)
    # closed it is the same but for what is not there
    tab.click("#open")
    assert violations(tab) == []


# What a browser lays out and a filter goes through: benchmarks/page.py has the seconds, which differ by machine.
@pytest.mark.parametrize(("nodes", "most"), [(None, 14_000), (1000, 16_000)])
def test_a_page_has_few_elements(look: Look, pages: Pages, nodes: int | None, most: int) -> None:
    tab = look(pages(example("tokyo-1") if nodes is None else large(nodes)))
    count = "document.getElementsByTagName('*').length"
    assert 5_000 < tab.evaluate(count) < most
    # a step that is closed adds nothing until it is opened
    before = tab.evaluate(count)
    tab.select_option("#kind", "disruptive")
    tab.select_option("#kind", "")
    assert tab.evaluate(count) == before


def test_one_language_is_shown_and_the_other_is_a_key_away(look: Look, pages: Pages) -> None:
    tab = look(pages(example("tokyo-1"), "ja"))
    assert shown(tab, "nav a")[0] == "概要"
    assert tab.locator("#kind option").all_inner_texts()[1:] == ["変更", "サービス影響あり", "確認", "対話"]
    tab.click("#language")
    assert shown(tab, "nav a")[0] == "Overview"
    assert tab.evaluate("document.documentElement.lang") == "en"
    tab.reload()
    assert shown(tab, "nav a")[0] == "Overview"
    assert tab.locator("#kind option").all_inner_texts()[1:] == ["change", "disruptive", "check", "attended"]


def test_the_theme_is_turned_round(look: Look, page: Path) -> None:
    tab = look(page, color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = tab.evaluate(ground)
    tab.click("#theme")
    assert tab.evaluate(ground) != light
    tab.click("#theme")
    assert tab.evaluate(ground) == light


def test_the_search_leaves_what_has_all_its_words(look: Look, page: Path) -> None:
    tab = look(page)
    everything = len(shown(tab, ".step"))
    tab.fill("#search", "live-migration POLICY")
    left = shown(tab, ".step .id")
    assert "2.09/5" in left
    assert len(left) < 5
    assert shown(tab, "#found") == [f"{len(left)} / {everything}"]
    tab.fill("#search", "no such word anywhere")
    assert shown(tab, ".step") == shown(tab, ".chapter-section") == []
    tab.fill("#search", "")
    assert len(shown(tab, ".step")) == everything


def test_the_slash_leads_to_the_search(look: Look, page: Path) -> None:
    tab = look(page)
    tab.keyboard.press("/")
    tab.keyboard.type("fencing")
    assert tab.input_value("#search") == "fencing"


@pytest.mark.parametrize(
    ("kind", "some", "none"),
    [("check", "2.12/1", "2.09/9"), ("disruptive", "2.09/9", "2.09/3"), ("attended", "2.06/2", "2.09/9")],
)
def test_the_kinds(look: Look, page: Path, kind: str, some: str, none: str) -> None:
    tab = look(page)
    tab.select_option("#kind", kind)
    left = shown(tab, ".step .id")
    assert some in left
    assert none not in left


def test_a_role_leaves_the_steps_of_its_nodes(look: Look, page: Path) -> None:
    tab = look(page)
    tab.select_option("#role", "CephStorage")
    left = shown(tab, ".step .id")
    assert "2.08/2" in left
    assert not [step for step in left if step.startswith("2.09/")]


def test_a_link_into_a_closed_step_opens_it(look: Look, page: Path) -> None:
    tab = look(page)
    tab.evaluate("location.hash = '209-5'")
    tab.wait_for_selector("#209-5[open]".replace("#209", "#\\32 09"))
    tab.click("text=nova live-migration", timeout=5000)
    tab.click(".step[open] .commands a >> nth=0")
    tab.wait_for_selector("#words [open]")


def test_the_words_of_an_opened_text_are_links(look: Look, page: Path) -> None:
    tab = look(page)
    tab.evaluate("location.hash = 'w-compute_host'")
    tab.wait_for_selector("#w-compute_host[open] pre:not(.plain)")


def test_paper_has_every_step_opened(look: Look, page: Path) -> None:
    tab = look(page)
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.query_selector(".step:not([open]), .signed:not([open])") is None
    tab.emulate_media(media="print")
    # what a browser puts at the foot of each page would read as the total of that page
    assert tab.evaluate("getComputedStyle(document.querySelector('tfoot')).display") == "table-row-group"
    assert shown(tab, ".shell") == [], "scripts are read as scripts"
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.query_selector(".step[open], .signed[open]") is None


# (in Japanese each message has two languages)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_paper_is_less_than_forty_pages(look: Look, pages: Pages, language: str) -> None:
    paper = look(pages(example("tokyo-1"), language)).pdf(prefer_css_page_size=True)
    assert 20 < len(re.findall(rb"/Type\s*/Page\b", paper)) < 40


def test_paper_has_nothing_twice(look: Look, page: Path) -> None:
    tab = look(page)
    tab.click("#open")
    tab.click("summary:has-text('Refuses with') >> nth=0")
    tab.wait_for_selector(".says.full p")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print")
    assert shown(tab, ".says p") == shown(tab, "#departures") == []
    assert shown(tab, ".says a")
    assert len(shown(tab, "#messages li")) > 200


def test_the_messages_of_a_step_are_read_in_their_place(look: Look, pages: Pages) -> None:
    tab = look(pages(example("tokyo-1"), "ja"))
    tab.evaluate("location.hash = '209-9'")
    tab.click(".step[open] summary:has-text('実行しない理由')")
    said = "[id='209-9'] .says.full div:has-text('the overcloud does not answer') >> nth=0"
    tab.wait_for_selector(said)
    assert re.match(r"\d+\s+the overcloud does not answer.*\s+オーバークラウドが応答しない", tab.inner_text(said))


def test_a_step_is_found_by_what_it_says(look: Look, page: Path) -> None:
    tab = look(page)
    tab.fill("#search", "OSDs are up")
    assert "2.08/2" in shown(tab, ".step .id")
    assert "2.06/1" not in shown(tab, ".step .id")


def test_it_can_be_read_without_its_script(look: Look, page: Path) -> None:
    tab = look(page, java_script_enabled=False)
    assert shown(tab, "nav a")[0] == "Overview"
    tab.click("summary:has-text('2.09/5')")
    assert shown(tab, ".step[open] .commands")


def test_a_thousand_nodes(look: Look, pages: Pages) -> None:
    page = pages(large(1000))
    assert page.stat().st_size < 5_000_000
    tab = look(page, 390)
    assert fits(tab)
    tab.select_option("#node", "overcloud-compute-999")
    assert "2.09/9" in shown(tab, "#path .id")
    assert "overcloud-compute-999" in tab.text_content(".commands b >> nth=0")


class TestTheQuestionsOfAReviewer:
    """Each is answered within two clicks."""

    def test_what_happens_to_a_node_and_in_which_order(self, look: Look, page: Path) -> None:
        tab = look(page)
        tab.select_option("#node", NODE)
        tab.click("nav a[href='#orders']")
        order = shown(tab, "#path .id")
        assert order == sorted(order, key=lambda step: (step[:4], order.index(step)))
        assert {"2.06/2", "2.09/5", "2.09/9"} <= {*order}
        assert not [step for step in order if step.startswith(("2.07/", "2.08/"))]
        assert shown(tab, "#path .title")[-1] == "Compare the instances with the record"

    def test_a_node_is_chosen_in_the_picture_of_the_site(self, look: Look, page: Path) -> None:
        tab = look(page)
        tab.fill("#search", "no such word anywhere")
        tab.click(f"#site a:has-text('{NODE}')")
        assert tab.input_value("#node") == NODE
        assert "2.09/9" in shown(tab, "#path .id")

    def test_what_can_go_wrong(self, look: Look, page: Path) -> None:
        tab = look(page)
        tab.click("summary:has-text('2.09/9')")
        tab.click(".step[open] summary:has-text('What can go wrong')")
        assert shown(tab, ".step[open] .says div")

    def test_how_to_go_back(self, look: Look, page: Path) -> None:
        tab = look(page)
        tab.click("nav a[href='#s209']")
        assert any("How to go back" in text for text in shown(tab, "#s209 .facts div"))

    def test_what_changed_since_the_last_bundle(self, look: Look, page: Path) -> None:
        tab = look(page)
        tab.click("summary:has-text('What changed since')")
        assert any("osp-compile diff" in text for text in shown(tab, "#overview pre"))

    @pytest.mark.parametrize("width", [390, 1280])
    def test_what_changed_is_on_the_page_itself(self, look: Look, page: Path, tmp_path: Path, width: int) -> None:
        """Where the compiler was given the bundle before; each sentence leads to the step that it is about."""
        (tmp_path / "site.yaml").write_text(changed(example("tokyo-1")), "utf-8")
        made = compile_site(tmp_path / "site.yaml", tmp_path, linted=False, added=since(page.parent)).path
        assert made is not None
        tab = look(made / "index.html", width)
        tab.click("#language")
        tab.click("summary:has-text('What changed since')")
        said = shown(tab, ".signed[open] li")
        assert "2.09/5: what does not move live is stopped, and started again after the reboot" in "\n".join(said)
        assert not re.search("[ぁ-ん]", "\n".join(said))
        assert fits(tab)
        tab.click(".signed[open] a:has-text('2.09/5') >> visible=true >> nth=0")
        tab.wait_for_selector("[id='209-5'][open]")

    def test_how_long_and_with_what_impact(self, look: Look, page: Path) -> None:
        tab = look(page)
        tab.click("nav a[href='#window']")
        row = next(text for text in shown(tab, ".timeline tbody tr") if text.startswith("2.07"))
        assert "50 min to 2 h 5 min" in row
        assert "degraded" in row

    def test_where_it_departs_from_the_guide(self, look: Look, page: Path) -> None:
        tab = look(page)
        tab.click("nav a[href='#departures']")
        assert any("nova live-migration" in text for text in shown(tab, "#departures dt"))

    def test_whether_it_is_what_was_compiled_and_by_what(self, look: Look, page: Path) -> None:
        tab = look(page)
        tab.click("summary:has-text('Is it what was compiled')")
        assert any("sha256sum" in text for text in shown(tab, "#overview pre"))
        assert any(text.startswith("Compiled by: osp-compile ") for text in shown(tab, "#overview p"))
