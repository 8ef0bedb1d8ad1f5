"""`verify` of a folder and of an archive: the same words for both, and nothing is written whatever is in it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from osp_compile import cli
from osp_compile.bundle import on_disk
from osp_compile.ticket import opened, ustar
from osp_compile.ticket.archive import pack
from osp_compile.ticket.gzip_text import compress
from osp_compile.ticket.ustar import Member
from osp_compile.ticket.verdict import judge
from unit.ticket.bundles import MANIFEST, changed, small


def told(place: Path) -> list[str]:
    verdict = judge(place)
    assert not verdict.ok
    assert (verdict.data, verdict.lines) == ({"ok": False}, ())
    return [one.message for one in verdict.diagnostics]


def members(bundle: Path) -> list[Member]:
    files = (path for path in sorted(bundle.rglob("*")) if path.is_file())
    return [Member(f"lab-1/{path.relative_to(bundle)}", 0o644, path.read_bytes()) for path in files]


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


def test_a_manifest_that_is_deep(tmp_path: Path) -> None:
    bundle = small(tmp_path)
    found = [one for one in members(bundle) if not one.name.endswith(("manifest.json", "SHA256SUMS"))]
    deep = b"[" * 200_000
    sums = f"{hashlib.sha256(deep).hexdigest()}  manifest.json\n".encode()
    found = [Member("lab-1/manifest.json", 0o644, deep), Member("lab-1/SHA256SUMS", 0o644, sums)]
    assert told(archived(tmp_path / "x", found)) == ["not a manifest as osp-compile writes it"]


def test_an_archive_of_an_edited_bundle(tmp_path: Path) -> None:
    found = [one for one in members(small(tmp_path)) if "2.00" not in one.name]
    edited = [*found, Member("lab-1/2.00-a.sh", 0o755, b"#!/bin/sh\n"), Member("lab-1/lib/x.py", 0o644, b"")]
    assert told(archived(tmp_path / "x", edited)) == ["modified since it was compiled", "not part of the bundle"]
    assert told(archived(tmp_path / "x", found)) == ["missing from the bundle"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("/etc/cron.d/x", "`/etc/cron.d/x`: an absolute name leads out of the folder where it is unpacked"),
        ("lab-1/../../x", "`lab-1/../../x`: `..` in its name leads out of the folder where it is unpacked"),
        ("lab-1/SHA256SUMS", "`lab-1/SHA256SUMS`: it is in the archive twice"),
        ("other/x", "its files do not lie in one folder of the site's name"),
        ("x", "its files do not lie in one folder of the site's name"),
    ],
)
def test_an_archive_that_unpacks_elsewhere(tmp_path: Path, name: str, message: str) -> None:
    assert told(archived(tmp_path / "x", [*members(small(tmp_path)), Member(name, 0o644, b"")])) == [message]


def test_an_archive_whose_folder_is_another_s(tmp_path: Path) -> None:
    found = [Member(f"osaka-9/{one.name[6:]}", one.mode, one.data) for one in members(small(tmp_path))]
    verdict = judge(archived(tmp_path / "x", found))
    assert [one.message for one in verdict.diagnostics] == ["its folder is `osaka-9`, and its site `lab-1`"]


def test_a_link_in_an_archive(tmp_path: Path) -> None:
    place = tmp_path / "x.tar.gz"
    with tarfile.open(place, "w:gz") as archive:
        link = tarfile.TarInfo("lab-1/\x1b[2Jlink")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(link)
    assert told(place) == [
        "`lab-1/\N{REPLACEMENT CHARACTER}[2Jlink`: a symbolic link; a bundle has files and folders alone",
        "`lab-1/\N{REPLACEMENT CHARACTER}[2Jlink`: its name has other signs than those of a bundle's files",
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "cut short: the end of the gzip data is missing"),
        (b"#!/bin/sh\n", "not a gzip file, or a damaged one"),
        (gzip.compress(b"text", mtime=0), "cut short: the end of the tar archive is missing"),
        (gzip.compress(ustar.write([]), mtime=0), "its files do not lie in one folder of the site's name"),
        (gzip.compress(ustar.write([Member("lab-1/a", 0o644, b"")]), mtime=0), "not a bundle: it has no SHA256SUMS"),
    ],
)
def test_what_is_no_archive_of_a_bundle(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "x").write_bytes(data)
    assert told(tmp_path / "x") == [message]


def test_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = io.BytesIO()
    with gzip.GzipFile(fileobj=bomb, mode="wb", compresslevel=9) as file:
        for _ in range(70):
            file.write(bytes(1 << 20))
    (tmp_path / "x").write_bytes(bomb.getvalue())
    assert told(tmp_path / "x") == ["it unpacks to over 64 MB, which no bundle has"]
    monkeypatch.setattr(opened, "MOST", 1 << 20)
    (tmp_path / "y").write_bytes(bytes(2 << 20))
    assert told(tmp_path / "y") == ["it has over 1 MB, which no bundle has"]


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
