"""`python -m osp_compile.rehearsal FOLDER KIND SUBJECT`: one trial of a rehearsal that was kept, as `world FILE`.

For a suite run by hand. KIND `again` is the first and the second run of a section with the scripts as they are now;
`stage` plays what it is asked for, SUBJECT trials at a time.
"""

from __future__ import annotations

import sys
from pathlib import Path

from osp_compile.diagnostics import RefusedError
from osp_compile.rehearsal import stage, trial_kinds


def main() -> int:
    """The exit status: 0 if the trial passed, 1 if not, with a line on standard output for each thing that is wrong.

    2 for other words, with the usage or the reason on standard error.
    """
    if len(sys.argv) != 4:
        print(__doc__.partition("\n")[0], file=sys.stderr)
        return 2
    place, kind, subject = sys.argv[1:]
    if kind == "stage":
        stage.serve(Path(place), int(subject))
        return 0
    if kind not in {*trial_kinds.KINDS, "again"}:
        print(f"no trial is called {kind!r}; there are {', '.join((*trial_kinds.KINDS, 'again'))}", file=sys.stderr)
        return 2
    if not (Path(place) / "rehearsal.json").is_file():
        print(f"{place} holds no rehearsal: osp-compile rehearse SITE.yaml --keep {place}", file=sys.stderr)
        return 2
    if kind != "again":
        return stage.play(Path(place), kind, subject)
    # (a trial of a suite has no use for what compiles)
    from osp_compile.rehearsal.again import again

    try:
        return again(Path(place).absolute(), subject)
    except RefusedError as refused:
        print(refused, file=sys.stderr)
        return 2


sys.exit(main())
