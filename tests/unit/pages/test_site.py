"""The pages as a site: strict, whole, and complete without a network; their links also hold where GitHub shows them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.recording import PICTURE, session, svg

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
PAGES = (*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md")
LINK = re.compile(r"!?\[[^\]]*\]\((?P<to>[^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
# What a browser fetches by itself: not a link that somebody may follow.
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["'](?:https?:)?//|<link\b[^>]*\bhref=["'](?:https?:)?//"""
    r"""|url\(["']?(?:https?:)?//|@import\s+["'](?:https?:)?//"""
)


def build(source: Path, site: Path, *options: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "sphinx", "-nWq", "--keep-going", *options, str(source), str(site)]
    return subprocess.run(
        words, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "PYTHONWARNINGS": ""}
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = build(DOCS, folder, "-d", str(folder / "read"))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.long
def test_every_page_is_in_the_site(site: Path) -> None:
    names = {page.relative_to(DOCS).with_suffix(".html") for page in DOCS.rglob("*.md")}
    assert [name for name in names if not (site / name).exists()] == []
    front = (site / "index.html").read_text("utf-8")
    assert [str(name) for name in names if f'href="{name}"' not in front and name.name != "index.html"] == []


@pytest.mark.long
def test_the_site_fetches_nothing_from_the_network(site: Path) -> None:
    files = [file for file in site.rglob("*") if file.suffix in (".html", ".css", ".svg")]
    assert len(files) > 20
    assert [str(file) for file in files if FETCHED.search(file.read_text("utf-8"))] == []


def test_a_page_says_its_language(site: Path) -> None:
    assert '<html class="no-js" lang="en"' in (site / "operator.html").read_text("utf-8")
    assert '<html class="no-js" lang="ja"' in (site / "operator.ja.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ({"index.md": "# A\n\n## B\n\n[b](b.md)\n", "b.md": "# B\n\n[c](c.md)\n"}, "c.md"),
        ({"index.md": "# A\n\n## B\n\n[b](b.md#gone)\n", "b.md": "# B\n"}, "gone"),
        ({"index.md": "# A\n", "b.md": "# B\n"}, "isn't included in any toctree"),
        ({"index.md": "# A\n\n## B\n\n[b](b.md)\n"}, "b.md"),
    ],
    ids=["link", "anchor", "navigation", "page"],
)
def test_what_leads_nowhere_fails(pages: dict[str, str], said: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name, text in pages.items():
        (source / name).write_text(text, "utf-8")
    done = build(source, tmp_path / "site", "-c", str(DOCS))
    assert done.returncode != 0
    assert said in done.stderr


def anchors(page: Path) -> set[str]:
    """Those that GitHub gives the headings of a page, and those that it says itself."""
    text = FENCED.sub("", page.read_text("utf-8"))
    found = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text)}
    return found | set(re.findall(r'<a id="([^"]+)">', text))


def broken(page: Path) -> Iterator[str]:
    for link in LINK.finditer(FENCED.sub("", page.read_text("utf-8"))):
        place, _, anchor = link["to"].partition("#")
        if "://" in place:
            continue
        to = (page.parent / place).resolve() if place else page
        if not to.exists() or (anchor and to.suffix == ".md" and anchor not in anchors(to)):
            yield link["to"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_hold_on_github(page: Path) -> None:
    assert list(broken(page)) == []


def test_the_recording_is_what_the_guide_shows(update: bool) -> None:
    if update:
        PICTURE.write_text(svg(), "utf-8")
    drawn = PICTURE.read_text("utf-8")
    assert drawn == svg(), "docs/pictures/make writes it"
    assert len(drawn) < 60_000
    assert not FETCHED.search(drawn)
    commands = [line for line in session() if line.startswith("$ ")]
    assert [command.split()[2] for command in commands if "osp-compile" in command] == [
        "check", "check", "site.yaml", "rehearse",
    ]  # fmt: skip


def test_the_recording_has_every_line() -> None:
    text = re.sub(r"<[^>]+>", "", PICTURE.read_text("utf-8")).replace("&#160;", " ").replace("&#x27;", "'")
    words = re.sub(r"\s+", "", text)
    assert [line for line in session() if re.sub(r"\s+", "", line).replace(">", "&gt;") not in words] == []
