#!/usr/bin/env python3
"""Plants each mutant, compiles, plays its trials: `tests/mutants/run.py [--only NAME]... [--sample N --seed S]`.

Ends with 1 where one survives, is stale, or is tried by what fails without it too.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / place) for place in ("compiler", "tests")]

from mutants.catalogue import Mutant, StaleError, planted, read_all  # noqa: E402  as a script it finds its modules itself
from mutants.play import Refused, keep, play  # noqa: E402  likewise
from osp_compile.rehearse.processors import Processors, shares, stay_on  # noqa: E402  likewise


class Proofs:
    """What each trial says of the scripts as they are: asked once, and nothing is caught by one that fails then too."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self._said: dict[tuple[str, str], str] = {}
        self._locks: dict[tuple[str, str], threading.Lock] = {}
        self._lock = threading.Lock()

    def fault(self, site: str, trial: str) -> str:
        """Why the trial proves nothing; empty where it passes."""
        with self._lock:
            lock = self._locks.setdefault((site, trial), threading.Lock())
        with lock:
            if (site, trial) not in self._said:
                played = play(None, site, (trial,), self.kept(site))
                self._said[site, trial] = played.reason if isinstance(played, Refused) else played.line
            return self._said[site, trial]

    def kept(self, site: str) -> Path:
        """The kept rehearsal of this example, made where it is not there yet."""
        with self._lock:
            if not (self._kept / site / "plan.json").exists():
                print(f"rehearsing {site}", flush=True)
                keep(site, self._kept / site)
        return self._kept / site


def judge(mutant: Mutant, proofs: Proofs) -> tuple[str, str]:
    """(caught, refused, SURVIVED, STALE or UNPROVEN; the line that says why)."""
    try:
        planted(mutant)
    except StaleError as error:
        return "STALE", str(error)
    played = play(mutant, mutant.site, mutant.trials, proofs.kept(mutant.site))
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
    """The mutants asked for."""
    mutants = list(read_all())
    unknown = set(options.only) - {mutant.name for mutant in mutants}
    if unknown:
        raise SystemExit(f"no such mutant: {', '.join(sorted(unknown))}")
    if options.only:
        mutants = [mutant for mutant in mutants if mutant.name in options.only]
    if options.sample is not None and options.sample < len(mutants):
        mutants = random.Random(options.seed).sample(mutants, options.sample)
    return mutants


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--jobs", type=int, default=1, metavar="N")
    parser.add_argument("--kept", type=Path, metavar="DIR", help="holds a kept rehearsal in a folder for each example")
    options = parser.parse_args()
    mutants = choose(options)
    counts: dict[str, int] = {}
    places: SimpleQueue[Processors] = SimpleQueue()
    for place in shares(options.jobs):
        places.put(place)
    with (
        TemporaryDirectory(prefix="osp-mutants.") as folder,
        ThreadPoolExecutor(options.jobs, initializer=lambda: stay_on(places.get())) as pool,
    ):
        proofs = Proofs(options.kept or Path(folder))
        try:
            for mutant, (word, why) in zip(mutants, pool.map(lambda one: judge(one, proofs), mutants), strict=True):
                counts[word] = counts.get(word, 0) + 1
                print(f"{word:9}{mutant.name:34} {why}", flush=True)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    caught, refused = counts.get("caught", 0), counts.get("refused", 0)
    others = len(mutants) - caught - refused
    print(f"{caught} of {len(mutants) - refused} caught" + (f", {refused} refused by the compiler" if refused else ""))
    return 1 if others else 0


if __name__ == "__main__":
    sys.exit(main())
