"""Every block of every page is played, made or compared by a test, or the list here says why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages import blocks
from unit.pages import test_guides

ROOT = Path(__file__).parents[3]
PAGES = sorted((*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")))
FENCE = re.compile(
    r"^(?P<indent> *)(?P<sign>```+|~~~+)(?P<words>[^\n`]*)\n(?P<text>.*?)^(?P=indent)(?P=sign)$", re.M | re.S
)
GUIDES = {"docs/operator.md", "docs/reviewer.md"}
AT_THE_DESK = {"README.md", "docs/editors.md"}
# test_made.py compares all of it with the schema and with a spec that compiles
MADE = {"docs/spec.md"}
# What no test here plays, and why: {(page, how the first line of the block begins): reason}.
DIFFERS = (
    "        fail  overcloud-compute-7 (ctlplane=192.0.2.47) is in the undercloud's list and not in the spec",
    "a site that differs is another one: tests/worlds/2.00/spec_has_a_node_too_few.yaml plays it",
)
NOT_PLAYED = {
    ("README.md", "python3 -m venv .venv && .venv/bin/pip install -q ."):
        "it installs from the network: tests/bare runs it on a bare Debian",
    ("README.md", "tests/run"): "it is all of the tests: tests/bare runs it on a bare Debian",
    ("docs/ARCHITECTURE.md", " site.yaml ──> spec ──> guide ──> bundle ──> lint ──> out/SITE/"): "a drawing",
    ("docs/operator.md", DIFFERS[0]): DIFFERS[1],
    ("docs/operator.ja.md", DIFFERS[0]): DIFFERS[1],
}  # fmt: skip


def unplayed(page: str, text: str) -> Iterator[str]:
    """The first line of each block that nothing plays."""
    how_to = page.startswith("docs/how-to/")
    for found in FENCE.finditer(text):
        kind, *words = found["words"].split() or [""]
        files = any(word.startswith("path=") for word in words)
        if how_to:  # test_how_to.py writes, applies and runs them; `later` says that the part named there takes long
            played = files or kind in {"console", "diff"}
        elif page.replace(".ja.md", ".md") in GUIDES:
            played = files or any(word in test_guides.PLACES for word in words)
        else:
            played = page in MADE or (page in AT_THE_DESK and (files or "desk" in words))
        if not played or (kind == "console" and not re.match(r"\$ ", found["text"])):
            yield found["text"].partition("\n")[0]


def test_every_block_is_played_or_has_its_reason() -> None:
    pages = {str(page.relative_to(ROOT)): page.read_text("utf-8") for page in PAGES}
    found = [(name, line) for name, text in pages.items() for line in unplayed(name, text)]
    listed = [
        (name, next((known for page, known in NOT_PLAYED if page == name and line.startswith(known)), line))
        for name, line in found
    ]
    assert sorted(listed) == sorted(NOT_PLAYED), "play it (tests/unit/pages/test_guides.py), or say here why not"


def test_what_a_reason_names_is_there() -> None:
    named = [name for reason in NOT_PLAYED.values() for name in re.findall(r"tests/[\w./-]*\w", reason)]
    assert len(named) >= 4
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_reviewer_needs_no_site() -> None:
    page = test_guides.REVIEWER.read_text("utf-8")
    assert {block.place for block in blocks.blocks(page)} <= {"", "desk"}


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("docs/editors.md", "```\nls\n```\n"),
        ("docs/editors.md", "```sh\nls\n```\n"),
        ("docs/editors.md", "```console\n$ ls\n```\n"),
        ("docs/editors.md", "- so:\n  ```console desk2\n  ls\n  ```\n"),
        ("docs/editors.md", "~~~~\nls\n~~~~\n"),
        ("docs/editors.md", "```console desk\nls\n```\n"),
        ("docs/new.md", "```console desk\nls\n```\n"),
        ("docs/operator.ja.md", "```console there\n$ ls\n```\n"),
        ("docs/how-to/step.md", "```\nls\n```\n"),
    ],
)
def test_a_block_that_nobody_plays_is_found(page: str, text: str) -> None:
    assert [line.strip() for line in unplayed(page, text)] in (["ls"], ["$ ls"])


def test_the_readme_is_one_page() -> None:
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    # (a row of the table, and what is pasted, may be wider)
    prose = [line for line in lines if not line.startswith(("|", "!", "python3 "))]
    assert len(lines) <= 60
    assert [line for line in prose if len(line) > 110] == []
