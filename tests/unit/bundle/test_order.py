"""What comes before what, in the scripts themselves, against a list that was written down from the guide by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from unit.bundle.test_signable import SCRIPT, SPECS, files_of

ROOT = Path(__file__).parents[3]
ROWS = [
    line.split("\t")
    for line in (ROOT / "tests/data/order.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
BEFORE = {what: frozenset(before.split()) - {"-"} for what, before, _ in ROWS}
HEAD = re.compile(r"^section (2\.\d\d) '.*' '([0-9. ]*)' \"\$@\"$", re.MULTILINE)
STEP = re.compile(r"^ *(2\.\d\d/\w+) +\w+ +(?:change|check|attended) ", re.MULTILINE)


def scripts(spec: Path) -> dict[str, str]:
    """{section: text of its script}."""
    return {path[:4]: text for path, text in files_of(spec).items() if SCRIPT.fullmatch(path)}


specs = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.parent.name if spec.stem == "site" else spec.stem)


@specs
def test_each_script_asks_for_the_sections_that_the_guide_has_before_it(spec: Path) -> None:
    asked = {}
    for path, text in scripts(spec).items():
        ((section, needs),) = HEAD.findall(text)
        assert section == path
        asked[section] = frozenset(needs.split())
    assert len(asked) > 10
    # (a section that this site lacks is asked for by no other; one that is not of the guide has no row)
    listed = asked.keys() & BEFORE.keys()
    assert {section: asked[section] for section in listed} == {
        section: BEFORE[section] & asked.keys() for section in listed
    }


@specs
def test_the_steps_of_a_script_are_in_the_guides_order(spec: Path) -> None:
    order = [step for _, text in sorted(scripts(spec).items()) for step in STEP.findall(text)]
    place = {step: number for number, step in enumerate(order)}
    assert len(place) > 60
    late = [
        (step, earlier)
        for step in order
        for earlier in BEFORE.get(step, frozenset())
        if earlier in place and place[earlier] > place[step]
    ]
    assert late == []


def test_every_row_is_of_something_that_is_there() -> None:
    texts = [scripts(spec) for spec in SPECS]
    known = {section for one in texts for section in one}
    known |= {step for one in texts for text in one.values() for step in STEP.findall(text)}
    named = {word for what, before in BEFORE.items() for word in (what, *before)}
    assert sorted(named - known) == []
    assert len(BEFORE) == len(ROWS)
    assert {f"2.{number:02}" for number in range(15)} <= BEFORE.keys()
