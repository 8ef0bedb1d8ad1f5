"""The tar format: what is written is read by every tar, and what is read is looked at with suspicion."""

from __future__ import annotations

import io
import tarfile

import pytest

from osp_compile.ticket import ustar
from osp_compile.ticket.ustar import Member

LONG = f"lab-1/{'d' * 90}/{'f' * 90}"


def made(*infos: tuple[tarfile.TarInfo, bytes], form: int = tarfile.USTAR_FORMAT) -> bytes:
    """An archive as Python's own module writes it."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form) as archive:
        for info, data in infos:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def info(name: str, kind: bytes = tarfile.REGTYPE, mode: int = 0o644) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.mode, found.linkname = kind, mode, "/etc/passwd"
    return found


def test_another_tar_reads_it() -> None:
    members = (Member("lab-1", 0o755, None), Member("lab-1/a.sh", 0o755, b"x" * 513), Member(LONG, 0o644, b""))
    with tarfile.open(fileobj=io.BytesIO(ustar.write(members))) as archive:
        found = archive.getmembers()
        assert [(one.name, one.mode, one.mtime, one.uname, one.uid) for one in found] == [
            (one.name, one.mode, 315532800, "root", 0) for one in members
        ]
        assert [one.isdir() for one in found] == [True, False, False]
        file = archive.extractfile("lab-1/a.sh")
        assert file is not None
        assert file.read() == b"x" * 513


def test_what_was_written_is_read() -> None:
    members = (Member("lab-1", 0o755, None), Member("lab-1/a", 0o644, b"a\n"), Member(LONG, 0o644, b""))
    assert ustar.read(ustar.write(members)) == ustar.Found(members, ())


def test_what_gnu_tar_writes_by_hand_is_read() -> None:
    found = ustar.read(
        made((info("lab-1", tarfile.DIRTYPE, 0o755), b""), (info("lab-1/a"), b"a"), form=tarfile.GNU_FORMAT)
    )
    assert found.wrong == ()
    assert [one.name for one in found.members] == ["lab-1", "lab-1/a"]


@pytest.mark.parametrize("name", ["x" * 101, f"{'d' * 156}/f", "lab-1/テスト"])
def test_a_name_that_the_format_has_no_room_for(name: str) -> None:
    with pytest.raises(ValueError, match=r"name|ascii"):
        ustar.write([Member(name, 0o644, b"")])


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (info("/etc/cron.d/x"), "an absolute name"),
        (info("lab-1/../../x"), "`..` in its name"),
        (info(".."), "`..` in its name"),
        (info("./lab-1/x"), "not written in the plain way"),
        (info("lab-1/\N{HIRAGANA LETTER A}"), "its name has other signs"),
        (info("lab-1/x\n"), "its name has other signs"),
        (info("lab-1/\\xff"), "its name has other signs"),
        (info("lab-1//x"), "not written in the plain way"),
        (info("lab-1/x", tarfile.SYMTYPE), "a symbolic link"),
        (info("lab-1/x", tarfile.LNKTYPE), "a hard link"),
        (info("lab-1/x", tarfile.CHRTYPE), "a character device"),
        (info("lab-1/x", tarfile.BLKTYPE), "a block device"),
        (info("lab-1/x", tarfile.FIFOTYPE), "a FIFO"),
        (info("lab-1/x", tarfile.GNUTYPE_SPARSE), "a sparse file"),
        (info("lab-1/x", b"V"), "a member of an unknown kind"),
        (info("lab-1/x", mode=0o4755), "its mode 4755"),
    ],
)
def test_a_hostile_member_is_told_and_not_handed_on(entry: tarfile.TarInfo, message: str) -> None:
    found = ustar.read(made((info("lab-1/good"), b""), (entry, b"")))
    assert [message in fault for _, fault in found.wrong] == [True]
    assert [one.name for one in found.members] == ["lab-1/good"]


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_a_header_that_tars_read_differently(form: int) -> None:
    found = ustar.read(made((info(f"lab-1/{'x' * 200}"), b""), form=form))
    assert "bundle has files and folders alone" in found.wrong[0][1]


def test_a_name_that_comes_twice() -> None:
    found = ustar.read(made((info("lab-1/x"), b"good"), (info("lab-1/x"), b"bad")))
    assert found.wrong == (("lab-1/x", "it is in the archive twice"),)


def test_too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ustar, "MEMBERS", 3)
    found = ustar.read(ustar.write(Member(f"lab-1/{number}", 0o644, b"") for number in range(4)))
    assert found.wrong == (("", "it has over 3 members, which no bundle has"),)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda data: b"", "cut short"),
        (lambda data: b"nonsense" * 1280, "not a tar archive"),
        (lambda data: data[:1024], "cut short"),
        (lambda data: data[:100] + b"9" + data[101:], "not a tar archive"),
        (lambda data: data + data, "something follows"),
        (lambda data: sized(data, b"77777777777\0"), "8589934591 bytes are announced"),
        (lambda data: sized(data, b"\x80" + bytes(10) + b"\x01"), "a number in the header"),
        (lambda data: sized(data, b"-0000000001\0"), "a number in the header"),
    ],
)
def test_a_damaged_archive(spoil, message: str) -> None:
    found = ustar.read(spoil(ustar.write([Member("lab-1/x", 0o644, b"x" * 600)])))
    assert message in found.wrong[-1][1]


def sized(data: bytes, size: bytes) -> bytes:
    """The archive with another size in its first header, and the sum that belongs to it."""
    head = data[:124] + size + data[136:148] + b" " * 8 + data[156:512]
    return head[:148] + b"%06o\0 " % sum(head) + head[156:] + data[512:]
