"""The mutants on file can be planted; that each is noticed is what tests/mutants/run.py shows."""

from collections import Counter

import pytest

from mutants.catalogue import Mutant, planted, read_all

MUTANTS = read_all()
WORLDS = "tests/worlds"


def test_there_are_enough() -> None:
    assert len(MUTANTS) >= 60


def test_each_has_a_name_of_its_own() -> None:
    assert [name for name, count in Counter(mutant.name for mutant in MUTANTS).items() if count > 1] == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_it_can_be_planted(mutant: Mutant) -> None:
    assert planted(mutant) != ""
