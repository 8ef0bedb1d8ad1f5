"""Reads a bundle from its folder or archive: its files, its manifest's facts, and what is wrong with it.

Nothing is written, and only files that match SHA256SUMS are included.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from osp_compile.bundle import on_disk
from osp_compile.bundle.sums import AGAIN, SIGNATURE, SUMS, at, differences
from osp_compile.diagnostics import Diagnostic, RefusedError, has_errors
from osp_compile.ticket.unpacking import MOST, misnamed, unpack

MANIFEST = "manifest.json"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}")
FINGERPRINT = re.compile(r"[0-9A-F]{40}")


@dataclass(frozen=True)
class Facts:
    """The facts in manifest.json; `compiler` and `version` are None if its compiler did not record them."""

    site: str
    change: str
    format: int
    compiler: str | None
    version: str | None
    signers: tuple[str, ...]
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Opened:
    """An opened bundle; `files` are by name, with SHA256SUMS; `facts` is None if `diagnostics` hold an error.

    `archive` is the sha256 of the archive that it was read from.
    """

    place: Path
    diagnostics: tuple[Diagnostic, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    signature: bytes | None = None
    facts: Facts | None = None
    archive: str | None = None

    @property
    def digest(self) -> str:
        """The bundle's name on the ticket."""
        return _sha256(self.files[SUMS])


def open_bundle(place: Path) -> Opened:
    """The bundle in the folder or archive `place`, compared with its own sums."""
    if place.is_file():
        return _open_archive(place)
    fault = on_disk.no_bundle(place)
    if fault:
        return Opened(place, (fault,))
    names = [*on_disk.names(place)]
    files = {name: (place / name).read_bytes() for name in _listed(place, names)}
    return _proved(place, files, names)


def _listed(place: Path, names: list[str]) -> Iterator[str]:
    """The files to read; for a file that is not listed in the sums, the name is enough."""
    vouched = {line.partition("  ")[2] for line in (place / SUMS).read_text("utf-8", "replace").splitlines()}
    size = 0
    for name in names:
        if name in (SUMS, SIGNATURE) or (name in vouched and on_disk.is_file(place / name)):
            size += (place / name).stat().st_size
            if size > MOST:
                raise RefusedError(f"{place} has over {MOST >> 20} MB in the files of its SHA256SUMS; no bundle has")
            yield name


def _open_archive(place: Path) -> Opened:
    found = unpack(place)
    if found.diagnostics:
        return Opened(place, found.diagnostics)
    if SUMS not in found.files:
        return Opened(place, (at(place / SUMS, "not a bundle: it has no SHA256SUMS", AGAIN),))
    opened = _proved(place, found.files, [*found.files], found.sha256)
    fault = opened.facts and misnamed(place, found.folder, opened.facts.site)
    return Opened(place, (*opened.diagnostics, fault)) if fault else opened


def _proved(place: Path, files: Mapping[str, bytes], names: list[str], archive: str | None = None) -> Opened:
    """The bundle with these contents, compared with its sums; `names` has every file, read or not."""

    def sha256_of(name: str) -> str | None:
        return _sha256(files[name]) if name in files else None

    sums = files[SUMS].decode("utf-8", "replace")
    found = tuple(differences(place, sums, names, sha256_of))
    if has_errors(found):
        return Opened(place, found)
    facts = _facts(files.get(MANIFEST, b""))
    if facts is None:
        return Opened(place, (at(place / MANIFEST, "not a manifest as osp-compile writes it", AGAIN),))
    proved = {name: data for name, data in files.items() if name != SIGNATURE}
    return Opened(place, found, proved, files.get(SIGNATURE), facts, archive)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; ValueError for a key that is there twice, of which each reader would take another."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _is_no_number(word: str) -> NoReturn:
    """ValueError for NaN and Infinity, which JSON does not have."""
    raise ValueError(word)


def _facts(manifest: bytes) -> Facts | None:
    """The facts of the manifest; None if any part of it is not what a compiler writes."""
    try:
        document = json.loads(manifest, object_pairs_hook=_once, parse_constant=_is_no_number)
        site, compiler = document["site"], document.get("compiler", {})
        facts = Facts(
            _is(NAME, site["name"]), _is(NAME, site["change"]), _number(document["format"]),
            _is(WORD, compiler["name"]) if compiler else None, _is(WORD, compiler["version"]) if compiler else None,
            tuple(_is(FINGERPRINT, one) for one in site.get("require_signature", ())),
            tuple(_is(WORD, section["id"]) for section in document.get("sections", ())),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return facts


def _is(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(value)
    return value


def _number(value: Any) -> int:
    if type(value) is not int or not 0 < value < 1000:
        raise ValueError(value)
    return value


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
