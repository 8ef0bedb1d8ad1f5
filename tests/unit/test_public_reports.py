"""docs/public-reports.md: each row quotes words that its worlds wait for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (?P<met>.+?) \| (?P<ends>.+) \| (?P<worlds>`.+?`) \|$", re.MULTILINE)
# a quotation may have quotes within brackets, as a line of the spec has
QUOTED = re.compile(r'"((?:[^"{]|\{[^}]*\}+\]?\}*)+)"')
ROWS = ROW.findall((ROOT / "docs/public-reports.md").read_text("utf-8"))


def test_no_row_is_passed_over() -> None:
    assert len(ROWS) == 12


@pytest.mark.parametrize(("met", "ends", "worlds"), ROWS)
def test_a_row(met: str, ends: str, worlds: str) -> None:
    """Every world of the row is there and waits for a quotation; every quotation is waited for."""
    quotations = QUOTED.findall(ends)
    waited = {name: words_of(name) for name in re.findall(r"`(\w+)`", worlds)}
    everything = "\n".join(waited.values())
    assert [one for one in quotations if one not in everything] == [], met
    assert [name for name, words in waited.items() if not any(one in words for one in quotations)] == [], met


def words_of(world: str) -> str:
    """What a world waits for, a text a line."""
    (file,) = (ROOT / "tests/worlds").glob(f"*/{world}.yaml")
    return "\n".join(text for run in yaml.safe_load(file.read_text("utf-8"))["runs"] for text in run.get("says", ()))
