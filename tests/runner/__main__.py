"""`python -m runner [TIER] [ARGUMENT...]`, as tests/run calls it once all that it needs is there."""

from __future__ import annotations

import os
import shlex
import signal
import sys
import time

from rich.console import Console

from osp_compile.rehearsal import requirements
from runner import turns
from runner.counts import Counts
from runner.parts import ROOT, Part
from runner.play import Player, without_a_sandbox
from runner.tiers import BY_TURN, TIERS, WORLDS, longest

USAGE = 2  # how a call ends that cannot be understood


def main() -> int:
    """0 where nothing has failed."""
    word, *arguments = sys.argv[1:] or [""]
    if word == "lab":
        # it asks, so that it has the terminal for itself
        os.execv(sys.executable, [sys.executable, str(ROOT / "tests/lab/run.py"), *arguments])
    console = Console(highlight=False, soft_wrap=True)
    started = time.monotonic()
    try:
        wanted = TIERS[word](arguments)
    except ValueError as error:
        print(f"tests/run {word}: {error}", file=sys.stderr)
        return USAGE
    parts, skipped = able(wanted, console)
    for part in parts:
        if "--part" in part.words or "tests/random_specs.py" in part.words:
            console.print(f"to repeat its part: {shlex.join(repeated(part))}", markup=False)
    if word in BY_TURN:
        console.print(f"to repeat its worlds: tests/run worlds {turns.turn(WORLDS)}")
        console.print(f"to repeat its longest tests: tests/run unit -m whole {shlex.join(longest())}")
    # SIGINT too: begun in the background it would be deaf to it, and so would all that it starts
    player = Player(parts, console)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, player.stop)
    try:
        found = player.run() + skipped
    except KeyboardInterrupt:
        console.print("interrupted; all that ran has been ended")
        return 130
    close(found, time.monotonic() - started, console)
    return 1 if found.failed else 0


def able(parts: list[Part], console: Console) -> tuple[list[Part], Counts]:
    """The parts that can be played here, and a word about the others."""
    if not any(part.sandbox for part in parts) or requirements.namespaces_work():
        return parts, Counts()
    console.print(f"no sandbox can be had here: {requirements.NO_NAMESPACES}", markup=False)
    console.print(
        "without one these are skipped: the bats suites, rehearsals, mutants, and the unit tests that want a site"
    )
    return without_a_sandbox(parts)


def repeated(part: Part) -> list[str]:
    """The command of a part as somebody would type it: without its worlds, with its report in out/, keeping nothing."""
    words = iter(part.words)
    found = []
    for word in words:
        if word in ("--world", "--output", "--keep", "--kept"):
            next(words)
        else:
            found.append(word.replace(sys.executable, "python"))
    return found


def close(found: Counts, seconds: float, console: Console) -> None:
    """What failed, what was skipped and why, and the closing line."""
    console.print()
    for title, lines in (("failed:", found.names), ("skipped:", found.reasons)):
        if lines:
            console.print(title)
            for line in lines:
                console.print(f"  {line}", markup=False)
    console.print(f"{seconds // 60:.0f} min {seconds % 60:.0f} s")
    console.print(str(found))


sys.exit(main())
