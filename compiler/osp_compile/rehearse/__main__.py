"""`python -m osp_compile.rehearse FOLDER KIND SUBJECT`: one trial, for the suite that bats runs."""

from __future__ import annotations

import sys
from pathlib import Path

from osp_compile.errors import RefusedError
from osp_compile.rehearse.gate import passed
from osp_compile.rehearse.kinds import run, take_in


def main() -> int:
    """0 where all is as it must be; 1 otherwise, with a line for each thing that is not."""
    place, kind, subject = sys.argv[1:]
    folder = Path(place)
    take_in(kind)
    if not passed(folder, f"{kind}-{subject}"):
        return 1
    try:
        outcome = run(folder, kind, subject)
    except RefusedError as refused:
        print(refused)
        return 1
    for line in outcome.wrong:
        print(line)
    return 1 if outcome.wrong else 0


sys.exit(main())
