"""`python -m osp_compile.rehearsal FOLDER KIND SUBJECT`: one trial, for a suite run by hand; KIND `stage`: all."""

from __future__ import annotations

import sys
from pathlib import Path

from osp_compile.rehearsal import stage


def main() -> int:
    """The exit status: 0 if the trial passed, 1 if not, with a line on standard output for each thing that is wrong."""
    place, kind, subject = sys.argv[1:]
    if kind == "stage":
        stage.serve(Path(place), int(subject))
        return 0
    return stage.play(Path(place), kind, subject)


sys.exit(main())
