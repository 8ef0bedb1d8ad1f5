"""Where the lab finds the Python that Newton's clients need."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lab import newton
from lab.packages import UnfitError


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose pyenv, if any, has no Python 2.7."""
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    return tmp_path


def test_another_home_does_not_hide_the_one_beside_this_python(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = nowhere / "pyenv/versions/2.7.18"
    beside.mkdir(parents=True)
    beside.with_name("2.7.9").mkdir()
    with monkeypatch.context() as this:
        this.setattr(sys, "base_prefix", str(nowhere / "pyenv/versions/3.11.7"))
        assert newton.python() == beside
    for place in ("shims", "versions/3.11.7/bin"):
        monkeypatch.setenv("PATH", f"/usr/bin:{nowhere}/pyenv/{place}")
        assert newton.python() == beside


@pytest.mark.usefixtures("nowhere")
def test_without_one_no_lab_can_be_had_and_it_says_how_to_have_it() -> None:
    with pytest.raises(UnfitError, match=r"pyenv install 2\.7"):
        newton.python()
