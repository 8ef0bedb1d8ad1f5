"""SHA256SUMS: the files that a bundle lists, and what differs from that list, in a folder or in an archive."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from osp_compile.diagnostics import Diagnostic, Span, error

SUMS = "SHA256SUMS"
# The signature of SHA256SUMS: it is not listed there, so the digest is the same with and without it.
SIGNATURE = "SHA256SUMS.asc"
AGAIN = "compile it again"


def at(path: Path, message: str, help: str) -> Diagnostic:
    return error("bundle-differs", message, Span(str(path), 0, 0, 0), help)


def differences(
    bundle: Path, sums: str, names: Iterable[str], sha256_of: Callable[[str], str | None]
) -> Iterator[Diagnostic]:
    """Changed, missing and added files of the bundle shown as `bundle`, which has the files `names` beside its sums.

    `sha256_of` gives the sum of a file in hex, None where there is no such file, or something else of its name.
    """
    listed: dict[str, str] = {}
    for number, line in enumerate(sums.splitlines(), 1):
        checksum, _, name = line.partition("  ")
        if len(checksum) != 64 or not name or name.startswith("/") or ".." in PurePosixPath(name).parts:
            yield error(
                "bad-sums",
                "not a line with a checksum and a file name",
                Span(str(bundle / SUMS), number, 1, len(line) or 1, line),
                AGAIN,
            )
        else:
            listed[name] = checksum
    there = sorted(names)
    yield from _changed(bundle, listed, there, sha256_of)
    for name in there:
        if name not in listed and name not in (SUMS, SIGNATURE):
            yield at(bundle / name, "not part of the bundle", "move it out of the bundle's folder")


def _changed(
    bundle: Path, listed: Mapping[str, str], there: Container[str], sha256_of: Callable[[str], str | None]
) -> Iterator[Diagnostic]:
    help = "compile it again; never edit a bundle by hand"
    for name, checksum in listed.items():
        found = sha256_of(name)
        if found is None:
            yield at(bundle / name, "not a regular file" if name in there else "missing from the bundle", help)
        elif found != checksum:
            yield at(bundle / name, "modified since it was compiled", help)
