"""A section that is being written is tried again in a rehearsal that was kept: the sections before it are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from osp_compile.bundle.on_disk import digest
from osp_compile.diagnostics import RefusedError, render_text
from osp_compile.rehearsal import stage
from osp_compile.rehearsal.command import get_bundle, scripts_of
from osp_compile.rehearsal.steps import records_of
from osp_compile.rehearsal.trials import Rehearsal


def again(folder: Path, section: str) -> int:
    """Plays the section's first run with the scripts as they are now, and its second: 0 if both passed.

    Else 1, with a line on standard output for each thing that is wrong. RefusedError where nothing can be played.
    """
    compile_again(Rehearsal.load(folder), section)
    return stage.play(folder, "first", section) or stage.play(folder, "second", section)


def compile_again(rehearsal: Rehearsal, section: str) -> None:
    """Puts the bundle that the spec makes now into the rehearsal, up to this section; every kept world approves it."""
    if not rehearsal.spec:
        raise RefusedError(f"{rehearsal.folder} is the rehearsal of a bundle: keep one of SITE.yaml")
    bundle, diagnostics = get_bundle(Path(rehearsal.spec), rehearsal.folder)
    if bundle is None:
        raise RefusedError(render_text(diagnostics).rstrip())
    rehearsal = replace(rehearsal, bundle=bundle.absolute(), scripts=scripts_of(bundle, (section,)))
    before = rehearsal.before(section)
    if not before.is_dir():
        raise RefusedError(f"the site was not kept as {section} finds it: {before} is not there")
    rehearsal.save()
    wanted = digest(bundle)
    for world in rehearsal.folder.glob("worlds/*"):
        for approved in records_of(world).glob("*/*/approved"):
            approved.write_text(f"{wanted}\n", "utf-8")
