"""`osp-compile verify`: checks that a bundle, in a folder or an archive, is as compiled and signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from osp_compile.bundle.sums import SUMS
from osp_compile.diagnostics import Diagnostic, has_errors
from osp_compile.ticket import signature
from osp_compile.ticket.opened import Facts, Opened, open_bundle
from osp_compile.ticket.signature import Signature


@dataclass(frozen=True)
class Verdict:
    """The result of `verify`: `data` for JSON, `lines` for people; both are empty for a modified bundle."""

    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    data: Mapping[str, object]
    lines: tuple[str, ...] = ()


def judge(place: Path, keyring: Path | None = None) -> Verdict:
    """Judges the bundle at `place` and its signature, with the keys in `keyring` or in the user's own keyring."""
    opened = open_bundle(place)
    if opened.facts is None or has_errors(opened.diagnostics):
        return Verdict(False, opened.diagnostics, {"ok": False})
    found = signature.check(opened.files[SUMS], opened.signature, keyring)
    told = (*opened.diagnostics, *signature.diagnostics(place, found, opened.facts.signers, keyring))
    if has_errors(told):
        return Verdict(False, told, {"ok": False, **_named(opened, opened.facts), "signature": found.data})
    return Verdict(True, told, {"ok": True, **_data(opened, opened.facts, found)}, _lines(opened, opened.facts, found))


def _data(opened: Opened, facts: Facts, found: Signature) -> dict[str, object]:
    return {
        **_named(opened, facts), "site": facts.site, "change": facts.change, "format": facts.format,
        "compiler": {"name": facts.compiler, "version": facts.version}, "archive_sha256": opened.archive,
        "signature": found.data,
    }  # fmt: skip


def _named(opened: Opened, facts: Facts) -> dict[str, object]:
    return {"digest": opened.digest, "sections": list(facts.sections)}


def _lines(opened: Opened, facts: Facts, found: Signature) -> tuple[str, ...]:
    compiler = f"{facts.compiler} {facts.version}" if facts.compiler else "a compiler that did not say its version"
    return (
        f"{opened.place} is unmodified",
        f"digest     {opened.digest}",
        *((f"archive    sha256 {opened.archive}",) if opened.archive else ()),
        f"site       {facts.site}, change {facts.change}",
        f"compiled   by {compiler}, bundle format {facts.format}",
        f"signature  {found.words}",
    )
