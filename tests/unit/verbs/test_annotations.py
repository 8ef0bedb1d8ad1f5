"""Diagnostics for other programs, by their exact text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osp_compile import __version__, cli
from osp_compile.diagnostics import Span, error, warning
from osp_compile.verbs.annotations import github, sarif

PLACED = error("wrong-type", "`fencing` is 100% wrong", Span("a site,1.yaml", 2, 10, 3, "fencing: yes"), "write `true`")
WHOLE = warning("odd", "something is odd", Span("site.yaml", 0, 0, 0))
NOWHERE = error("lint", "a finding", None)


def test_sarif() -> None:
    assert json.loads(sarif([PLACED, WHOLE, NOWHERE])) == {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "osp-compile",
                        "version": __version__,
                        "rules": [
                            {"id": "lint", "shortDescription": {"text": "lint"}},
                            {"id": "odd", "shortDescription": {"text": "odd"}},
                            {"id": "wrong-type", "shortDescription": {"text": "wrong type"}},
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": "wrong-type",
                        "ruleIndex": 2,
                        "level": "error",
                        "message": {"text": "`fencing` is 100% wrong\nwrite `true`"},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": "a%20site%2C1.yaml"},
                                    "region": {"startLine": 2, "startColumn": 10, "endColumn": 13},
                                }
                            }
                        ],
                    },
                    {
                        "ruleId": "odd",
                        "ruleIndex": 1,
                        "level": "warning",
                        "message": {"text": "something is odd"},
                        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "site.yaml"}}}],
                    },
                    {"ruleId": "lint", "ruleIndex": 0, "level": "error", "message": {"text": "a finding"}},
                ],
            }
        ],
    }


def test_sarif_of_nothing_is_a_run_without_results() -> None:
    (run,) = json.loads(sarif([]))["runs"]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_an_absolute_file_is_an_address() -> None:
    (result,) = json.loads(sarif([warning("odd", "odd", Span("/tmp/東.yaml", 1, 1, 0))]))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "file:///tmp/%E6%9D%B1.yaml"}
    assert place["region"]["endColumn"] == 2


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (
            PLACED,
            "::error file=a site%2C1.yaml,line=2,col=10,endColumn=12,title=wrong-type"
            "::`fencing` is 100%25 wrong%0Awrite `true`",
        ),
        (WHOLE, "::warning file=site.yaml,title=odd::something is odd"),
        (NOWHERE, "::error title=lint::a finding"),
    ],
    ids=["placed", "whole file", "nowhere"],
)
def test_github(one: object, line: str) -> None:
    assert github(one) == line


@given(st.text(), st.text(min_size=1))
def test_no_text_begins_a_command_of_its_own(message: str, file: str) -> None:
    line = github(error("odd", message, Span(file, 1, 1, 1)))
    assert line.splitlines() == [line]
    assert line.count("::") >= 2
    name = line.removeprefix("::error file=").partition(",")[0]
    assert ":" not in name
    (run,) = json.loads(sarif([error("odd", message, Span(file, 1, 1, 1))]))["runs"]
    assert len(run["results"]) == 1


@pytest.mark.parametrize("form", ["sarif", "github"])
@pytest.mark.parametrize("verb", ["check", "compile"])
def test_both_are_printed_to_standard_output(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, verb: str, form: str
) -> None:
    spec = tmp_path / "site.yaml"
    spec.write_text("version: 1\nfencing: yes\n", "utf-8")
    with pytest.raises(SystemExit) as leaving:
        cli.main([verb, str(spec), "--format", form])
    shown = capsys.readouterr()
    assert (leaving.value.code, shown.err) == (1, "")
    if form == "sarif":
        (run,) = json.loads(shown.out)["runs"]
        assert [one["ruleId"] for one in run["results"]] == ["missing-key", "wrong-type"]
    else:
        assert [line.split(" ")[0] for line in shown.out.splitlines()] == ["::error", "::error"]
