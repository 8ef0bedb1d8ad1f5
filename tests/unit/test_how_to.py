"""The how-tos do what they say: their files are written and their commands run, in a copy of the tree."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from osp_compile.guide import scaffold
from runner import changed
from unit.machine import needs_programs

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs/how-to").glob("*.md"))
BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<word>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
COPIED = (
    "benchmarks", "compiler", "docs", "out", "specs", "templates", "tests", "pyproject.toml", "CONTRIBUTING.md",
    "README.md", "CHANGELOG.md",
)  # fmt: skip
LIMIT = 240  # seconds for all commands of a page


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("how-to")


@pytest.fixture
def tree(desk: Path) -> Path:
    """A fresh copy, where the one before stood: what Python and the lint keep of its files is not made again."""
    tree = desk / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir()
    for name in COPIED:
        place = ROOT / name
        if place.is_dir():
            unwanted = shutil.ignore_patterns("__pycache__", ".*_cache", "lab.*")
            shutil.copytree(place, tree / name, symlinks=True, ignore=unwanted)
        else:
            shutil.copy2(place, tree / name)
    return tree


# Seconds: some pages end with the tests of every bundle.
WHOLE_PAGE = 5 * LIMIT


def follow(page: Path, tree: Path) -> tuple[list[str], list[str]]:
    """The page's commands and what they print; those of a block `later` take long, and are tried elsewhere."""
    commands, printed = [], []
    for block in BLOCK.finditer(page.read_text("utf-8")):
        kind, word, text = block["kind"], block["word"] or "", block["text"]
        if kind == "diff":
            subprocess.run(["git", "apply", "-"], cwd=tree, input=text.encode(), check=True, timeout=LIMIT)
        elif word.startswith("path="):
            place = tree / word.removeprefix("path=")
            assert not place.exists(), f"{page.name} makes {place.name}, which is there already"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")
        elif kind == "console":
            lines = [] if word == "later" else text.splitlines()
            commands += [line[2:] for line in lines if line.startswith("$ ")]
            printed += [line for line in lines if not line.startswith("$ ")]
    return commands, printed


def unprinted(printed: list[str], text: str) -> list[str]:
    """The lines that are not printed, in their order; `...` is any text."""
    missing, lines = [], iter(text.splitlines())
    for line in printed:
        pattern = re.compile(".*".join(map(re.escape, line.split("..."))))
        if not any(pattern.fullmatch(one) for one in lines):
            missing.append(line)
    return missing


@needs_programs("git")
def test_what_the_pages_change_is_there(tree: Path) -> None:
    """Quickly, and all of them: each change applies to the tree, each new file has a place of its own."""
    for page in PAGES:
        for block in BLOCK.finditer(page.read_text("utf-8")):
            if block["kind"] == "diff":
                words = ["git", "apply", "--check", "-"]
                ended = subprocess.run(
                    words, cwd=tree, input=block["text"].encode(), capture_output=True, check=False, timeout=LIMIT
                )
                assert ended.returncode == 0, f"{page.name}: {ended.stderr.decode()}"
            elif (block["word"] or "").startswith("path="):
                assert not (tree / block["word"].removeprefix("path=")).exists(), page.name


