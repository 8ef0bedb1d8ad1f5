"""Which parts a call means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from runner import changed, lost_words, parts, turns
from runner.parts import Part

SITES = ("minimal", "hyperconverged", "tokyo-1")
GOLDEN = "tokyo-1"  # has every section
SMALLEST = "specs/examples/minimal.yaml"
Item = TypeVar("Item")
# One commit in so many plays a kind of kill of the smallest site, one that only the others have, a kind of failure,
# a point that is not the first of its kind, an untouched mutant; and has ShellCheck read what a script sources, where
# the compiler's lint reads the interface of that.
SMALLEST_KILLS, KILLS, FAILURES, POINTS, MUTANTS, SCRIPTS = 6, 12, 144, 400, 512, 14
# Likewise a hostile answer, and a change of the site under a run: of each there are some twenty thousand points.
ANSWERS, CHANGES = 12007, 13367
WORLDS = 24  # and a world that is not touched, and has not lost words that it expects
LONGEST = 16  # and a unit test that goes from the first command of a page to its last, or as far
OTHERS = 2  # and an example that is not the smallest
SUITES = 2  # and a suite of those that `tests/run` leaves out
SPECS = 6  # so many random specs a commit draws, with seeds of its own
# A change that touches everything would take the whole of CI's time: so many of its mutants are played, and its worlds
# where they are so few.
TOUCHED, TOUCHED_WORLDS = 1, 6


def quick() -> list[Part]:
    """What needs no sandbox, no program but Python's, and no long time."""
    return [*parts.lint(), parts.unit(["-m", "not sandbox and not long"])]


def tests(unit: Part) -> list[Part]:
    """Lint, the golden bundle, these unit tests, and the suites of bats."""
    return [*parts.lint(), parts.bundle(GOLDEN, turns.turn(SCRIPTS)), unit, *parts.bats(parts.suites(whole=False))]


def usual() -> list[Part]:
    """`tests/run`: ten minutes, within which nobody follows a whole guide or chapter."""
    return [*tests(parts.unit(["-m", "not whole"])), parts.rehearsal("minimal", lanes=1, seconds=90)]


def worlds(arguments: Sequence[str]) -> list[Part]:
    """The worlds of these examples, or of all; of every so many those of a turn K/M among the arguments."""
    turns_given = [word for word in arguments if "/" in word]
    for word in turns_given:
        if not re.fullmatch(r"[1-9]\d*/[1-9]\d*", word) or Fraction(word) > 1:
            raise ValueError(f"{word} is not a turn: K/M, as 2/3, is of every M worlds the Kth")
    turn = turns_given[-1] if turns_given else "1/1"
    sites = examples(word for word in arguments if "/" not in word)
    return [parts.rehearsal(site, *words_of(parts.worlds_of(site, turn)), limit=3600) for site in sites]


def examples(named: Iterable[str]) -> Sequence[str]:
    """The examples that are named, or all where none is. ValueError for any other name."""
    sites = [*named]
    for site in sites:
        if site not in SITES:
            raise ValueError(f"{site} is none of the examples: {', '.join(SITES)}")
    return sites or SITES


def bats(named: Iterable[str]) -> list[Part]:
    """The suites at these paths, or all where none is named. ValueError for any other path."""
    files = [Path(name) for name in named]
    for file in files:
        if not (file.suffix == ".bats" and file.is_file()):
            raise ValueError(f"{file} is no suite: give a path, such as {parts.of_repository(parts.suites()[0])}")
    return parts.bats(files or None)


def changes(words: Sequence[str]) -> list[Part]:
    """What belongs to the changes since a revision, or to those not committed. ValueError where git knows none such."""
    revision = " ".join(words)
    if revision and not turns.git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"):
        raise ValueError(f"git knows no commit {revision}")
    return changed.of(revision or "HEAD")


def whole(tier: Callable[[], list[Part]]) -> Callable[[Sequence[str]], list[Part]]:
    """A tier that is always played whole: ValueError for a word after its name."""

    def of(words: Sequence[str]) -> list[Part]:
        if words:
            raise ValueError(f"nothing can stand after this name: {' '.join(words)}")
        return tier()

    return of


def words_of(chosen: Iterable[Path]) -> list[str]:
    """These worlds as options of `rehearse`."""
    return [word for world in chosen for word in ("--world", parts.of_repository(world))]


