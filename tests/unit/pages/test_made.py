"""The pages that are made from the schema and from the sections: they are as those say."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from osp_compile.assets import TEMPLATES
from osp_compile.guide.reader import read_sections
from pages import errata, refusals, safety_rules, spec_reference, variables

ROOT = Path(__file__).parents[3]
MADE: dict[Path, Callable[[], str]] = {
    spec_reference.PAGE: spec_reference.markdown,
    safety_rules.PAGE: safety_rules.markdown,
    refusals.PAGE: refusals.markdown,
    variables.PAGE: variables.markdown,
    errata.PAGES["en"]: lambda: errata.markdown("en"),
    errata.PAGES["ja"]: lambda: errata.markdown("ja"),
}


@pytest.mark.parametrize("page", MADE, ids=lambda page: page.name)
def test_a_page_is_as_its_source_says(page: Path, update: bool) -> None:
    if update:
        page.write_text(MADE[page](), "utf-8")
    assert page.read_text("utf-8") == MADE[page](), "pytest --update writes it"


def test_every_code_of_a_diagnostic_has_a_case_and_a_row() -> None:
    said = {code for _, code in refusals.rows()}
    source = "".join(file.read_text("utf-8") for file in (ROOT / "compiler/osp_compile/spec").rglob("*.py"))
    known = set(re.findall(r"""\b(?:error|warning)\(\s*"([a-z0-9-]+)\"""", source))
    assert len(known) > 80
    assert known - said == set(refusals.OF_THE_MACHINE)
    unclear = [row for row in refusals.rows().values() if not row[1] and not re.search("must |allowed", row[0])]
    assert unclear == []


def test_every_key_has_words_and_an_example() -> None:
    example = yaml.safe_load(spec_reference.EXAMPLE.read_text("utf-8"))
    lacking = []
    for key in list(spec_reference.keys()):
        try:
            spec_reference.picked(example, key.path)
        except (KeyError, TypeError, StopIteration):
            lacking.append(f"{key.name} has no example in tests/cases/valid/every-key/site.yaml")
        if not key.schema.get("description"):
            lacking.append(f"{key.name} has no description")
    assert lacking == []


def test_every_erratum_and_departure_is_told_in_both_languages() -> None:
    sections, _ = read_sections(TEMPLATES)
    told = [one for section in sections for one in section.errata]
    told += [one for section in sections for step in section.steps for one in step.departures]
    assert len(told) > 50
    for language in ("en", "ja"):
        page = errata.markdown(language)
        plain = page.replace("\\", "")
        assert [one.key for one in told if one.reason.get(language).replace("\\", "") not in plain] == []
        assert page.count("<br>") == len(told)


def test_what_markdown_would_swallow_is_kept() -> None:
    assert r"/home/\<user\>" not in spec_reference.markdown()
    assert r"/home/\<user>" in spec_reference.markdown()


def test_every_variable_that_the_engine_shares_is_explained() -> None:
    shared = {name for name in variables.setters() if variables.is_shared(name)}
    assert len(shared) > 60
    assert shared == variables.MEANS.keys()


def test_what_sets_a_variable_is_seen_in_every_form() -> None:
    shell = """\
A=1 B+=(x) C[0]=y
readonly D
printf -v E %s x
read -r F G
time_into H %s
for I in 1; do ((J++, K = L)); done
LC_ALL=C M=1 sort
f() { local N=$O; }
"""
    assert set(variables.set_in(variables.tree(shell))) == set("ABCDEFGHIJK")


def test_a_step_sets_no_variable_of_the_engine() -> None:
    files = (*variables.SYSTEMS, *(file for file in variables.SECTIONS if file.suffix == ".sh"))
    found = {
        name for file in files if variables.may_set(file) for name in variables.sets(file)
    } & variables.setters().keys()
    assert found == {"SAID", "WHY", "REMEDY", "WAY"}
