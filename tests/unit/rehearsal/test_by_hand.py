"""One trial by hand: words that are no trial are refused with what there is instead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from unit.waiting import LIMIT


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "python -m osp_compile.rehearsal FOLDER KIND SUBJECT"),
        (["{folder}", "wrld", "x"], "no trial is called 'wrld'; there are first, second, "),
        (["{folder}", "world", "x"], " holds no rehearsal: osp-compile rehearse SITE.yaml --keep "),
    ],
)
def test_words_that_are_no_trial_are_refused(words: list[str], said: str, tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "osp_compile.rehearsal", *(word.format(folder=tmp_path) for word in words)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=LIMIT)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
