"""The part that plays shells and editors: what it says is missing, how that is had, and how it is counted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import debian
from editors import run
from runner import parts
from runner.counts import Counts
from unit.waiting import LIMIT

HINT = (
    "to have them: tests/run editors --install; shells as root on Debian, yaml-language-server where node and npm are"
)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of all the programs that are there, on a machine whose packages are not ours to install."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(debian, "is_ours_to_install", lambda: False)
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def program(folder: Path, name: str, text: str = "") -> None:
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


def test_a_machine_without_any_of_them_is_told_how_to_have_them(tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, run.__file__], env=environment, capture_output=True, text=True, check=False, timeout=LIMIT
    )
    lacks = [f"no {name}: not installed here" for name in run.SHELLS]
    lacks.append("no yaml-language-server: it needs node, which is not installed here")
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (run.UNFIT, [*lacks, HINT], "")
    found = parts.editors().count(done.returncode, done.stdout, tmp_path)
    assert found == Counts(skipped=4, reasons=(*lacks, HINT))


def test_what_is_there_is_played_and_what_is_not_is_a_skip(tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text('<testsuite><testcase classname="a" name="b"/></testsuite>')
    said = f"no fish: not installed here\n{HINT}\n.  [100%]\n"
    count = parts.editors().count
    assert count(0, said, tmp_path) == Counts(1, 0, 1, reasons=("no fish: not installed here", HINT))
    assert count(2, said, tmp_path) is None


def test_only_what_is_missing_is_named(programs: Path) -> None:
    program(programs, "bash")
    program(programs, "node")
    assert run.missing() == dict.fromkeys(("zsh", "fish", run.SERVER), "not installed here")


def test_the_language_server_is_installed_once_as_it_is_pinned(programs: Path) -> None:
    program(programs, "node")
    pinned = '[ "$1" = ci ] && [ -f package.json ] && [ -f package-lock.json ] || exit 1'
    program(
        programs, "npm", f"PATH=/usr/bin:/bin\n{pinned}\nmkdir -p node_modules/.bin; : >node_modules/.bin/{run.SERVER}"
    )
    assert run.install() == {}
    assert run.server().exists()
    assert run.SERVER not in run.missing()
    program(programs, "npm", "exit 1")
    assert run.install() == {}


def test_why_it_cannot_be_installed_is_told_and_nothing_is_left(programs: Path) -> None:
    assert run.install() == {}
    program(programs, "node")
    assert run.install() == {run.SERVER: "npm, which installs it, is not installed here"}
    program(programs, "npm", "echo 'npm error network' >&2; exit 1")
    assert run.install() == {run.SERVER: "npm cannot install it: npm error network"}
    assert run.SERVER in run.missing()
    assert [*run.server().parents[3].iterdir()] == []


def test_shells_are_installed_where_that_is_ours_to_do(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: list[tuple[str, ...]] = []
    monkeypatch.setattr(debian, "install", lambda *names: wanted.append(names) or "Unable to locate package fish")
    program(programs, "zsh")
    assert run.install() == {}
    monkeypatch.setattr(debian, "is_ours_to_install", lambda: True)
    assert run.install() == dict.fromkeys(("bash", "fish"), "it cannot be installed: Unable to locate package fish")
    assert wanted == [("bash", "fish")]
