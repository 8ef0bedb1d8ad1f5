"""The parts of the suite: each a command, and how what it leaves is counted."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from osp_compile.rehearsal.scratch import scratch
from runner.counts import BATS_TEST, Counts, of_closing_line, of_junit, of_status, of_tap

ROOT = Path(__file__).resolve().parents[2]
WORLDS = ROOT / "tests/worlds"
BATS = ROOT / "tests/bats"
MUTANTS = "tests/mutants/run.py"
SCRIPTS = ("tests/run", "tests/bare", "tests/runner/bundle.sh", ".ci/run", "docs/pictures/make")
# Suites that play whole chapters, a section for each choice of the spec, or all of a table: left to CI by `tests/run`.
WHOLE = frozenset({"chapter.bats", "errata.bats", "2.09.policies.bats", "2.13.copies.bats", "remedies.bats"})
# Suites that are begun first, so that none is left alone at the end. Seconds.
LONG = {"errata.bats": 60, "2.13.copies.bats": 55, "2.02.bats": 45, "2.01.bats": 40, "chapter.bats": 30}
# two processes of pytest, of which the one that is done takes from the other
AT_ONCE = ("--numprocesses=2", "--dist=worksteal")
UNFIT = 3  # how a part ends that this machine is not fit for

# (exit status, what it has printed, the folder it may write in) to counts; None where it has left nothing to count
Count = Callable[[int, str, Path], Counts | None]


@dataclass(frozen=True)
class Part:
    """`words` are its command, from the repository's top; {place} in them is a folder of its own, {kept} one that it
    shares with the parts of the same call, for what a later one can do without making again.

    `lanes` says how many processors it keeps busy, 0 that it waits more than it works; `seconds` about how long it
    takes, `limit` after how many it is given up. `tests` are those that are skipped where it needs a sandbox and none
    can be had.
    """

    name: str
    words: tuple[str, ...]
    count: Count
    lanes: int = 1
    seconds: int = 10
    limit: int = 1200
    sandbox: bool = False
    tests: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)


def of_repository(file: Path) -> str:
    """Its path from the repository's top, as git has it."""
    return str(file.relative_to(ROOT))


def of_one(name: str, *words: str, seconds: int = 10, limit: int = 1200) -> Part:
    """A command that is a test itself."""
    return Part(name, words, lambda status, _, __: of_status(name, status), seconds=seconds, limit=limit)


def lint() -> list[Part]:
    places = ("compiler", "tests", "benchmarks", "docs")
    return [
        of_one("types", "mypy", seconds=40),
        of_one("ruff", "ruff", "check", *places),
        of_one("format", "ruff", "format", "--check", *places),
        of_one("shellcheck of the tests", "shellcheck", "--severity=style", *SCRIPTS),
        # a link to nowhere, or a page that the navigation lacks, is an error
        of_one("docs", "sphinx-build", "-nWq", "--keep-going", "-d", "{place}/read", "docs", "{place}/site"),
    ]


def bundle(site: str, turn: str = "1/1") -> Part:
    """An example's bundle, as a reviewer would have ShellCheck look at it; of its 14 scripts those whose turn it is."""
    seconds = 200 // int(turn.partition("/")[2])
    return of_one(f"bundle of {site}", "bash", "tests/runner/bundle.sh", site, turn, seconds=seconds)


def unit(arguments: Sequence[str] = ()) -> Part:
    """pytest, which keeps as many processors busy as there are lanes."""
    words = (sys.executable, "-m", "pytest", "--quiet", *AT_ONCE, "--junitxml={place}/junit.xml", *arguments)
    return Part("unit tests", words, _of_pytest, lanes=2, seconds=60)


def _of_pytest(status: int, _: str, place: Path) -> Counts | None:
    found = of_junit(place / "junit.xml") if (place / "junit.xml").exists() else None
    # 1: some have failed; 5: none was chosen; anything else is not a result
    return found if status in (0, 1, 5) else None


def bats(files: Iterable[Path] | None = None) -> list[Part]:
    """A part for each of these suites; all without any."""
    return [suite(file.resolve()) for file in (suites() if files is None else files)]


def suites(*, whole: bool | None = None) -> list[Path]:
    """The suites; only those that play whole chapters, or only the others, where `whole` says so."""
    found = sorted(BATS.rglob("*.bats"))
    return found if whole is None else [file for file in found if (file.name in WHOLE) is whole]


