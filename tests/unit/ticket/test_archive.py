"""`pack`: one file for the ticket, the same from the same bundle, of a whole bundle alone."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from osp_compile.bundle import on_disk
from osp_compile.diagnostics import RefusedError
from osp_compile.pipeline import compile_site
from osp_compile.ticket.archive import pack
from osp_compile.ticket.opened import open_bundle
from unit.ticket.bundles import MANIFEST, small


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return small(tmp_path)


def test_the_archive_lies_beside_the_bundle(bundle: Path) -> None:
    done = pack(bundle, None)
    assert done.diagnostics == ()
    assert done.path == bundle.parent / "lab-1-CHG1.tar.gz"
    assert done.digest == on_disk.digest(bundle)
    assert open_bundle(done.path).archive == done.sha256
    assert stat.S_IMODE(done.path.stat().st_mode) == 0o644


def test_the_same_bytes_whatever_the_moment_the_zone_the_modes_and_the_umask(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pack(bundle, None)
    for number, (zone, umask, moment) in enumerate([("Asia/Tokyo", 0o077, 1), ("America/New_York", 0o000, 2**31 + 5)]):
        monkeypatch.setenv("TZ", zone)
        copy = bundle.parent / f"copy {number}" / "another name"
        before = os.umask(umask)
        try:
            shutil.copytree(bundle, copy, copy_function=shutil.copyfile)
            for path in copy.rglob("*"):
                os.utime(path, (moment, moment))
            again = pack(copy, None)
        finally:
            os.umask(before)
        assert again.path != first.path
        assert (again.sha256, again.digest) == (first.sha256, first.digest)


def test_tar_unpacks_it_as_it_was(minimal: Path, tmp_path: Path) -> None:
    compiled = compile_site(minimal, tmp_path / "out", linted=False)
    assert compiled.path
    done = pack(compiled.path, tmp_path / "ticket.tar.gz")
    assert done.digest == compiled.digest
    (tmp_path / "there").mkdir()
    command = ["tar", "--extract", "--gzip", "--file", str(done.path), "--directory", str(tmp_path / "there")]
    told = subprocess.run(command, check=True, capture_output=True, text=True, umask=0o022, timeout=60)
    assert told.stdout + told.stderr == ""
    there = tmp_path / "there" / "lab-1"
    assert on_disk.verify(there) == ()
    assert modes(there) == modes(compiled.path)


def modes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mode for path in folder.rglob("*")}


@pytest.mark.parametrize(
    ("touch", "message"),
    [
        (lambda site: (site / "2.00-a.sh").write_text("echo b\n"), "modified since it was compiled"),
        (lambda site: (site / "lib/engine/b.sh").unlink(), "missing from the bundle"),
        (lambda site: (site / "notes").write_text("mine"), "not part of the bundle"),
        (lambda site: (site / "lib/x").symlink_to("/etc/passwd"), "not part of the bundle"),
        (lambda site: (site / "SHA256SUMS.asc").symlink_to("/etc/passwd"), "not part of the bundle"),
        (lambda site: (site / "SHA256SUMS").unlink(), "not a bundle: it has no SHA256SUMS"),
        (shutil.rmtree, "no such folder"),
    ],
)
def test_what_is_not_as_it_was_compiled_is_not_packed(bundle: Path, touch, message: str) -> None:
    touch(bundle)
    done = pack(bundle, None)
    assert done.path is None
    assert message in [found.message for found in done.diagnostics]
    assert not (bundle.parent / "lab-1-CHG1.tar.gz").exists()


def test_an_archive_is_not_packed_again(bundle: Path) -> None:
    done = pack(bundle, None)
    assert done.path
    assert [found.message for found in pack(done.path, None).diagnostics] == [
        "packed already, or not the folder of a bundle"
    ]


def test_a_place_that_cannot_be(bundle: Path) -> None:
    with pytest.raises(RefusedError, match="is a folder; name the archive itself"):
        pack(bundle, bundle.parent)
    os.mkfifo(bundle.parent / "queue")
    with pytest.raises(RefusedError, match="is not a regular file, and is not replaced"):
        pack(bundle, bundle.parent / "queue")
    assert (bundle.parent / "queue").is_fifo()
    with pytest.raises(RefusedError, match="would lie in the bundle"):
        pack(bundle, bundle / "lib" / "x.tar.gz")
    with pytest.raises(RefusedError, match="is not a folder; make it"):
        pack(bundle, bundle.parent / "nowhere" / "x.tar.gz")


def test_an_archive_that_cannot_be_written_leaves_the_old_one(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = bundle.parent / "x.tar.gz"
    target.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fchmod", full)
    with pytest.raises(OSError, match="No space left"):
        pack(bundle, target)
    assert target.read_text() == "old"
    assert sorted(path.name for path in bundle.parent.iterdir()) == ["lab-1", "x.tar.gz"]


def test_a_name_that_leads_elsewhere_is_no_site_s(tmp_path: Path) -> None:
    bundle = small(tmp_path, {**MANIFEST, "site": {"name": "../../etc", "change": "CHG1"}})
    assert [found.message for found in pack(bundle, None).diagnostics] == ["not a manifest as osp-compile writes it"]


def test_executable_is_what_begins_as_a_script(minimal: Path, tmp_path: Path) -> None:
    compiled = compile_site(minimal, tmp_path / "out", linted=False)
    assert compiled.path
    for path in compiled.path.rglob("*"):
        if path.is_file():
            assert path.read_bytes().startswith(b"#!") == bool(path.stat().st_mode & 0o100), path
