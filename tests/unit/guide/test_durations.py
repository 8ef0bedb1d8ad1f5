"""Ranges of minutes, from section.yaml and the site's nodes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from osp_compile.assets import TEMPLATES
from osp_compile.guide import durations
from osp_compile.guide.model import Range, Section
from osp_compile.guide.reader import read_sections
from osp_compile.spec import loading
from osp_compile.spec.model import Site

EXAMPLES = Path(__file__).parents[3] / "specs/examples"


def site(name: str = "tokyo-1") -> Site:
    found, _ = loading.load(EXAMPLES / f"{name}.yaml", frozenset())
    assert found is not None
    return found


def section(id: str) -> Section:
    return next(one for one in read_sections(TEMPLATES)[0] if one.id == id)


def test_what_is_told_once_does_not_grow_with_the_nodes() -> None:
    assert durations.range_of(section("2.04"), site()) == Range(60, 120)


def test_each_node_of_the_group_counts() -> None:
    assert durations.range_of(section("2.08"), site()) == Range(30, 60)


def test_nodes_of_a_batch_go_together() -> None:
    here = site()
    in_pairs = replace(here, compute_reboot=replace(here.compute_reboot, batch=2))
    assert durations.range_of(section("2.09"), here) == Range(75, 150)
    assert durations.range_of(section("2.09"), in_pairs) == Range(45, 90)


def test_instances_of_the_spec_are_counted() -> None:
    assert durations.how_many("nfv_instances", site()) == 1
    assert durations.how_many("nfv_instances", site("minimal")) == 0


def test_the_total_is_of_all_sections() -> None:
    sections = (section("2.04"), section("2.08"))
    assert durations.total(sections, site()) == Range(90, 180)


@pytest.mark.parametrize(
    ("minutes", "en", "ja"),
    [
        ((5, 5), "5 min", "5 分"),
        ((0, 0), "0 min", "0 分"),
        ((2, 10), "2 to 10 min", "2〜10 分"),
        ((60, 120), "1 h to 2 h", "1 時間〜2 時間"),
        ((45, 95), "45 min to 1 h 35 min", "45 分〜1 時間 35 分"),
    ],
)
def test_words(minutes: tuple[int, int], en: str, ja: str) -> None:
    assert (durations.in_words(Range(*minutes), "en"), durations.in_words(Range(*minutes), "ja")) == (en, ja)
