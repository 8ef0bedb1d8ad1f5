"""index.html says what the scripts, the runbook and the manifest say, and nothing of a site can draw on it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from osp_compile.assets import TEMPLATES
from osp_compile.bundle.render import render
from osp_compile.guide.plan import Plan, make_plan
from osp_compile.guide.reader import read_sections
from osp_compile.spec import loading
from osp_compile.spec.model import Contact, Language, Site, Waiver

EXAMPLES = Path(__file__).parents[4] / "specs/examples"


def site(name: str, language: Language = "en") -> Site:
    found, _ = loading.load(EXAMPLES / f"{name}.yaml", frozenset())
    assert found is not None
    return replace(found, language=language)


def plan(of: Site) -> Plan:
    return make_plan(of, read_sections(TEMPLATES)[0])


@cache
def bundle(name: str, language: Language = "en") -> Mapping[str, str]:
    return {file.path: file.text for file in render(plan(site(name, language)), TEMPLATES)}


class Page(HTMLParser):
    """The ids, the links, the ids of steps, and the text of each <code class=commands>."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.steps: dict[str, str] = {}
        self._in_commands = False
        self._step = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if given.get("href", "").startswith("#"):
            self.links.append(given["href"][1:])
        if "step" in given.get("class", "").split():
            self._step = given["id"]
            self.steps[self._step] = ""
        self._in_commands = self._in_commands or given.get("class") == "commands"

    def handle_endtag(self, tag: str) -> None:
        self._in_commands = self._in_commands and tag != "code"

    def handle_data(self, data: str) -> None:
        if self._in_commands:
            self.steps[self._step] += data


NAMES = ("minimal", "tokyo-1", "hyperconverged")


@pytest.mark.parametrize("name", NAMES)
def test_scripts_runbook_manifest_and_page_have_the_same_steps(name: str) -> None:
    files = bundle(name)
    manifest = [step["id"] for section in json.loads(files["manifest.json"])["sections"] for step in section["steps"]]
    scripts = [
        found
        for path, text in files.items()
        if re.fullmatch(r"2\.\d\d-.*\.sh", path)
        for found in re.findall(r"^ *(2\.\d\d/\w+) +\w+ +(?:change|check|attended) ", text, re.MULTILINE)
    ]
    runbook = re.findall(r"^\| (2\.\d\d/\w+) \|", files["RUNBOOK.md"], re.MULTILINE)
    page = [re.sub(r"^(\d)(\d\d)-", r"\1.\2/", step) for step in Page(files["index.html"]).steps]
    assert manifest == scripts == runbook == page


@pytest.mark.parametrize("name", NAMES)
def test_the_commands_on_the_page_are_those_that_operators_are_shown(name: str) -> None:
    files = bundle(name)
    page = Page(files["index.html"]).steps
    shown = {
        step["id"].replace(".", "").replace("/", "-"): files[f"lib/commands/{section['id']}-{step['name']}.txt"]
        for section in json.loads(files["manifest.json"])["sections"]
        for step in section["steps"]
        if step["shape"] != "check"
    }
    assert {step: text for step, text in page.items() if text} == {
        step: text.rstrip("\n") for step, text in shown.items() if text.strip()
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere_and_every_id_is_one(name: str) -> None:
    page = Page(bundle(name)["index.html"])
    assert len(page.ids) == len(set(page.ids))
    assert not {link for link in page.links if link and not link.startswith("word-")} - set(page.ids)


def test_what_the_site_says_is_text() -> None:
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'"
    bad = replace(
        site("tokyo-1"), contacts=(Contact(hostile, hostile),), waivers=(Waiver("2.12/8", hostile),), stack="<b>"
    )
    files = {file.path: file.text for file in render(plan(bad), TEMPLATES)}
    text = files["index.html"]
    assert "<img" not in text
    assert text.count("<script") == 2
    assert html.escape("<b>") in text


def test_the_page_asks_nothing_of_the_network() -> None:
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//|@import|url\(""", bundle("tokyo-1")["index.html"])


def test_it_is_small_and_the_same_each_time() -> None:
    text = bundle("tokyo-1", "ja")["index.html"]
    again = {file.path: file.text for file in render(plan(site("tokyo-1", "ja")), TEMPLATES)}["index.html"]
    assert text == again
    assert len(text.encode()) < 500_000


def test_the_total_is_the_runbook_s() -> None:
    files = bundle("tokyo-1")
    total = re.search(r"take about \*\*(.+?)\*\*", files["RUNBOOK.md"])
    assert total is not None
    assert f">{total[1]}<" in files["index.html"]
