"""The mutants on file: what is wrong in each, where it is planted, and the trials that should notice.

Each `*.yaml` beside this file is a list of {name, wrong, file, old, new, site, trials}: `old` is exactly once in `file`
(below the repository), and is replaced by `new`. A trial is one of

    first 2.08                     the section for the first time, in the world its predecessors left
    second 2.08                    the section again, after this mutant's own first run if that was tried
    HOW 2.08 PATTERN               its first point of this kind (injection_points.py) whose command line matches, also
                                   one after its step, as in `2.08/3: ssh ...`
    world NAME                     tests/worlds/SECTION/NAME.yaml
    bats SUITE PATTERN             the tests of tests/bats/SUITE whose names match, for what no rehearsal shows
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TEMPLATES = ROOT / "templates"
SITES = ("minimal", "hyperconverged", "tokyo-1")
KEYS = frozenset({"name", "wrong", "file", "old", "new", "site", "trials"})
TRIAL = re.compile(
    r"(first|second) \d\.\d\d|world \w+|bats [\w./-]+\.bats \S.*|"
    r"(kill|kill-after|exit|after|lie|lost|lost-after|(answer|says|change)-[a-z0-9-]+) \d\.\d\d \S.*"
)


class StaleError(Exception):
    """The text that a mutant replaces is not exactly once in its file."""


@dataclass(frozen=True)
class Mutant:
    """`file` is below the repository and in templates/; `site` the example that is compiled."""

    name: str
    wrong: str
    file: str
    old: str
    new: str
    site: str
    trials: tuple[str, ...]


def read_all() -> tuple[Mutant, ...]:
    """Every mutant, by its file's name and in its order there; ValueError for one that is not as it should be."""
    return tuple(_mutants())


def _mutants() -> Iterator[Mutant]:
    for file in sorted(HERE.glob("*.yaml")):
        for data in yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader):
            yield _mutant(file, data)


def _mutant(file: Path, data: Any) -> Mutant:
    if not isinstance(data, dict) or set(data) != KEYS:
        raise ValueError(f"{file.name}: a mutant has {', '.join(sorted(KEYS))}, and not {data!r}")
    mutant = Mutant(**{**data, "trials": tuple(data["trials"])})
    if mutant.site not in SITES or not mutant.trials or mutant.old == mutant.new:
        raise ValueError(f"{file.name}: {mutant.name} names no site, no trial, or changes nothing")
    for trial in mutant.trials:
        if not TRIAL.fullmatch(trial):
            raise ValueError(f"{file.name}: {mutant.name}: {trial!r} is no trial")
    return mutant


def planted(mutant: Mutant) -> str:
    """The text of the mutant's file with the wrong in it; StaleError where it cannot be planted."""
    text = (ROOT / mutant.file).read_text("utf-8")
    count = text.count(mutant.old)
    if count != 1:
        raise StaleError(f"{mutant.name}: its text stands {count} times in {mutant.file}: {mutant.old!r}")
    return text.replace(mutant.old, mutant.new)


def plant(mutant: Mutant | None, templates: Path) -> None:
    """A copy of the templates in the new folder `templates`, with the wrong in it; a clean one for None."""
    shutil.copytree(TEMPLATES, templates)
    if mutant is not None:
        (templates / Path(mutant.file).relative_to("templates")).write_text(planted(mutant), "utf-8")
