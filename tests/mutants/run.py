#!/usr/bin/env python3
"""Plants mutants, compiles, plays their trials: `tests/mutants/run.py [--only NAME]... [--file FILE]... [--part K/M]`.

Without these all are played. Ends with 1 where one survives, is stale, or is tried by what fails without it too.
"""

from __future__ import annotations

import argparse
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "compiler"))

from mutants.catalogue import Mutant, StaleError, planted, read_all
from mutants.play import LIMIT, Ask, Refused, keep, play
from osp_compile.rehearsal.scratch import scratch
from osp_compile.rehearsal.stage import Stage
from runner.turns import files_of_the_day, turn


class Proofs:
    """What each trial says of the scripts as they are: asked once, and nothing is caught by one that fails then too."""

    def __init__(self, kept: Path, ask: Ask) -> None:
        self._kept = kept
        self._ask = ask
        self._said: dict[tuple[str, str], str] = {}
        self._locks: dict[tuple[str, str], threading.Lock] = {}
        self._lock = threading.Lock()

    def fault(self, site: str, trial: str) -> str:
        """Why the trial proves nothing; empty where it passes."""
        with self._lock:
            lock = self._locks.setdefault((site, trial), threading.Lock())
        with lock:
            if (site, trial) not in self._said:
                played = play(None, site, (trial,), self.kept(site), self._ask)
                self._said[site, trial] = played.reason if isinstance(played, Refused) else played.line
            return self._said[site, trial]

    def kept(self, site: str) -> Path:
        """The kept rehearsal of this example, made where it is not there yet."""
        with self._lock:
            if not (self._kept / site / "rehearsal.json").exists():
                print(f"rehearsing {site}", flush=True)
                keep(site, self._kept / site)
        return self._kept / site


def judge(mutant: Mutant, proofs: Proofs, ask: Ask) -> tuple[str, str]:
    """(caught, refused, SURVIVED, STALE or UNPROVEN; the line that says why)."""
    try:
        planted(mutant)
    except StaleError as error:
        return "STALE", str(error)
    played = play(mutant, mutant.site, mutant.trials, proofs.kept(mutant.site), ask)
    if isinstance(played, Refused):
        return "refused", f"by the compiler: {played.reason}"
    if not played.trial:
        return "SURVIVED", f"{', '.join(mutant.trials)}: {mutant.wrong}"
    # those before it are not asked: they have not noticed
    fault = proofs.fault(mutant.site, played.trial)
    if fault:
        return "UNPROVEN", f"{played.trial} on {mutant.site} fails without it too: {fault}"
    return "caught", f"by {played.trial}: {played.line}"


def choose(options: argparse.Namespace) -> list[Mutant]:
    """The mutants asked for: those named, those in the files named, and a part of all the others."""
    mutants = list(read_all())
    if not any((options.only, options.file, options.part, options.touched)):
        return mutants
    taken = named(mutants, options.only) | {mutant.name for mutant in mutants if mutant.file in options.file}
    if options.touched:
        taken |= touched(mutants, options.most)
    if options.part:
        taken |= share([mutant.name for mutant in mutants if mutant.name not in taken], options.part)
    return [mutant for mutant in mutants if mutant.name in taken]


def named(mutants: list[Mutant], names: list[str]) -> set[str]:
    """These names; SystemExit for one that no mutant has."""
    unknown = set(names) - {mutant.name for mutant in mutants}
    if unknown:
        raise SystemExit(f"no such mutant: {', '.join(sorted(unknown))}")
    return set(names)


def share(names: list[str], part: tuple[int, int]) -> set[str]:
    """Of the names the K-th, and from there on each M-th; `part` is (K, M)."""
    first, every = part
    return set(names[first - 1 :: every])


def touched(mutants: list[Mutant], most: int | None) -> set[str]:
    """The names of those in files that the change touches; at most `most` of them, others with another commit."""
    files = files_of_the_day()
    found = [mutant.name for mutant in mutants if mutant.file in files]
    if most is None or len(found) <= most:
        return set(found)
    first, every = part(turn(-(-len(found) // most)))
    print(
        f"the change touches {len(found)} mutants: part {first}/{every} of them; --touched alone plays all", flush=True
    )
    return share(found, (first, every))


def part(text: str) -> tuple[int, int]:
    """K/M as numbers."""
    first, _, every = text.partition("/")
    if not 1 <= int(first) <= int(every):
        raise ValueError(text)
    return int(first), int(every)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    parser.add_argument("--file", action="append", default=[], metavar="FILE", help="those planted in this file")
    parser.add_argument(
        "--touched", action="store_true", help="those in files that the commits of the day have touched"
    )
    parser.add_argument("--most", type=int, metavar="N", help="of --touched so many at the most")
    parser.add_argument("--part", type=part, metavar="K/M", help="of the others each M-th from the K-th on")
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    parser.add_argument("--kept", type=Path, metavar="DIR", help="holds a kept rehearsal in a folder for each example")
    return parser.parse_args()


def main() -> int:
    options = read_options()
    mutants = choose(options)
    counts: dict[str, int] = {}
    missed: list[str] = []
    lanes: SimpleQueue[int] = SimpleQueue()
    for lane in range(options.jobs):
        lanes.put(lane)
    local = threading.local()
    with (
        TemporaryDirectory(prefix="osp-mutants.", dir=scratch()) as folder,
        Stage(Path(folder), options.jobs) as stage,
        ThreadPoolExecutor(options.jobs, initializer=lambda: setattr(local, "lane", lanes.get())) as pool,
    ):

        def ask(plan: Path, kind: str, subject: str) -> tuple[int, list[str]]:
            return stage.play(local.lane, plan, kind, subject, LIMIT)

        proofs = Proofs(options.kept or Path(folder), ask)
        try:
            judged = pool.map(lambda one: judge(one, proofs, ask), mutants)
            for mutant, (word, why) in zip(mutants, judged, strict=True):
                counts[word] = counts.get(word, 0) + 1
                if word not in ("caught", "refused"):
                    missed.append(mutant.name)
                print(f"{word:9}{mutant.name:34} {why}", flush=True)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    caught, refused = counts.get("caught", 0), counts.get("refused", 0)
    print(f"{caught} of {len(mutants) - refused} caught" + (f", {refused} refused by the compiler" if refused else ""))
    for name in missed:
        print(f"not ok {name}")
    print(f"{caught + refused} passed, {len(mutants) - caught - refused} failed")
    return 0 if caught + refused == len(mutants) else 1


if __name__ == "__main__":
    sys.exit(main())
