"""The reports, to the letter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from osp_compile.rehearsal import report
from osp_compile.rehearsal.report import ReportHeader
from osp_compile.rehearsal.suite import Result, Trial

GOOD = Result(Trial("first-2.07", "2.07 first run", "first", "2.07"), ok=True, seconds=2.0)
BAD = Result(
    Trial("second-2.07", "2.07 second run", "second", "2.07"), ok=False, lines=("changed \x1b[1m<x>",), seconds=1.0
)
SKIPPED = Result(Trial("first-2.08", "2.08 first run", "first", "2.08"), ok=False, skipped="first-2.07")
FACTS = ReportHeader(
    "tokyo-1", "CHG1", "abc", "this machine's bash",
    {"2.07": "Reboot"}, {"2.07": "an hour"}, "1 h to 2 h", {"2.07/1": "Down", "2.07/2": "Up"},
    {"first-2.07": {"window": 4000.0, "applied": ["2.07/1"]}},
)  # fmt: skip


def test_tap() -> None:
    assert report.tap([GOOD, BAD, SKIPPED]) == (
        "1..3\nok 1 2.07 first run\nnot ok 2 2.07 second run\n# changed \x1b[1m<x>\n"
        "not ok 3 2.08 first run\n# not run: it starts where first-2.07 should have ended\n"
    )


def test_a_json_document() -> None:
    assert report.as_data([GOOD, BAD, SKIPPED], FACTS, Path("out/tokyo-1.rehearsal")) == {
        "ok": False,
        "site": "tokyo-1",
        "change": "CHG1",
        "digest": "abc",
        "sections": ["2.07", "2.08"],
        "trials": {"first": {"good": 1, "all": 2}, "second": {"good": 0, "all": 1}},
        "failed": [
            {"trial": "2.07 second run", "not_run_after": None, "lines": ["changed \x1b[1m<x>"]},
            {"trial": "2.08 first run", "not_run_after": "first-2.07", "lines": []},
        ],
        "report": "out/tokyo-1.rehearsal/report.md",
    }


def test_junit_is_xml_whatever_was_printed() -> None:
    root = ElementTree.fromstring(report.junit([GOOD, BAD], FACTS))
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    failure = root.find("testcase/failure")
    assert failure is not None
    assert failure.text == "changed ?[1m<x>"


def test_the_page_counts_and_says_how_long() -> None:
    text = report.markdown([GOOD, BAD, SKIPPED], FACTS)
    assert "| first runs, from the assumed initial state | 1 of 2 |" in text
    assert "| 2.07 | Reboot | 1 h 07 min | an hour |" in text
    assert "| | in all | 1 h 07 min | the chapter: 1 h to 2 h |" in text
    assert "* **2.07 second run**" in text


def test_a_step_that_nobody_has_seen_at_work_is_named() -> None:
    text = report.markdown([GOOD], FACTS)
    assert "First runs applied 1 of 2 steps that change something; these had nothing to do:\n\n* 2.07/2 Up\n" in text
    whole = replace(FACTS, outcomes={"first-2.07": {"window": 1.0, "applied": ["2.07/1", "2.07/2"]}})
    assert report.coverage(whole) == "first runs applied 2 of 2 steps that change something"
    # steps that a cut run has applied prove nothing
    cut = replace(FACTS, outcomes={**FACTS.outcomes, "2.07-3-kill": {"applied": ["2.07/2"]}})
    assert report.not_applied(cut) == {"2.07/2": "Up"}


def test_sites_that_are_alike_are_counted_once() -> None:
    cut = [Result(Trial(f"2.07-{at}-kill", "", "kill", f"2.07:{at}:kill"), ok=True) for at in range(3)]
    facts = replace(FACTS, outcomes={"2.07-0-kill": {"as_after": ""}, "2.07-1-kill": {"as_after": "2.07-0-kill"}})
    assert f"| {report.LEFT} | 2 |" in report.markdown(cut, facts)
    assert report.LEFT not in report.markdown([GOOD], FACTS)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59.4, "59 s"), (60, "1 min"), (3599, "1 h 00 min"), (7500, "2 h 05 min")]
)
def test_durations(seconds: float, words: str) -> None:
    assert report.duration(seconds) == words
