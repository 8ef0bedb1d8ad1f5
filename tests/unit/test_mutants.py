"""The mutants on file can be planted and tried; that each is noticed is what tests/mutants/run.py shows."""

import re
from collections import Counter

import pytest
import yaml

from mutants.catalogue import ROOT, Mutant, planted, read_all

MUTANTS = read_all()
WORLDS = ROOT / "tests/worlds"


def test_there_are_enough() -> None:
    assert len(MUTANTS) >= 60


def test_each_has_a_name_of_its_own() -> None:
    assert [name for name, count in Counter(mutant.name for mutant in MUTANTS).items() if count > 1] == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_it_can_be_planted(mutant: Mutant) -> None:
    assert mutant.new in planted(mutant)


def test_the_worlds_they_name_are_there_and_of_their_site() -> None:
    found = []
    for mutant in MUTANTS:
        for name in (trial.removeprefix("world ") for trial in mutant.trials if trial.startswith("world ")):
            sites = [yaml.safe_load(file.read_text("utf-8"))["site"] for file in WORLDS.glob(f"*/{name}.yaml")]
            site = sites[0] if sites else "no such world"
            if site != mutant.site:
                found.append(f"{mutant.name}: {name} is of {site}, and not of {mutant.site}")
    assert found == []


def test_the_suites_they_name_have_tests_of_those_names() -> None:
    found = []
    for mutant in MUTANTS:
        for trial in (trial for trial in mutant.trials if trial.startswith("bats ")):
            _, suite, pattern = trial.split(" ", 2)
            text = (ROOT / "tests/bats" / suite).read_text("utf-8")
            if not any(re.search(pattern, name) for name in re.findall(r'^@test "(.*)" \{$', text, re.MULTILINE)):
                found.append(f"{mutant.name}: {suite} has no test called like {pattern!r}")
    assert found == []