def suite(file: Path, *options: str) -> Part:
    tests = len(BATS_TEST.findall(file.read_text("utf-8")))
    return Part(
        f"bats {file.relative_to(BATS) if file.is_relative_to(BATS) else file.name}",
        ("bats", "--tap", *options, str(file)),
        lambda status, said, _: of_tap(said) if status == 0 or "\nnot ok " in said else None,
        seconds=LONG.get(file.name, 3 * tests),
        sandbox=True,
        tests=tests,
        # their worlds are thousands of small files
        environment={"TMPDIR": str(scratch() or os.environ.get("TMPDIR", "/tmp"))},
    )


def worlds_of(site: str, turn: str = "1/1", touched: Iterable[str] = ()) -> list[Path]:
    """The worlds that begin at this example's site: those whose turn it is, and those among the touched files."""
    files = sites_of_worlds()
    part, parts = map(int, turn.split("/"))
    due = {*[*files][part - 1 :: parts], *(ROOT / file for file in touched)}
    return [file for file, of in files.items() if file in due and of == site]


@cache
def sites_of_worlds() -> dict[Path, str]:
    """{world file: the example at whose site it begins}, sorted; read once in a process."""
    line = re.compile(r"^site: (\S+)$", re.MULTILINE)
    found = ((file, line.search(file.read_text("utf-8"))) for file in sorted(WORLDS.glob("*/*.yaml")))
    return {file: of[1] if of else "" for file, of in found}


def rehearsal(site: str, *options: str, lanes: int = 2, seconds: int = 60, limit: int = 1200) -> Part:
    """An example's first and second runs, and what the options add; the mutants go on from it."""
    words = (
        "osp-compile",
        "rehearse",
        f"specs/examples/{site}.yaml",
        "--output",
        "{place}",
        "--keep",
        f"{{kept}}/{site}",
        f"--jobs={lanes}",
        *options,
    )
    return Part(f"rehearsal of {site}", words, _of_rehearsal, lanes, seconds, limit, sandbox=True)


def _of_rehearsal(status: int, _: str, place: Path) -> Counts | None:
    reports = [*place.glob("*/report.tap")]
    # without a report it has not even begun
    return of_tap(reports[0].read_text("utf-8")) if reports and status in (0, 1) else None


def specs(*options: str) -> Part:
    """Whole specs at random, each compiled with the lint and read back by bash."""
    words = (sys.executable, "tests/random_specs.py", *options)
    return of_one("random specs", *words, seconds=60, limit=8 * 3600)


def mutants(*options: str, seconds: int = 100, limit: int = 3600) -> Part:
    """Mutants, after the rehearsals that they go on from; those that are not there it makes."""
    words = (sys.executable, MUTANTS, "--jobs=2", "--kept", "{kept}", *options)
    return Part("mutants", words, lambda _, said, __: of_closing_line(said), 2, seconds, limit, sandbox=True)


def page(*options: str) -> Part:
    """The page of a bundle in a browser; a machine without one does not count as a failure."""
    words = (sys.executable, "tests/browser/run.py", *options, "--junitxml={place}/junit.xml")
    return Part("page in a browser", words, _of_page, seconds=120)


def _of_page(status: int, said: str, place: Path) -> Counts | None:
    if status == UNFIT:
        return Counts(skipped=1, reasons=tuple(line for line in said.splitlines() if line.startswith("no browser ")))
    return _of_pytest(status, said, place)


def editors(*options: str) -> Part:
    """Completion in shells, and a spec in an editor; a machine that lacks one of them has not failed."""
    words = (sys.executable, "tests/editors/run.py", *options, "--junitxml={place}/junit.xml")
    return Part("shells and editors", words, _of_editors, seconds=30)


def _of_editors(status: int, said: str, place: Path) -> Counts | None:
    """Its tests, and a skip for each program that it says is missing; how to have that follows the last of them."""
    lines = said.splitlines()
    lacks = [line for line in lines if line.startswith("no ")]
    hints = [line for line in lines if line.startswith("to have them: ")]
    found = Counts() if status == UNFIT else _of_pytest(status, said, place)
    return found if found is None else found + Counts(skipped=len(lacks), reasons=(*lacks, *hints))


def lab(*options: str) -> Part:
    """The scripts against real systems; a machine that is unsuited to a lab does not count as a failure."""
    words = (sys.executable, "tests/lab/run.py", *options)
    return Part("lab", words, _of_lab, lanes=0, seconds=1500, limit=4200)


def _of_lab(status: int, said: str, _: Path) -> Counts | None:
    if status == UNFIT:
        return Counts(skipped=1, reasons=tuple(line for line in said.splitlines() if line.startswith("no lab: ")))
    found = of_closing_line(said)
    return found if found is None or status == 0 or found.failed else found + Counts(failed=1, names=("lab",))
