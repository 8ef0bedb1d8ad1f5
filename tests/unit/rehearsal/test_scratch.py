"""The folder of a rehearsal: where it is, and that it is gone in the end."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from osp_compile.rehearsal import scratch


def test_a_folder_that_is_still_written_to_is_deleted_when_that_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "osp-rehearse.x"
    (folder / "bytecode").mkdir(parents=True)
    pauses: list[float] = []
    deleted = shutil.rmtree

    def beside_a_writer(place: Path, *, ignore_errors: bool = False) -> None:
        deleted(place, ignore_errors=ignore_errors)
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
