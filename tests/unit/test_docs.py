"""The developers' pages: what they name is there."""

from __future__ import annotations

import ast
import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from runner import tiers

ROOT = Path(__file__).parents[2]
PAGES = (*sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md", ROOT / "README.md")
NAMED = re.compile(r"`((?:compiler|templates|tests|specs|docs|benchmarks|out)/[\w./-]*)`")
# said of files that a reader is to make, or that have a name for any of them
PATTERNS = ("NAME", "SITE", "NN")
SHORT = re.compile(r"`((?:spec|guide|bundle|shell|lint|rehearsal)/\w+\.py)`")
OF_THE_SIMULATOR = re.compile(r"`((?:engine|hosts|seed|safety|fast|tools)/\w+\.py)`")
RUNTIME = re.compile(r"`([a-z_]+\.sh)`")
CODE = re.compile(r"`(?:lib/)?((?:[\w.-]+/)*[\w-]+\.(?:py|sh|bash))`")
TOPS = ("compiler", "templates", "tests", "benchmarks")
IN_WORDS = {2: "two", 12: "twelve", 16: "sixteen", 24: "twenty-four", 400: "four hundred"}


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


@pytest.mark.parametrize("name", ["docs/ARCHITECTURE.md", "docs/testing.md"])
def test_every_module_is_there_however_short_its_name_is(name: str) -> None:
    known = {f"/{file.relative_to(ROOT)}" for top in TOPS for file in (ROOT / top).rglob("*.*")}
    named = CODE.findall((ROOT / name).read_text("utf-8"))
    assert named
    assert [one for one in named if not any(file.endswith(f"/{one}") for file in known)] == []


def test_the_map_has_every_folder() -> None:
    text = (ROOT / "docs/ARCHITECTURE.md").read_text("utf-8")
    packages = [file.parent for file in (ROOT / "compiler").glob("osp_*/*/__init__.py")]
    assert len(packages) > 10
    assert [str(folder.relative_to(ROOT)) for folder in packages if f"{folder.name}/`" not in text] == []


def test_the_figures_of_the_tests_are_those_that_are_played() -> None:
    text = " ".join((ROOT / "docs/testing.md").read_text("utf-8").split())
    assert tiers.SMALLEST_KILLS == 6
    assert "of the small site a point of every sixth kind of kill, by turns" in text
    assert f"of the others one in {IN_WORDS[tiers.KILLS]} of the kinds that are theirs alone" in text
    assert f"one in {tiers.FAILURES} of the kinds of failure" in text
    assert f"one in {IN_WORDS[tiers.POINTS]} of the other points" in text
    assert {round(share, -3) for share in (tiers.ANSWERS, tiers.CHANGES)} == {12000, 13000}
    assert "one in twelve thousand of the hostile answers, and one in thirteen thousand of the changes" in text
    assert f"Of the worlds these are one in {IN_WORDS[tiers.WORLDS]}, those that" in text
    assert f"where they are at most {tiers.TOUCHED_WORLDS}, and up to {tiers.TOUCHED_WORLDS} that expect" in text
    assert f"; of the examples but the smallest one in {IN_WORDS[tiers.OTHERS]};" in text
    assert f"of the longest unit tests, as the how-tos, one in {IN_WORDS[tiers.LONGEST]};" in text
    assert f"of the longest suites one in {IN_WORDS[tiers.SUITES]};" in text
    assert f"of the mutants one in {tiers.MUTANTS}, and {tiers.TOUCHED} of those in files" in text


def test_every_fast_path_has_a_figure_and_the_command_that_gives_it() -> None:
    folder = ROOT / "compiler/osp_simulator/fast"
    told = {file: ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "" for file in folder.rglob("*.py")}
    without = [file.name for file, text in told.items() if not re.search(r"\d\.\d\d times|interpreter\.py", text)]
    assert without == ["__init__.py"]
    assert "benchmarks/fast_paths.py" in told[folder / "__init__.py"]
    spec = spec_from_file_location("fast_paths", ROOT / "benchmarks/fast_paths.py")
    assert spec is not None
    assert spec.loader is not None
    measured = module_from_spec(spec)
    spec.loader.exec_module(measured)
    for file, old, _ in measured.WITHOUT.values():
        assert (ROOT / measured.SIMULATOR / file).read_text("utf-8").count(old) == 1, file


def test_contributing_is_a_page_that_links() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert len(text.splitlines()) < 50
    parts = text.split("\n## ")
    assert [part.splitlines()[0] for part in parts if "](" not in part and "CHANGELOG.md" not in part] == []


def test_the_glossary_is_short_and_sorted() -> None:
    words = re.findall(r"^\| (\w[\w ]*) \| ", (ROOT / "docs/GLOSSARY.md").read_text("utf-8"), re.MULTILINE)[1:]
    assert words == sorted(words)
    assert len(words) <= 40


# Words of the glossary that once had several meanings: (word, the one file that may be called so).
ONE_FILE = (("gate", "templates/_runtime/engine/gate.sh"), ("runbook", None), ("rule", None), ("shape", None))


@pytest.mark.parametrize(("word", "file"), ONE_FILE, ids=[word for word, _ in ONE_FILE])
def test_a_word_with_one_meaning_is_the_name_of_one_file(word: str, file: str | None) -> None:
    found = [
        str(one.relative_to(ROOT))
        for folder in ("compiler", "templates")
        for one in (ROOT / folder).rglob("*")
        if one.is_file() and "__pycache__" not in one.parts and word in re.split(r"[._]", one.name.lower())[:-1]
    ]
    others = (
        {"templates/_layouts/RUNBOOK.md.j2", "templates/_layouts/runbook_command.sh"} if word == "runbook" else set()
    )
    assert sorted({*found} - others) == ([file] if file else [])
    assert f"\n| {word} | " in (ROOT / "docs/GLOSSARY.md").read_text("utf-8")
