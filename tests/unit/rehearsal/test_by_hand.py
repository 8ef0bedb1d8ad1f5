"""One trial by hand, and a section tried again; words that name neither are refused with what there is instead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from unit.waiting import LIMIT

MINIMAL = (Path(__file__).parents[3] / "specs/examples/minimal.yaml").read_text("utf-8")


def by_hand(*words: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "osp_compile.rehearsal", *words]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=LIMIT)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "python -m osp_compile.rehearsal FOLDER KIND SUBJECT"),
        (["{folder}", "wrld", "x"], "no trial is called 'wrld'; there are first, second, "),
        (["{folder}", "world", "x"], " holds no rehearsal: osp-compile rehearse SITE.yaml --keep "),
    ],
)
def test_other_words_are_refused(words: list[str], said: str, tmp_path: Path) -> None:
    done = by_hand(*(word.format(folder=tmp_path) for word in words))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.whole
@pytest.mark.longest
@pytest.mark.long
@pytest.mark.usefixtures("sandbox")
def test_a_section_is_tried_again_with_the_scripts_as_they_are_now(tmp_path: Path) -> None:
    spec, kept = tmp_path / "site.yaml", tmp_path / "kept"
    spec.write_text(MINIMAL)
    words = ("--section", "2.00", "--keep", str(kept), "-o", str(tmp_path))
    argv = [sys.executable, "-m", "osp_compile", "rehearse", str(spec), *words]
    subprocess.run(argv, capture_output=True, check=True, timeout=LIMIT)
    transcript = kept / "transcripts/first-2.00.txt"
    before = transcript.read_text("utf-8").splitlines()[0]
    spec.write_text(f"{MINIMAL}\ndisk: {{fail: 91}}\n")
    again = by_hand(str(kept), "again", "2.00")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    after = transcript.read_text("utf-8").splitlines()[0]
    assert after.partition("bundle")[0] == before.partition("bundle")[0]
    assert after != before
    assert by_hand(str(kept), "again", "2.02").stderr.startswith("the site was not kept as 2.02 finds it: ")
    assert by_hand(str(kept), "again", "2.98").stderr.startswith("the bundle has no section 2.98; ")
    spec.write_text("version: 2\n")
    assert "error[" in by_hand(str(kept), "again", "2.00").stderr
