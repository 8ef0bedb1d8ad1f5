"""`osp-compile pack`: packs a bundle into one file for a ticket; the same bundle gives the same bytes anywhere."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from osp_compile.bundle.sums import SIGNATURE, SUMS
from osp_compile.diagnostics import Diagnostic, RefusedError, has_errors
from osp_compile.ticket import signature, ustar
from osp_compile.ticket.gzip_text import compress
from osp_compile.ticket.opened import Opened, open_bundle
from osp_compile.ticket.signature import Signature
from osp_compile.ticket.unpacking import bad_archive


@dataclass(frozen=True)
class Packed:
    """The result of `pack`; `path` is None if there are errors and nothing was written. `sha256` is the archive's."""

    diagnostics: tuple[Diagnostic, ...]
    path: Path | None = None
    sha256: str = ""
    digest: str = ""
    signature: Signature = signature.NONE
    sections: tuple[str, ...] = ()


def pack(bundle: Path, output: Path | None, key: str | None = None) -> Packed:
    """Packs the folder `bundle` into `output`, or into <site>-<change>.tar.gz next to it; with `key`, signs it first.

    It is not packed if it differs from its sums, holds other files, or has a signature that is not good.
    """
    if bundle.is_file():
        return Packed((bad_archive(bundle, "packed already, or not the folder of a bundle"),))
    opened = open_bundle(bundle)
    if opened.facts is None:
        return Packed(opened.diagnostics)
    target = output or bundle.resolve().parent / f"{opened.facts.site}-{opened.facts.change}.tar.gz"
    _check_place(target, bundle)
    signed = signature.sign(opened.files[SUMS], key) if key else opened.signature
    found = signature.check(opened.files[SUMS], signed)
    told = (*opened.diagnostics, *signature.diagnostics(bundle, found, opened.facts.signers))
    if has_errors(told):
        return Packed(told)
    if key and signed:
        _write(bundle / SIGNATURE, signed)
    data = archive_of(opened, signed)
    _write(target, data)
    return Packed(told, target, hashlib.sha256(data).hexdigest(), opened.digest, found, opened.facts.sections)


def archive_of(opened: Opened, signed: bytes | None) -> bytes:
    """The bytes of the archive: one folder of the site's name, with the modes that a bundle has."""
    if opened.facts is None:
        raise ValueError("a bundle that is not whole cannot be packed")
    files = {**opened.files, **({SIGNATURE: signed} if signed else {})}
    root = opened.facts.site
    members = [ustar.Member(f"{root}/{name}", _mode(data), data) for name, data in files.items()]
    members += [ustar.Member(name, 0o755, None) for name in {root, *(f"{root}/{name}" for name in _folders(files))}]
    try:
        return compress(ustar.write(sorted(members, key=lambda member: member.name)))
    except ValueError as problem:  # a bundle from elsewhere may have names that ustar cannot hold
        raise RefusedError(f"{opened.place} cannot be packed: {problem}") from problem


def _mode(data: bytes) -> int:
    """The mode of a file, by its content: a folder copied through a ticket or a share may have lost its modes."""
    return 0o755 if data.startswith(b"#!") else 0o644


def _folders(names: Iterable[str]) -> set[str]:
    return {str(folder) for name in names for folder in PurePosixPath(name).parents if str(folder) != "."}


def _check_place(target: Path, bundle: Path) -> None:
    if target.is_dir():
        raise RefusedError(f"{target} is a folder; name the archive itself with -o")
    if target.exists() and not target.is_file():
        # a file put in its place would take a device or a pipe away from everybody
        raise RefusedError(f"{target} is not a regular file, and is not replaced; name the archive with -o")
    if not target.parent.is_dir():
        raise RefusedError(f"{target.parent} is not a folder; make it, or choose another place with -o")
    if target.resolve().is_relative_to(bundle.resolve()):
        raise RefusedError(f"{target} would lie in the bundle that it is made of; choose another place with -o")


def _write(target: Path, data: bytes) -> None:
    """Writes the file whole, or leaves it unchanged."""
    descriptor, name = tempfile.mkstemp(prefix=".osp-compile-", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), 0o644)
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
