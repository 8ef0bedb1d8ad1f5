"""What a call of `tests/run` plays."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from runner import parts, tiers
from runner.tiers import TIERS


def names(tier: str, arguments: Sequence[str] = ()) -> list[str]:
    return [part.name for part in TIERS[tier](arguments)]


def suites(tier: str) -> list[str]:
    return [name for name in names(tier) if name.startswith("bats ")]


def test_all_is_what_is_played_before_a_push_and_the_rest() -> None:
    assert {*names("all")} == {*names(""), *names("rest")}


def test_no_suite_is_played_twice_and_over_the_commits_none_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sorted([*suites(""), *suites("rest")]) == sorted(suites("all"))
    assert len({*suites("all")}) == len(suites("all")) > 40
    over = []
    for part in range(1, tiers.SUITES + 1):
        monkeypatch.setattr(tiers.turns, "turn", lambda of, part=part: f"{part}/{of}")
        over += suites("rest")
    assert sorted([*suites(""), *over]) == sorted(part.name for part in parts.bats())


def test_every_suite_that_is_left_to_ci_or_begun_first_exists() -> None:
    assert {file.name for file in parts.suites(whole=True)} == parts.WHOLE
    assert {file.name for file in parts.suites()} >= parts.LONG.keys()


@pytest.mark.parametrize(
    ("tier", "word"),
    [
        *[("worlds", word) for word in ("4/3", "0/3", "2/", "tokio-1")],
        *[(tier, "tokio-1") for tier in ("bundles", "matrices")],
        *[("bats", word) for word in ("packages", "README.md", "tests/bats")],
        *[("changed", word) for word in ("no-such-commit", "--cached", "HEAD:README.md")],
        *[(tier, "2.10") for tier in ("", "quick", "lint", "rehearsals")],
    ],
)
def test_a_word_that_a_tier_has_no_use_for_is_refused_by_name(tier: str, word: str) -> None:
    with pytest.raises(ValueError, match=re.escape(word)):
        TIERS[tier]([word])
