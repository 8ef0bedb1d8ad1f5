"""What holds for the repository as a whole: the subjects of its commits, and what a formatter may touch."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST = 72  # characters of a subject: `git log --oneline` shows it on one line
LAST = 20  # commits that are looked at where there is no tag
TOP = (
    ".ci .gitignore .pre-commit-config.yaml .pre-commit-hooks.yaml CHANGELOG.md CONTRIBUTING.md LICENSE README.md"
    " benchmarks compiler docs out pyproject.toml specs templates tests"
)
LIMIT = 60  # seconds


def git(*words: str) -> str | None:
    """What git prints; None where it cannot say, as in another user's tree."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False, timeout=LIMIT
    )  # fmt: skip
    return done.stdout if done.returncode == 0 else None


def too_long(subjects: str) -> list[str]:
    return [one for one in subjects.splitlines() if len(one) > MOST]


def test_the_subject_of_a_commit_fits_a_line() -> None:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a clone: the commits are not here")
    tag = git("describe", "--tags", "--abbrev=0")
    since = [f"{tag.strip()}..HEAD"] if tag else [f"--max-count={LAST}", "HEAD"]
    subjects = git("log", "--no-merges", "--format=%s", *since)
    if subjects is None:
        pytest.skip("git does not read this clone")
    assert too_long(subjects) == [], f"at most {MOST} characters: git commit --amend, or git rebase --interactive"


def test_a_subject_that_is_too_long_is_noticed() -> None:
    assert too_long(f"{'x' * MOST}\n{'x' * (MOST + 1)}\n") == ["x" * (MOST + 1)]


def test_the_top_level_holds_what_a_reader_is_told_of() -> None:
    """A file that a command has left there is not committed with the rest."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a clone: what is committed is not known here")
    names = git("ls-files", "--", ".")
    if names is None:
        pytest.skip("git does not read this clone")
    assert sorted({name.partition("/")[0] for name in names.splitlines()}) == TOP.split()


def test_a_formatter_leaves_alone_what_ships_in_a_bundle() -> None:
    """It runs on Python 2.7 too."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]
    assert {"templates", "out"} <= {*settings["extend-exclude"]}
    words = ["ruff", "check", "--show-files", str(ROOT / "templates"), str(ROOT / "compiler/osp_compile/guide")]
    if shutil.which("ruff") is None:
        pytest.skip("ruff is not installed")
    shown = subprocess.run(words, capture_output=True, text=True, check=True, timeout=LIMIT, cwd=ROOT).stdout
    assert "guide/plan.py" in shown
    assert "_runtime" not in shown
