"""`verify` of a folder and of an archive: the same words for both, and nothing is written whatever is in it."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from osp_compile import cli
from osp_compile.bundle import on_disk
from osp_compile.ticket import ustar
from osp_compile.ticket.archive import pack
from osp_compile.ticket.gzip_text import compress
from osp_compile.ticket.ustar import Member
from osp_compile.ticket.verdict import judge
from unit.ticket.bundles import MANIFEST, changed, members, small


def told(place: Path) -> list[str]:
    verdict = judge(place)
    assert not verdict.ok
    assert (verdict.data, verdict.lines) == ({"ok": False}, ())
    return [one.message for one in verdict.diagnostics]


def archived(place: Path, found: list[Member]) -> Path:
    place.write_bytes(compress(ustar.write(found)))
    return place


def test_folder_and_archive_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    small(Path())
    done = pack(Path("lab-1"), Path("x.tar.gz"))
    folder, archive = judge(Path("lab-1")), judge(Path("x.tar.gz"))
    digest = on_disk.digest(Path("lab-1"))
    assert folder.lines == (
        "lab-1 is unmodified",
        f"digest     {digest}",
        "site       lab-1, change CHG1",
        "compiled   by osp-compile 1.2.3, bundle format 1",
        "signature  none",
    )
    assert [line for line in archive.lines if line not in folder.lines] == [
        "x.tar.gz is unmodified",
        f"archive    sha256 {done.sha256}",
    ]
    assert {**archive.data, "archive_sha256": None} == folder.data
    assert folder.data == {
        "ok": True, "digest": digest, "site": "lab-1", "change": "CHG1", "format": 1, "archive_sha256": None,
        "compiler": {"name": "osp-compile", "version": "1.2.3"},
        "signature": {"state": "none", "fingerprint": None, "by": None, "name": None},
        "sections": [],
    }  # fmt: skip


def test_a_bundle_of_a_compiler_that_did_not_say_its_version(tmp_path: Path) -> None:
    bundle = small(tmp_path, {key: value for key, value in MANIFEST.items() if key != "compiler"})
    assert "compiled   by a compiler that did not say its version, bundle format 1" in judge(bundle).lines


@pytest.mark.parametrize(
    "manifest",
    [
        {**MANIFEST, "format": True}, {**MANIFEST, "format": "1"}, {**MANIFEST, "site": []},
        {**MANIFEST, "compiler": {"name": "osp-compile"}}, {**MANIFEST, "compiler": "osp-compile"},
        {**MANIFEST, "compiler": {"name": "osp-compile", "version": "1\x1b[2J"}},
        changed(name="../x"), changed(name="x" * 65), changed(change="a\nb"), changed(require_signature=["me"]),
        changed(require_signature=7), {}, [],
    ],
)  # fmt: skip
def test_a_manifest_that_no_compiler_writes(tmp_path: Path, manifest: dict[str, object]) -> None:
    assert told(small(tmp_path, manifest)) == ["not a manifest as osp-compile writes it"]


WHOLE = json.dumps(MANIFEST).encode()[:-1]


@pytest.mark.parametrize(
    "manifest",
    [
        b"[" * 200_000,
        WHOLE + b', "site": {"name": "lab-2", "change": "x"}}',
        WHOLE + b', "x": {"a": 1, "a": 2}}',
        WHOLE + b', "x": NaN}',
    ],
    ids=["deep", "two sites", "a key twice", "no number"],
)
def test_a_manifest_that_others_read_otherwise(tmp_path: Path, manifest: bytes) -> None:
    sums = f"{hashlib.sha256(manifest).hexdigest()}  manifest.json\n".encode()
    found = [Member("lab-1/manifest.json", 0o644, manifest), Member("lab-1/SHA256SUMS", 0o644, sums)]
    assert told(archived(tmp_path / "x", found)) == ["not a manifest as osp-compile writes it"]


def test_an_archive_of_an_edited_bundle(tmp_path: Path) -> None:
    found = [one for one in members(small(tmp_path)) if "2.00" not in one.name]
    edited = [*found, Member("lab-1/2.00-a.sh", 0o755, b"#!/bin/sh\n"), Member("lab-1/lib/x.py", 0o644, b"")]
    assert told(archived(tmp_path / "x", edited)) == ["modified since it was compiled", "not part of the bundle"]
    assert told(archived(tmp_path / "x", found)) == ["missing from the bundle"]


def test_an_archive_without_sums(tmp_path: Path) -> None:
    place = archived(tmp_path / "x", [Member("lab-1/a", 0o644, b"")])
    assert told(place) == ["not a bundle: it has no SHA256SUMS"]


def test_an_archive_with_any_byte_changed(tmp_path: Path) -> None:
    """It is told, or nothing that is looked at has changed (an owner, a moment, a mode)."""
    small(tmp_path)
    whole = ustar.write(members(tmp_path / "lab-1"))
    digest = on_disk.digest(tmp_path / "lab-1")
    place = tmp_path / "x"
    for at in range(0, len(whole), 31):
        for byte in (0, 0x2F, 0x37, 0xFF):
            place.write_bytes(gzip.compress(whole[:at] + bytes([byte]) + whole[at + 1 :], 1))
            verdict = judge(place)
            assert verdict.ok or verdict.diagnostics
            assert not verdict.ok or verdict.data["digest"] == digest


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(tmp_path)
    place = archived(tmp_path / "x", members(tmp_path / "lab-1"))
    (tmp_path / "empty").mkdir(mode=0o500)
    monkeypatch.chdir(tmp_path / "empty")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "empty"))
    assert judge(place).ok
    assert [*(tmp_path / "empty").iterdir()] == []


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    small(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as leaving:
            cli.main(words)
        shown = capsys.readouterr()
        return int(leaving.value.code or 0), shown.out, shown.err

    status, out, err = run("pack", "lab-1", "-o", "x.tar.gz")
    assert (status, err) == (0, "")
    assert [line.partition(" ")[0] for line in out.splitlines()] == ["wrote", "sha256", "digest", "signature"]
    packed = json.loads(run("pack", "lab-1", "-o", "x.tar.gz", "--format", "json")[1])
    status, out, _ = run("verify", "x.tar.gz", "--format", "json")
    document = json.loads(out)
    assert (status, document["ok"], document["digest"]) == (0, True, packed["digest"])
    assert document["archive_sha256"] == packed["sha256"]
    (tmp_path / "lab-1/notes").write_text("mine")
    assert run("pack", "lab-1")[0] == 1
    status, out, err = run("verify", "lab-1")
    assert (status, out) == (1, "")
    assert "error[bundle-differs]: not part of the bundle\n --> lab-1/notes\n" in err
    assert run("verify", "lab-1", "--keyring", "nowhere")[0] == 2
