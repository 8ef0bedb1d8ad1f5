"""Reads a tar archive of a bundle into memory; nothing is unpacked to disk, and nothing in it is trusted."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from osp_compile.diagnostics import RefusedError, quoted

FILES, LARGEST, ALL = 10_000, 32 << 20, 128 << 20  # the most files, bytes of one file, and bytes of all files
GZIP = b"\x1f\x8b"
TAR_AT, TAR = 257, b"ustar"


class _Limited(io.RawIOBase):
    """A compressed stream, read up to a limit: a small archive may unpack to more than the machine has."""

    def __init__(self, source: io.BufferedIOBase, limit: int) -> None:
        self._source, self._left = source, limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader hands over
        data = self._source.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise RefusedError(f"it unpacks to more than {ALL >> 20} MiB")
        buffer[: len(data)] = data
        return len(data)


def is_archive(path: Path) -> bool:
    """Whether a file begins as a tar archive does, compressed by gzip or not."""
    with path.open("rb") as file:
        begins = file.read(TAR_AT + len(TAR))
    return begins.startswith(GZIP) or begins[TAR_AT:] == TAR


def unpacked(path: Path) -> dict[str, bytes]:
    """{path in the bundle: content} of the archive's single top folder; RefusedError for any other archive.

    Links, devices, files outside the folder, duplicate files and too many bytes are refused.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP
            raw.seek(0)
            stream = io.BufferedReader(_Limited(gzip.GzipFile(fileobj=raw) if packed else raw, ALL), 1 << 16)
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                files = _files(archive)
            # gzip's own checksum is at the end
            while stream.read(1 << 16):
                pass
    except RefusedError as problem:
        raise RefusedError(f"{path} is not an archive of a bundle: {problem}") from problem
    except (tarfile.TarError, EOFError, OSError, zlib.error, ValueError, OverflowError, RecursionError) as problem:
        raise RefusedError(f"{path} is not an archive of a bundle: it is damaged ({problem})") from problem
    return files


def _files(archive: tarfile.TarFile) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    tops: set[str] = set()
    for member in _regular(archive):
        top, _, name = member.name.removeprefix("./").partition("/")
        tops.add(top)
        if len(tops) > 1:
            raise RefusedError(f"it has more than one top folder: {', '.join(map(quoted, sorted(tops)))}")
        if not name or name in found:
            raise RefusedError(f"{quoted(member.name)} {'comes twice' if name else 'lies beside its top folder'}")
        data = archive.extractfile(member)
        found[name] = data.read() if data else b""
    if not found:
        raise RefusedError("it holds no file")
    return found


def _regular(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """The archive's files in order; each is checked to be a regular file before it is read."""
    for number, member in enumerate(archive):
        if number >= FILES:
            raise RefusedError(f"it has more than {FILES} members")
        words = member.name.split("/")
        if member.name.startswith("/") or ".." in words or "" in words or not member.name.isprintable():
            raise RefusedError(f"{quoted(member.name)} is not a path in a bundle")
        if member.isdir():
            continue
        if not member.isreg() or member.issparse():
            raise RefusedError(f"{quoted(member.name)} is not a plain file")
        if member.size > LARGEST:
            raise RefusedError(f"{quoted(member.name)} is larger than {LARGEST >> 20} MiB")
        yield member
