"""Archives of bundles: the same rules and the same words whichever command opens one."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from osp_compile import cli
from osp_compile.ticket import unpacking, ustar
from osp_compile.ticket.archive import pack
from osp_compile.ticket.gzip_text import compress
from osp_compile.ticket.unpacking import is_archive, unpack
from osp_compile.ticket.ustar import Member
from unit.ticket.bundles import members, small

NO_FOLDER = "its files do not lie in one folder of the site's name"
Tell = Callable[[Path], list[str]]
VERBS = {
    "verify": (1, lambda archive, other: ("verify", archive)),
    "explain": (1, lambda archive, other: ("explain", archive, "b")),
    "diff": (3, lambda archive, other: ("diff", archive, other)),
    "diff to": (3, lambda archive, other: ("diff", other, archive)),
}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return small(tmp_path / "out")


@pytest.fixture(params=VERBS)
def told(request: pytest.FixtureRequest, bundle: Path, capsys: pytest.CaptureFixture[str]) -> Tell:
    """What a command says is wrong with an archive: the messages of its `bad-archive` errors."""
    status, words = VERBS[request.param]

    def tell(place: Path) -> list[str]:
        with pytest.raises(SystemExit) as leaving:
            cli.main(words(str(place), str(bundle)))
        shown = capsys.readouterr()
        assert (leaving.value.code, shown.out) == (status, "")
        assert not [sign for sign in ("Traceback", "\x1b") if sign in shown.err]
        return [line[20:] for line in shown.err.splitlines() if line.startswith("error[bad-archive]: ")]

    return tell


def by_tar(place: Path, *infos: tarfile.TarInfo, form: int = tarfile.USTAR_FORMAT) -> Path:
    """An archive as Python's own module writes it."""
    with tarfile.open(place, "w:gz", format=form) as archive:
        for info in infos:
            archive.addfile(info, io.BytesIO(bytes(info.size)))
    return place


