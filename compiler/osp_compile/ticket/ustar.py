"""A tar archive of files and folders alone, in the ustar format that every tar reads (POSIX.1-1988).

It is written with fixed owner, time and modes. When reading, anything that is not a file or a folder, or whose name
leads elsewhere, is reported; nothing is written to disk. Features on which tar programs differ (extended headers,
sparse files, bytes after the end) are refused, so that every tar unpacks exactly what was checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BLOCK = 512
RECORD = 10240
# 1980-01-01: GNU tar warns of a file from 1970
MOMENT = 315532800
MAGIC = (b"ustar\x0000", b"ustar  \0")  # magic of the standard, and of GNU tar
FILE, FOLDER = b"0", b"5"
KINDS = {
    b"1": "a hard link", b"2": "a symbolic link", b"3": "a character device", b"4": "a block device", b"6": "a FIFO",
    b"x": "an extended header", b"g": "an extended header", b"L": "a GNU long name", b"K": "a GNU long link",
    b"S": "a sparse file",
}  # fmt: skip
MEMBERS = 20_000  # a bundle has a few hundred


@dataclass(frozen=True)
class Member:
    """A file, or a folder if `data` is None; `name` is its path in the archive, without a trailing slash."""

    name: str
    mode: int
    data: bytes | None


@dataclass(frozen=True)
class Found:
    """The usable members of an archive, and (name, what is wrong) of all others."""

    members: tuple[Member, ...]
    wrong: tuple[tuple[str, str], ...]


def write(members: Iterable[Member]) -> bytes:
    """The archive of `members`, in their order. ValueError for a name that ustar cannot hold."""
    out = bytearray()
    for member in members:
        data = member.data or b""
        out += _header(member, len(data)) + data + bytes(-len(data) % BLOCK)
    out += bytes(2 * BLOCK)
    return bytes(out) + bytes(-len(out) % RECORD)


def _header(member: Member, size: int) -> bytes:
    prefix, name = _parted(member.name + ("/" if member.data is None else ""))
    head = b"".join(
        (
            name.ljust(100, b"\0"), _octal(member.mode, 8), _octal(0, 8), _octal(0, 8), _octal(size, 12),
            _octal(MOMENT, 12), b" " * 8, FOLDER if member.data is None else FILE, bytes(100), MAGIC[0],
            b"root".ljust(32, b"\0"), b"root".ljust(32, b"\0"), _octal(0, 8), _octal(0, 8),
            prefix.ljust(155, b"\0"), bytes(12),
        )
    )  # fmt: skip
    return head[:148] + b"%06o\0 " % sum(head) + head[156:]


def _octal(number: int, width: int) -> bytes:
    text = b"%0*o\0" % (width - 1, number)
    if len(text) > width:
        raise ValueError(f"{number} is more than the format holds")
    return text


def _parted(name: str) -> tuple[bytes, bytes]:
    """(prefix, name) of a path: the name field holds 100 bytes, and the part before a slash may go into the prefix."""
    path = name.encode("ascii")
    if len(path) <= 100:
        return b"", path
    at = path.find(b"/", len(path) - 101)
    if not 0 < at <= 155 or at + 1 == len(path):
        raise ValueError(f"the name is too long for the format: {name}")
    return path[:at], path[at + 1 :]


class _TornError(Exception):
    """The rest of the archive cannot be read; the text says why."""


def read(data: bytes) -> Found:
    """The content of a tar archive, as far as it can be read."""
    members: list[Member] = []
    wrong: list[tuple[str, str]] = []
    seen: set[str] = set()
    try:
        for member, faults in _members(data):
            if member.name in seen:
                faults = (*faults, "it is in the archive twice")
            seen.add(member.name)
            wrong += ((member.name, fault) for fault in faults)
            if not faults:
                members.append(member)
    except _TornError as torn:
        wrong.append(("", str(torn)))
    return Found(tuple(members), tuple(wrong))


def _members(data: bytes) -> Iterator[tuple[Member, tuple[str, ...]]]:
    at = count = 0
    while True:
        head = data[at : at + BLOCK]
        if len(head) < BLOCK:
            raise _TornError("cut short: the end of the tar archive is missing")
        if not any(head):
            break
        count += 1
        if count > MEMBERS:
            raise _TornError(f"it has over {MEMBERS} members, which no bundle has")
        name, mode, size, kind = _told(head)
        at += BLOCK
        if size > len(data) - at:
            raise _TornError(f"cut short, or {size} bytes are announced that are not there")
        body = None if kind == FOLDER else data[at : at + size]
        yield Member(name.rstrip("/"), mode, body), tuple(_faults(name, mode, size, kind))
        at += size + -size % BLOCK
    if any(data[at:]):
        raise _TornError("something follows the end of the tar archive")


def _told(head: bytes) -> tuple[str, int, int, bytes]:
    """(name, mode, size, kind) of a header whose sum is right."""
    if head[257:265] not in MAGIC or _number(head[148:156]) != sum(head[:148]) + 8 * 32 + sum(head[156:]):
        raise _TornError("not a tar archive in the ustar format, or a damaged one")
    name = _text(head[:100])
    # GNU's own format uses this field for something else
    if head[257:265] == MAGIC[0] and any(head[345:500]):
        name = f"{_text(head[345:500])}/{name}"
    return name, _number(head[100:108]), _number(head[124:136]), head[156:157].replace(b"\0", FILE)


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "backslashreplace")


def _number(field: bytes) -> int:
    digits = field.strip(b"\0 ")
    if not digits or digits.strip(b"01234567"):
        raise _TornError("a number in the header of a member is not one")
    return int(digits, 8)


def _faults(name: str, mode: int, size: int, kind: bytes) -> Iterator[str]:
    if kind not in (FILE, FOLDER):
        yield f"{KINDS.get(kind, 'a member of an unknown kind')}; a bundle has files and folders alone"
    elif kind == FOLDER and size:
        yield "a folder with data"
    elif kind == FILE and name.endswith("/"):
        yield "a file with the name of a folder"
    if mode & ~0o777:
        yield f"its mode {mode:o} has more than rights to read, write and execute"
    yield from _faults_of_name(name)


def _faults_of_name(name: str) -> Iterator[str]:
    if name.startswith("/"):
        yield "an absolute name leads out of the folder where it is unpacked"
    elif ".." in name.split("/"):
        yield "`..` in its name leads out of the folder where it is unpacked"
    elif not name.isascii() or not name.isprintable() or "\\" in name:
        yield "its name has other signs than those of a bundle's files"
    elif not {"", "."}.isdisjoint(name.removesuffix("/").split("/")):
        yield "its name is not written in the plain way"