def rehearsals(turn_of_worlds: str = "1/1", touched: Sequence[str] = (), sites: Sequence[str] = SITES) -> list[Part]:
    """The worlds, and of the points one of each kind with a part of the others."""
    turn = turns.turn(POINTS)
    found = []
    for site, seconds in zip(SITES, (900, 200, 300), strict=True):
        if site not in sites:
            continue
        chosen = parts.worlds_of(site, turn_of_worlds, touched)
        smallest = site == SITES[0]
        beyond = () if smallest else ("--beyond", SMALLEST)
        kills = turns.turn(SMALLEST_KILLS if smallest else KILLS)
        kinds = ("--kinds-part", f"kill={kills}", "--kinds-part", f"fail={turns.turn(FAILURES)}")
        shares = ("--share", f"answer={turns.turn(ANSWERS)}", "--share", f"change={turns.turn(CHANGES)}")
        choice = ("--matrix", "all", "--kinds", *kinds, *beyond, "--part", turn, *shares)
        found.append(parts.rehearsal(site, *choice, *words_of(chosen), seconds=seconds, limit=3600))
    return found


def matrices(sites: Sequence[str]) -> list[Part]:
    """Every point of these examples: where a run can be cut, what can fail, what can be answered, what can change."""
    shares = ("--share", "answer=1/1", "--share", "change=1/1")
    return [parts.rehearsal(site, "--matrix", "all", *shares, limit=72 * 3600) for site in examples(sites)]


def longest() -> list[str]:
    """Those of the longest unit tests that this commit plays, as an option of pytest."""
    return ["--longest", turns.turn(LONGEST)]


def unit_in_ci(*chosen: str) -> Part:
    """Of the unit tests those that these words choose; what reads a whole rehearsal has one of those before it."""
    return parts.unit([*chosen, *longest(), "--kept={kept}"])


def long_suites() -> list[Part]:
    """Of the suites that `tests/run` leaves out those whose turn it is."""
    return parts.bats(due(parts.suites(whole=True), SUITES))


def due(items: Sequence[Item], of: int) -> Sequence[Item]:
    """Of every so many items the one whose turn it is."""
    return items[int(turns.turn(of).partition("/")[0]) - 1 :: of]


def some_specs() -> Part:
    """Random specs of this commit's own."""
    drawn = int(turns.turn(10**6).partition("/")[0])
    return parts.specs(f"--count={SPECS}", f"--seed={drawn * SPECS}")


def some_mutants() -> Part:
    """Those planted in a file that the change touches, and a part of the others."""
    return parts.mutants("--touched", f"--most={TOUCHED}", "--part", turns.turn(MUTANTS))


def rest(arguments: Sequence[str]) -> list[Part]:
    """What `tests/run` leaves out."""
    bundles = [parts.bundle(site, turns.turn(SCRIPTS)) for site in SITES if site != GOLDEN]
    touched = [file for file in turns.files_of_the_day() if file.startswith("tests/worlds/")]
    touched = touched if len(touched) <= TOUCHED_WORLDS else []
    before = turns.before_the_day()
    unheard = [str(file) for file in lost_words.worlds_of(before)] if before else []
    sites = (SITES[0], *due(SITES[1:], OTHERS))
    played = rehearsals(turns.turn(WORLDS), [*touched, *unheard[:TOUCHED_WORLDS]], sites)
    wanting = [parts.lab(*arguments), parts.page(*arguments), parts.editors(*arguments)]
    return [*wanting, *played, some_mutants(), some_specs(), *bundles, *long_suites()]


# Those of which a commit plays a part.
BY_TURN = ("rest", "all")
TIERS: Mapping[str, Callable[[Sequence[str]], list[Part]]] = {
    "": whole(usual),
    "quick": whole(quick),
    "changed": changes,
    "lint": whole(parts.lint),
    "bundles": lambda sites: [parts.bundle(site) for site in examples(sites)],
    "unit": lambda arguments: [parts.unit(arguments)],
    "bats": bats,
    "specs": lambda options: [parts.specs(*options)],
    "worlds": worlds,
    "rehearsals": whole(rehearsals),
    "matrices": matrices,
    "mutants": lambda options: [parts.mutants(*options)],
    "page": lambda options: [parts.page(*options)],
    "editors": lambda options: [parts.editors(*options)],
    "rest": lambda options: [unit_in_ci("-m", "whole or kept"), *rest(options)],
    "all": lambda options: [*tests(unit_in_ci()), *rest(options)],
}
