"""Compares a spec with what a site has today, for the day before the change window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from osp_compile.diagnostics import Diagnostic, has_errors, warning
from osp_compile.importing import text, updating
from osp_compile.importing.command import Wish, import_site
from osp_compile.importing.draft import Draft

DRIFT = "drift"
HELP = "bring the spec up to date (`osp-compile import --from FILE --update SITE.yaml`) or the site, and compile again"
# Diagnostics of an import about parts of a site that are not compared here.
OF_AN_IMPORT = frozenset({"no-change", "no-servers"})


def drift(spec: Path, collected: Path) -> tuple[Diagnostic, ...]:
    """One error for each difference between the spec and the collection (made by the script of `import --commands`)."""
    found = import_site(Wish(collected=collected))
    if found.draft is None:
        return found.diagnostics
    old = text.read(spec)
    if isinstance(old, Diagnostic):
        return (old,)
    _, changes = updating.update(old, found.draft)
    if has_errors(changes):
        return tuple(changes)
    doubts = [one for one in found.diagnostics if one.code not in OF_AN_IMPORT]
    return (*doubts, *_missing(found.draft, old), *map(_as_drift, (one for one in changes if _differs(one))))


def _differs(change: Diagnostic) -> bool:
    return change.code == updating.UPDATED


def _as_drift(change: Diagnostic) -> Diagnostic:
    return replace(change, code=DRIFT, severity="error", help=HELP)


def _missing(draft: Draft, old: text.Text) -> Iterator[Diagnostic]:
    """A diagnostic for each part that the collection lacks and that therefore cannot be compared."""
    if not draft.nodes:
        yield warning(DRIFT, "the collection has no servers: the nodes were not compared", old.whole())
    if not draft.has_deploy:
        yield warning(
            DRIFT, "the collection has no deploy command: `env_files` and `deploy` were not compared", old.whole()
        )
