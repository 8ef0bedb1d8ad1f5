"""The archive of a bundle read into memory, by the same rules for every command; nothing of it is ever unpacked.

Whatever differs from what `osp-compile pack` or a plain `tar czf` writes is told, and then nothing of it is handed on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from osp_compile.diagnostics import Diagnostic, Span, error, quoted
from osp_compile.ticket import ustar
from osp_compile.ticket.gzip_text import BadArchiveError, decompress

MOST = 64 << 20  # bytes of a bundle, packed or unpacked; one of a thousand nodes has a tenth of it
GZIP = b"\x1f\x8b"
TAR_AT, TAR = 257, b"ustar"
ENDS = (".tar", ".tar.gz", ".tgz")


@dataclass(frozen=True)
class Unpacked:
    """`files` is {path in the archive's only folder: content}, none where `diagnostics` say what is wrong.

    `sha256` is that of the archive.
    """

    diagnostics: tuple[Diagnostic, ...]
    folder: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    sha256: str = ""


def is_archive(path: Path) -> bool:
    """Whether a file begins as a tar archive does, compressed by gzip or not, or is named like one."""
    with path.open("rb") as file:
        begins = file.read(TAR_AT + len(TAR))
    return path.name.endswith(ENDS) or begins.startswith(GZIP) or begins[TAR_AT:] == TAR


def unpack(place: Path) -> Unpacked:
    """What the file `place` holds, a tar archive with or without gzip around it."""
    with place.open("rb") as file:
        packed = file.read(MOST + 1)
    if len(packed) > MOST:
        return Unpacked((bad_archive(place, f"it has over {MOST >> 20} MB, which no bundle has"),))
    try:
        found = ustar.read(_tar_of(packed))
    except BadArchiveError as problem:
        return Unpacked((bad_archive(place, str(problem)),))
    wrong = found.wrong or tuple(_misplaced(found.members))
    if wrong:
        return Unpacked(
            tuple(bad_archive(place, f"{quoted(name)}: {fault}" if name else fault) for name, fault in wrong)
        )
    files = {member.name.partition("/")[2]: member.data for member in found.members if member.data is not None}
    return Unpacked((), found.members[0].name.partition("/")[0], files, hashlib.sha256(packed).hexdigest())


def _tar_of(packed: bytes) -> bytes:
    """The tar archive without the gzip around it; BadArchiveError for what is neither."""
    is_tar = packed[TAR_AT : TAR_AT + len(TAR)] == TAR and not packed.startswith(GZIP)
    return packed if is_tar else decompress(packed, MOST)


def _misplaced(members: tuple[ustar.Member, ...]) -> Iterator[tuple[str, str]]:
    """(name, what is wrong): where the files lie, which no tar objects to."""
    names = [member.name for member in members]
    files = {member.name for member in members if member.data is not None}
    if len({name.partition("/")[0] for name in names}) != 1 or not all("/" in name for name in files):
        yield "", "its files do not lie in one folder of the site's name"
    for name in names:
        if above := _file_above(name, files):
            yield name, f"it lies in {quoted(above)}, which is a file"


def _file_above(name: str, files: Container[str]) -> str | None:
    """The file that lies where this path needs a folder: `a` or `a/b` of `a/b/c`."""
    folders = accumulate(name.split("/")[:-1], "{}/{}".format)
    return next((folder for folder in folders if folder in files), None)


def misnamed(place: Path, folder: str, site: str) -> Diagnostic | None:
    """What is wrong with an archive whose `folder` should have the name of the bundle's `site`; None if it has."""
    if folder == site:
        return None
    return bad_archive(place, f"its folder is {quoted(folder)}, and its site {quoted(site)}")


def bad_archive(place: Path, message: str) -> Diagnostic:
    """The error of an archive that is not to be trusted."""
    help = "get it again from whoever packed it, by `osp-compile pack`; unpack nothing of this one"
    return error("bad-archive", message, Span(str(place), 0, 0, 0), help)
