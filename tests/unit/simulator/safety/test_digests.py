"""A file is read again whenever it may have changed."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from osp_simulator.safety import digests


def of(known: digests.Digests, path: Path) -> str:
    with os.scandir(path.parent) as entries:
        return next(known.of(entry) for entry in entries if entry.name == path.name)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> digests.Digests:
    monkeypatch.setattr(digests, "SETTLED", 50_000_000)
    return digests.Digests()


def test_what_has_not_changed_is_not_read_again(
    tmp_path: Path, known: digests.Digests, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("one")
    time.sleep(0.1)
    first = of(known, tmp_path / "a")
    monkeypatch.setattr(hashlib, "sha256", None)
    assert of(known, tmp_path / "a") == first == hashlib.new("sha256", b"one").hexdigest()


def test_a_change_that_keeps_size_and_time_of_change_is_seen(tmp_path: Path, known: digests.Digests) -> None:
    place = tmp_path / "a"
    place.write_text("one")
    facts = place.stat()
    time.sleep(0.1)
    assert of(known, place) == sha("one")
    place.write_text("two")
    os.utime(place, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert of(known, place) == sha("two")


def test_a_file_that_has_only_just_changed_is_read_each_time(tmp_path: Path, known: digests.Digests) -> None:
    for text in ("one", "two", "six"):
        (tmp_path / "a").write_text(text)
        assert of(known, tmp_path / "a") == sha(text)


def test_links_and_what_cannot_be_read(tmp_path: Path, known: digests.Digests) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    assert of(known, tmp_path / "link") == "-> nowhere"
    (tmp_path / "gone").touch()
    with os.scandir(tmp_path) as entries:
        gone = next(entry for entry in entries if entry.name == "gone")
    (tmp_path / "gone").unlink()
    assert known.of(gone) == "unreadable: No such file or directory"