def info(name: str, kind: bytes = tarfile.REGTYPE, mode: int = 0o644) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.mode, found.linkname = kind, mode, "/etc/passwd"
    return found


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (info("/etc/cron.d/x"), "`/etc/cron.d/x`: an absolute name leads out of the folder where it is unpacked"),
        (info("lab-1/../../x"), "`lab-1/../../x`: `..` in its name leads out of the folder where it is unpacked"),
        (info("./lab-1/x"), "`./lab-1/x`: its name is not written in the plain way"),
        (info("lab-1/\x1b[2J"), "`lab-1/\N{REPLACEMENT CHARACTER}[2J`: its name has other signs than those of a "
         "bundle's files"),
        (info("lab-1/x", tarfile.SYMTYPE), "`lab-1/x`: a symbolic link; a bundle has files and folders alone"),
        (info("lab-1/x", tarfile.LNKTYPE), "`lab-1/x`: a hard link; a bundle has files and folders alone"),
        (info("lab-1/x", tarfile.CHRTYPE), "`lab-1/x`: a character device; a bundle has files and folders alone"),
        (info("lab-1/x", tarfile.BLKTYPE), "`lab-1/x`: a block device; a bundle has files and folders alone"),
        (info("lab-1/x", tarfile.FIFOTYPE), "`lab-1/x`: a FIFO; a bundle has files and folders alone"),
        (info("lab-1/x", tarfile.GNUTYPE_SPARSE), "`lab-1/x`: a sparse file; a bundle has files and folders alone"),
        (info("lab-1/x", mode=0o4755), "`lab-1/x`: its mode 4755 has more than rights to read, write and execute"),
        (info("lab-1/SHA256SUMS"), "`lab-1/SHA256SUMS`: it is in the archive twice"),
        (info("lab-1/SHA256SUMS", tarfile.DIRTYPE), "`lab-1/SHA256SUMS`: it is in the archive twice"),
        (info("lab-1/SHA256SUMS/x"), "`lab-1/SHA256SUMS/x`: it lies in `lab-1/SHA256SUMS`, which is a file"),
        (info("other/x"), NO_FOLDER),
        (info("x"), NO_FOLDER),
    ],
)  # fmt: skip
def test_a_hostile_member(told: Tell, bundle: Path, tmp_path: Path, entry: tarfile.TarInfo, message: str) -> None:
    good = [info("lab-1", tarfile.DIRTYPE, 0o755), info("lab-1/SHA256SUMS"), info("lab-1/manifest.json")]
    assert told(by_tar(tmp_path / "x.tar.gz", *good, entry)) == [message]


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_a_header_that_tars_read_differently(told: Tell, tmp_path: Path, form: int) -> None:
    (message,) = told(by_tar(tmp_path / "x.tar.gz", info(f"lab-1/{'x' * 200}"), form=form))[:1]
    assert message.endswith("a bundle has files and folders alone")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "cut short: the end of the gzip data is missing"),
        (b"#!/bin/sh\n", "not a gzip file, or a damaged one"),
        (b"\x1f\x8b\x08", "cut short: the end of the gzip data is missing"),
        (b"\x1f\x8b" + bytes(600), "not a gzip file, or a damaged one"),
        (bytes(257) + b"ustar", "cut short: the end of the tar archive is missing"),
        (bytes(257) + b"ustar" + bytes(600), "not a tar archive in the ustar format, or a damaged one"),
        (compress(b"text"), "cut short: the end of the tar archive is missing"),
        (compress(ustar.write([])), NO_FOLDER),
        (compress(ustar.write([])) + b"x", "something follows the gzip data"),
        (compress(ustar.write([]) + b"x"), "something follows the end of the tar archive"),
        (compress(ustar.write([Member("lab-1/x", 0o644, b"x" * 900)])[:1024]), "cut short, or 900 bytes are announced "
         "that are not there"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_an_archive_or_is_damaged(told: Tell, tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "x.tar.gz").write_bytes(data)
    assert told(tmp_path / "x.tar.gz") == [message]


def test_bombs(told: Tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST", 1 << 20)
    (tmp_path / "x").write_bytes(gzip.compress(bytes(2 << 20), mtime=0))
    assert told(tmp_path / "x") == ["it unpacks to over 1 MB, which no bundle has"]
    (tmp_path / "y.tgz").write_bytes(bytes(2 << 20))
    assert told(tmp_path / "y.tgz") == ["it has over 1 MB, which no bundle has"]


def test_too_many_members(told: Tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ustar, "MEMBERS", 3)
    place = by_tar(tmp_path / "x.tar.gz", *(info(f"lab-1/{number}") for number in range(4)))
    assert told(place) == ["it has over 3 members, which no bundle has"]


def test_a_folder_of_another_name(told: Tell, bundle: Path, tmp_path: Path) -> None:
    found = [Member(f"osaka-9/{one.name[6:]}", one.mode, one.data) for one in members(bundle)]
    (tmp_path / "x.tar.gz").write_bytes(compress(ustar.write(found)))
    assert told(tmp_path / "x.tar.gz") == ["its folder is `osaka-9`, and its site `lab-1`"]


def test_an_archive_is_known_by_what_is_in_it_or_by_its_name(tmp_path: Path) -> None:
    for name, data, expected in (
        ("site.yaml", b"version: 1\n", False),
        ("packed", compress(b""), True),
        ("plain", ustar.write([]), False),
        ("one", ustar.write([Member("a", 0o644, b"")]), True),
        ("empty.tar.gz", b"", True),
        ("text.tgz", b"version: 1\n", True),
    ):
        (tmp_path / name).write_bytes(data)
        assert is_archive(tmp_path / name) is expected, name


def test_with_and_without_gzip(bundle: Path, tmp_path: Path) -> None:
    packed = pack(bundle, tmp_path / "x.tar.gz").path
    assert packed
    (tmp_path / "x.tar").write_bytes(gzip.decompress(packed.read_bytes()))
    found, plain = unpack(packed), unpack(tmp_path / "x.tar")
    assert found.files == plain.files
    assert found.sha256 != plain.sha256
    assert (found.folder, found.diagnostics, plain.diagnostics) == ("lab-1", (), ())
    assert {*found.files} == {"2.00-a.sh", "lib/engine/b.sh", "manifest.json", "SHA256SUMS"}
