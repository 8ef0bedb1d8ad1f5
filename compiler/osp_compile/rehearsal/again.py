"""A section that is being written is tried again in a rehearsal that was kept: the sections before it are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from osp_compile.bundle.on_disk import digest
from osp_compile.diagnostics import RefusedError, render_text
from osp_compile.rehearsal import stage
from osp_compile.rehearsal.command import get_bundle, scripts_of
from osp_compile.rehearsal.steps import records_of
from osp_compile.rehearsal.trials import Plan


def again(folder: Path, section: str) -> int:
    """Plays the section's first run with the scripts as they are now, and its second: 0 if both passed.

    Else 1, with a line on standard output for each thing that is wrong. RefusedError where nothing can be played.
    """
    compile_again(Plan.load(folder), section)
    return stage.play(folder, "first", section) or stage.play(folder, "second", section)


def compile_again(plan: Plan, section: str) -> None:
    """Puts the bundle that the spec makes now into the rehearsal, up to this section; every kept world approves it."""
    if not plan.spec:
        raise RefusedError(f"{plan.folder} is the rehearsal of a bundle: keep one of SITE.yaml")
    bundle, diagnostics = get_bundle(Path(plan.spec), plan.folder)
    if bundle is None:
        raise RefusedError(render_text(diagnostics).rstrip())
    plan = replace(plan, bundle=bundle.absolute(), scripts=scripts_of(bundle, (section,)))
    before = plan.before(section)
    if not before.is_dir():
        raise RefusedError(f"the site was not kept as {section} finds it: {before} is not there")
    plan.save()
    wanted = digest(bundle)
    for world in plan.folder.glob("worlds/*"):
        for approved in records_of(world).glob("*/*/approved"):
            approved.write_text(f"{wanted}\n", "utf-8")
