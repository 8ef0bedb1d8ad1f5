"""The folder of a rehearsal: where it is, and that it is gone in the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from osp_compile.rehearsal import scratch
from unit.machine import needs_programs
from unit.waiting import LIMIT


def test_a_folder_that_is_still_written_to_is_deleted_when_that_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "osp-rehearse.x"
    (folder / "bytecode").mkdir(parents=True)
    pauses: list[float] = []
    deleted = shutil.rmtree

    def beside_a_writer(place: Path, **how: Any) -> None:
        deleted(place, **how)
        if len(pauses) < 2:
            (place / "bytecode").mkdir(parents=True)

    monkeypatch.setattr(scratch.shutil, "rmtree", beside_a_writer)
    monkeypatch.setattr(scratch.time, "sleep", pauses.append)
    scratch.delete(folder)
    assert (folder.exists(), len(pauses)) == (False, 2)


def test_a_folder_that_cannot_be_deleted_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scratch.shutil, "rmtree", lambda *_, **__: None)
    monkeypatch.setattr(scratch.time, "sleep", lambda _: None)
    scratch.delete(tmp_path)
    assert capsys.readouterr().err == (
        f"osp-compile: {tmp_path} could not be deleted; nothing needs it: rm -r {tmp_path}\n"
    )


@needs_programs("setpriv")
def test_a_folder_that_only_root_may_look_into_is_deleted_by_anybody(tmp_path: Path) -> None:
    """Each world has one, and root, who may look into everything, would not notice."""
    folder = tmp_path / "osp-rehearse.x"
    (folder / "worlds/start/run").mkdir(parents=True)
    (folder / "worlds/start/run/void").mkdir(mode=0)
    (folder / "worlds/start/file").touch()
    program = (
        "import sys, pathlib; from osp_compile.rehearsal import scratch; scratch.delete(pathlib.Path(sys.argv[1]))"
    )
    without_rights = ["setpriv", "--bounding-set=-all"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*without_rights, sys.executable, "-c", program, str(folder)],
        capture_output=True, text=True, check=False, timeout=LIMIT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not folder.exists()
