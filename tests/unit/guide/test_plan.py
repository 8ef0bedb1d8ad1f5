"""What a plan says of a site is what happens there."""

from __future__ import annotations

import pytest

from osp_compile.assets import TEMPLATES
from osp_compile.guide.model import Section, Text, VariedText
from osp_compile.guide.plan import make_plan
from osp_compile.guide.reader import read_sections
from unit.sites import of_spec


def reboot_of_computes(stuck: str) -> Section:
    plan = make_plan(of_spec(compute_reboot={"stuck": stuck}), read_sections(TEMPLATES)[0])
    return next(section for section in plan.sections if section.short_name == "reboot-computes")


@pytest.mark.parametrize(("stuck", "stops"), [("fail", False), ("cold", False), ("stop", True), ("leave", True)])
def test_a_site_that_stops_no_instance_is_not_told_of_those_that_it_starts_again(stuck: str, stops: bool) -> None:
    section = reboot_of_computes(stuck)
    drain, restore = (next(step for step in section.steps if step.id == at) for at in ("2.09/5", "2.09/13"))
    assert drain.undo
    assert restore.checked
    english = ("are started", drain.undo), ("restore", restore.title), ("run again", restore.checked)
    assert [words in text.en for words, text in english] == [stops] * 3
    japanese = ("起動します", drain.undo), ("復元", restore.title), ("稼働し", restore.checked)
    assert [words in text.ja for words, text in japanese] == [stops] * 3
    assert [change.kind for change in restore.changes] == [*(["instance"] if stops else []), "file"]


@pytest.mark.parametrize("stuck", ["fail", "cold", "stop", "leave"])
def test_what_becomes_of_what_cannot_move_live(stuck: str) -> None:
    workload = next(impact.text for impact in reboot_of_computes(stuck).impacts if impact.on == "workload")
    assert ("may stop it" in workload.en) == (stuck != "fail")
    assert ("停止することがあります" in workload.ja) == (stuck != "fail")
    assert type(workload) is Text


def test_a_plan_has_no_text_that_differs_by_site() -> None:
    """What is written of a plan, as the manifest, says one thing."""
    sections, _ = read_sections(TEMPLATES)
    varied = [step for section in sections for step in section.steps if isinstance(step.title, VariedText)]
    assert varied
    plan = make_plan(of_spec(), sections)
    for section in plan.sections:
        for text in (section.title, section.about, section.go_back, *(impact.text for impact in section.impacts)):
            assert not isinstance(text, VariedText)
        for step in section.steps:
            assert not any(isinstance(text, VariedText) for text in (step.title, step.checked, step.undo))