@needs_programs("git", "bats")
@pytest.mark.whole
@pytest.mark.longest
@pytest.mark.usefixtures("sandbox")
@pytest.mark.timeout(2 * WHOLE_PAGE + 30)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_how_to_can_be_followed(page: Path, desk: Path, tree: Path) -> None:
    commands, printed = follow(page, tree)
    assert commands
    (desk / "home").mkdir(exist_ok=True)
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": f"{tree}/compiler:{tree}/tests",
        "HOME": f"{desk}/home", "LANG": "C.UTF-8", "PYTEST_ADDOPTS": "-p no:cacheprovider -p no:xdist",
        "PYTHONPYCACHEPREFIX": f"{desk}/bytecode",
    }  # fmt: skip
    done = subprocess.run(
        ["bash", "-euxc", "\n".join(commands)], cwd=tree, env=environment, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, timeout=WHOLE_PAGE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert unprinted(printed, done.stdout) == [], done.stdout[-3000:]
    left = red_after(page, tree, environment)
    assert left == "", left


QUICK = "not sandbox and not whole and not long"
# What an addition may leave red, as its page says: the page of a bundle has a limit, and is at it.
LEFT_RED = {"step": ("tests/unit/bundle/page/test_page.py::test_it_is_small[examples-tokyo-1]",)}


def red_after(page: Path, tree: Path, environment: dict[str, str]) -> str:
    """What fails of the quick tests about the page's files; nothing if all is well."""
    tests = sorted(str(file.relative_to(ROOT)) for file in {*changed.nearest_of(touched(page))})
    if not tests:  # pytest would play all there are
        return ""
    allowed = [f"--deselect={name}" for name in LEFT_RED.get(page.stem, ())]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--tb=short", "-m", QUICK, *allowed, *tests],
        cwd=tree, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=WHOLE_PAGE,
        check=False,
    )  # fmt: skip
    return "" if done.returncode == 0 else f"{done.stdout[-3000:]}{done.stderr[-3000:]}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_how_to_ends_with_commands_and_what_they_print(page: Path) -> None:
    text = page.read_text("utf-8")
    *_, last = BLOCK.finditer(text)
    assert text[: last.start()].split("\n## ")[-1].startswith("At the end\n")
    assert (last["kind"], last["word"], text[last.end() :].strip()) == ("console", None, "")
    lines = [*last["text"].splitlines(), "$ "]
    followed = [after for line, after in itertools.pairwise(lines) if line.startswith("$ ")]
    assert followed, "no command"
    assert not [after for after in followed if after.startswith("$ ")], "a command without what it prints"


TOUCHED = re.compile(r"^\+\+\+ b/(\S+)|^```\w+ path=(\S+)", re.MULTILINE)
ROW = re.compile(r"^\| \[a [^]]+\]\(how-to/(?P<page>[\w-]+)\.md\) \| (?P<files>\d+) \|", re.MULTILINE)
ROWS = [(row["page"], int(row["files"])) for row in ROW.finditer((ROOT / "docs/testing.md").read_text("utf-8"))]


SCAFFOLDED = "templates/2.15-water-the-plants/section.yaml"
# What the golden bundle, the digest in the README, the pages and the like are made from.
SOURCES = (
    "templates/",
    "specs/site.schema.json",
    "tests/cases/",
    "compiler/osp_compile/lint/",
    "compiler/osp_simulator/safety/",
)


def touched(page: Path) -> list[str]:
    """The files that a page has written, by hand or by the scaffold."""
    text = page.read_text("utf-8")
    found = {diff or new for diff, new in TOUCHED.findall(text)}
    return sorted(found | ({SCAFFOLDED} if "guide.scaffold" in text else set()))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_how_to_renews_what_is_made_of_its_files(page: Path) -> None:
    renews = "$ python -m pytest -q --update tests/unit" in page.read_text("utf-8")
    assert renews == any(file.startswith(SOURCES) for file in touched(page))


def test_the_table_of_what_an_addition_touches_has_the_five() -> None:
    assert [page for page, _ in ROWS] == ["section", "spec-key", "lint-rule", "simulated-tool", "world"]


@pytest.mark.parametrize(("page", "files"), ROWS, ids=[page for page, _ in ROWS])
def test_an_addition_touches_as_many_files_as_the_table_says(page: str, files: int) -> None:
    written = {*TOUCHED.findall((ROOT / f"docs/how-to/{page}.md").read_text("utf-8"))}
    by_the_scaffold = len(scaffold.FILES) + 1 if page == "section" else 0  # and the table of Japanese reasons
    assert len(written) + by_the_scaffold == files


def test_what_a_command_does_not_print_is_noticed() -> None:
    text = "wrote build/lab-1\n12 passed in 3.1s\n"
    assert unprinted(["wrote ...", "... passed..."], text) == []
    assert unprinted(["... passed...", "wrote ..."], text) == ["wrote ..."]


def test_there_is_one_for_each_thing_that_is_added() -> None:
    assert {page.stem for page in PAGES} == {
        "section", "step", "spec-key", "spec-rule", "lint-rule", "simulated-tool", "world", "safety-rule", "mutant",
        "lab-part", "runtime-file", "example",
    }  # fmt: skip
