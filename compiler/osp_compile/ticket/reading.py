"""Reads a bundle as data from its folder, from an archive, or from a spec, which is compiled in memory."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from osp_compile.assets import STANDARD_INPUT
from osp_compile.bundle.sums import SIGNATURE, SUMS
from osp_compile.diagnostics import Diagnostic, RefusedError
from osp_compile.ticket.facts import Facts, read_facts
from osp_compile.ticket.unpacking import MOST, is_archive, misnamed, unpack
from osp_compile.ticket.ustar import MEMBERS

MARK = "manifest.json"
BESIDE = (SUMS, SIGNATURE)  # made from the sums, which therefore do not list them

Kind = Literal["folder", "archive", "spec"]


@dataclass(frozen=True)
class Bundle:
    """A bundle's `files` are {path: content}; `digest` is the sha256 of its sums in hex, "" without sums.

    `faults` are (path, how it differs from the sums: changed, missing or added); with a path of "" it is about the
    manifest, and says what is wrong with it.
    """

    source: str
    kind: Kind
    digest: str
    files: Mapping[str, bytes]
    facts: Facts
    faults: tuple[tuple[str, str], ...] = ()

    def text(self, path: str) -> str:
        return self.files.get(path, b"").decode("utf-8", "replace")


class UnreadableError(RefusedError):
    """A spec that does not compile, or an archive that is not to be trusted; `diagnostics` say why."""

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(f"{message}, so there is nothing to compare")
        self.diagnostics = diagnostics


def read(path: Path) -> Bundle:
    """The bundle at `path`; RefusedError where there is none, UnreadableError where it has errors."""
    if path.is_dir():
        return _read(path, "folder", dict(_of_folder(path)))
    if path == STANDARD_INPUT:
        return _read(path, "spec", _compiled(path))
    if not path.exists():
        raise RefusedError(f"{path}: no such file or folder; name a bundle's folder, an archive of one, or a spec")
    if not path.is_file():
        raise RefusedError(f"{path} is not a file or folder; name a bundle's folder, an archive of one, or a spec")
    if is_archive(path):
        return _of_archive(path)
    return _read(path, "spec", _compiled(path))


def _read(path: Path, kind: Kind, files: Mapping[str, bytes]) -> Bundle:
    if SUMS not in files and MARK not in files:
        raise RefusedError(f"{path} is not a bundle: it has neither {SUMS} nor {MARK}")
    facts = read_facts(files.get(MARK))
    sums = files.get(SUMS)
    faults = (*(("", fault) for fault in facts.faults), *_differing(files))
    return Bundle(str(path), kind, hashlib.sha256(sums).hexdigest() if sums else "", files, facts, faults)


def _of_archive(path: Path) -> Bundle:
    found = unpack(path)
    if found.diagnostics:
        raise UnreadableError(f"{path} is not an archive of a bundle", found.diagnostics)
    bundle = _read(path, "archive", found.files)
    site = bundle.facts.said("name")
    if site and (fault := misnamed(path, found.folder, site)):
        raise UnreadableError(f"{path} is not an archive of a bundle", (fault,))
    return bundle


def _compiled(spec: Path) -> dict[str, bytes]:
    # reading a bundle needs neither the templates nor the modules that read them
    from osp_compile.bundle.on_disk import sums_of
    from osp_compile.pipeline import render_site

    files, diagnostics = render_site(spec)
    if not files:
        raise UnreadableError(f"{spec} does not compile", diagnostics)
    found = {file.path: file.text.encode() for file in files}
    return {**found, SUMS: sums_of(found).encode()}


def _of_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    """(path, content) of each regular file; links are skipped, and so are missing when compared with the sums."""
    left = MOST
    for number, path in enumerate(_plain(folder)):
        left -= path.stat().st_size
        if number >= MEMBERS or left < 0:
            raise RefusedError(f"{folder} is not a bundle: it holds more, or larger files, than one has")
        yield str(path.relative_to(folder)), path.read_bytes()


def _plain(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        paths = (Path(place) / name for name in names)
        yield from (path for path in paths if path.is_file() and not path.is_symlink())


def _differing(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """(path, changed, missing or added) of each file that differs from SHA256SUMS of the same bundle."""
    if SUMS not in files:
        yield SUMS, "missing"
        return
    listed = {}
    for line in files[SUMS].decode("utf-8", "replace").splitlines():
        checksum, _, name = line.partition("  ")
        listed[name or line] = checksum
    for name in sorted({*listed, *files} - {*BESIDE}):
        if name not in files:
            yield name, "missing"
        elif name not in listed:
            yield name, "added"
        elif hashlib.sha256(files[name]).hexdigest() != listed[name]:
            yield name, "changed"
