"""The summary that closes a ticket: on a screen, on a phone, on paper."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import ROOT, example
from browser.test_page import LOOKS, Look, Pages, fits, violations

PROGRAM = ROOT / "templates/_runtime/report/summary.py"
LIMIT = 60
SUM = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
FACTS = (
    "packed\t2018-11-23T00:22:16Z\tito\ncopy_to\tbackup@192.0.2.200:/srv/osp\n"
    "backup\tundercloud\t/var/backup/osp/CHG0000001/undercloud-2018-11-22-200000\t1542916800\n"
    f"piece\tundercloud\tundercloud.tar\t{SUM}\npiece\tundercloud\tundercloud-all-databases.sql\t{SUM}\n"
)
HOSTS = (
    "".join(
        f"overcloud-compute-{at}\t3.10.0-693.21.1.el7.x86_64\t3.10.0-957.1.3.el7.x86_64\t1100\t1102\t{at}\n"
        for at in range(9)
    )
    + "overcloud-compute-9\t3.10.0-693.21.1.el7.x86_64\t-\t1100\t-\t-\n"
)


@pytest.fixture
def summaries(pages: Pages, tmp_path: Path) -> Callable[[str], Path]:
    """The summary of the reference site, each of whose steps was done, in a language."""
    manifest = pages(example("tokyo-1")).parent / "manifest.json"
    rows = []
    for section in json.loads(manifest.read_text("utf-8"))["sections"]:
        rows.append(row(section["id"], "-", "begin"))
        for step in section["steps"]:
            rows += [row(section["id"], step["id"], "start"), row(section["id"], step["id"], "done")]
        rows.append(row(section["id"], "-", "end", "exit 0"))

    def summary(language: str) -> Path:
        folder = tmp_path / language
        folder.mkdir()
        texts = {"manifest.json": manifest.read_text("utf-8"), "journal.tsv": "".join(rows), "facts.tsv": FACTS,
                 "software.tsv": HOSTS, "digest": f"{SUM}\n",
                 "journal-check.txt": f"line 3 does not fit: {'x' * 90}\n"}  # fmt: skip
        for name, text in texts.items():
            (folder / name).write_text(text, "utf-8")
        subprocess.run([sys.executable, "-S", str(PROGRAM), str(folder), language], check=True, timeout=LIMIT)
        return folder / "summary.html"

    return summary


def row(section: str, step: str, event: str, detail: str = "-") -> str:
    return f"2018-11-22T20:00:00Z\tito\tCHG1\t0123456789ab\t{section}\t{step}\t-\t{event}\t{detail}\t-\n"


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_it_fits_the_window_and_axe_finds_nothing(
    look: Look, summaries: Callable[[str], Path], language: str, width: int, scheme: str
) -> None:
    tab = look(summaries(language), width, color_scheme=scheme)
    assert fits(tab)
    assert not tab.evaluate(WIDER), "a box that scrolls hides what it holds"
    assert violations(tab) == []


WIDER = "[...document.querySelectorAll('div')].some((one) => one.scrollWidth > one.clientWidth)"


def test_a_row_of_many_columns_is_a_block_where_the_window_is_narrow(
    look: Look, summaries: Callable[[str], Path]
) -> None:
    page = summaries("en")
    assert places(look(page, 1280))[0]["y"] == places(look(page, 1280))[1]["y"]
    name, begun = places(look(page, 390))
    assert name["y"] + name["height"] <= begun["y"]


def places(tab: Any) -> list[Any]:
    return [tab.locator(f"tr.section td:nth-child({at})").first.bounding_box() for at in (1, 2)]


def test_on_paper_nothing_is_cut_off_and_a_time_stays_whole(look: Look, summaries: Callable[[str], Path]) -> None:
    # A4 across, less its margins
    tab = look(summaries("en"), 1032)
    tab.emulate_media(media="print")
    assert fits(tab)
    assert not tab.evaluate(WIDER)
    heights = tab.evaluate("[...document.querySelectorAll('td.whole')].map((one) => one.getClientRects().length)")
    assert set(heights) == {1}
