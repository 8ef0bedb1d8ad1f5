"""The developers' pages: what they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = (*sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md", ROOT / "README.md")
NAMED = re.compile(r"`((?:compiler|templates|tests|specs|docs|benchmarks|out)/[\w./-]*)`")
# said of files that a reader is to make, or that have a name for any of them
PATTERNS = ("NAME", "SITE", "NN")
SHORT = re.compile(r"`((?:spec|guide|bundle|shell|lint|rehearsal)/\w+\.py)`")
OF_THE_SIMULATOR = re.compile(r"`((?:engine|hosts|seed|safety|fast|tools)/\w+\.py)`")
RUNTIME = re.compile(r"`([a-z_]+\.sh)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    named = [ROOT / name for name in NAMED.findall(text) if not any(word in name for word in PATTERNS)]
    named += [ROOT / "compiler/osp_compile" / name for name in SHORT.findall(text)]
    named += [ROOT / "compiler/osp_simulator" / name for name in OF_THE_SIMULATOR.findall(text)]
    if page.name == "ARCHITECTURE.md":
        named += [next((ROOT / "templates/_runtime").rglob(name), Path(name)) for name in RUNTIME.findall(text)]
        assert len(named) > 30
    assert [str(path.relative_to(ROOT)) for path in named if not path.exists()] == []


def test_the_glossary_is_short_and_sorted() -> None:
    words = re.findall(r"^\| (\w[\w ]*) \| ", (ROOT / "docs/GLOSSARY.md").read_text("utf-8"), re.MULTILINE)[1:]
    assert words == sorted(words)
    assert len(words) <= 40
