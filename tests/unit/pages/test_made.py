"""The pages that are made from the schema and from the sections: they are as those say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from osp_compile.assets import TEMPLATES
from osp_compile.guide.reader import read_sections
from pages import errata, safety_rules, spec_reference

MADE: dict[Path, Callable[[], str]] = {
    spec_reference.PAGE: spec_reference.markdown,
    safety_rules.PAGE: safety_rules.markdown,
    errata.PAGES["en"]: lambda: errata.markdown("en"),
    errata.PAGES["ja"]: lambda: errata.markdown("ja"),
}


@pytest.mark.parametrize("page", MADE, ids=lambda page: page.name)
def test_a_page_is_as_its_source_says(page: Path, update: bool) -> None:
    if update:
        page.write_text(MADE[page](), "utf-8")
    assert page.read_text("utf-8") == MADE[page](), "pytest --update writes it"


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
