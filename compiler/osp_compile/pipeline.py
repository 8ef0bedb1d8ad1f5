"""Takes a spec through all stages; nothing is written unless every stage has passed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from osp_compile.assets import TEMPLATES
from osp_compile.bundle import on_disk
from osp_compile.bundle.render import File, render
from osp_compile.diagnostics import Diagnostic, has_errors
from osp_compile.guide.faults import fault
from osp_compile.guide.model import Section, known_steps
from osp_compile.guide.plan import Plan, make_plan
from osp_compile.guide.reader import read_sections
from osp_compile.guide.texts import texts_of
from osp_compile.lint.checking import lint, syntax
from osp_compile.lint.memory import Memory
from osp_compile.lint.rules import said
from osp_compile.lint.word_list import refused
from osp_compile.shell.quoting import STAND_INS
from osp_compile.spec import loading
from osp_compile.spec.model import Language, Site

# What is added to the files of a bundle before they are checked and written.
Added = Callable[[tuple[File, ...]], tuple[File, ...]]


@dataclass(frozen=True)
class CompileResult:
    """The result of `compile_site`; `path` and `digest` are None if there are errors and nothing was written."""

    diagnostics: tuple[Diagnostic, ...]
    path: Path | None = None
    digest: str | None = None
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Examined:
    """The diagnostics of a spec, and the ids of the sections that its site needs; none if it has errors."""

    diagnostics: tuple[Diagnostic, ...]
    sections: tuple[str, ...] = ()


def check_site(spec: Path, templates: Path = TEMPLATES) -> tuple[Diagnostic, ...]:
    """Everything wrong with a spec."""
    return examine(spec, templates).diagnostics


def examine(spec: Path, templates: Path = TEMPLATES, against: Path | None = None) -> Examined:
    """Checks a spec as `check` does; with `against`, a collection of the site, also for differences from the site."""
    sections, site, diagnostics = _read(spec, templates)
    if against:
        # none of it is needed to compile
        from osp_compile.importing.drift import drift

        diagnostics = (*diagnostics, *drift(spec, against))
    return Examined(diagnostics, _ids(make_plan(site, sections)) if site else ())


def _read(spec: Path, templates: Path) -> tuple[tuple[Section, ...], Site | None, tuple[Diagnostic, ...]]:
    """The sections and the site, with everything that is wrong with either; no site if anything is."""
    sections, faults = read_sections(templates)
    # a section that could not be read may have the step that a waiver names
    site, found = loading.load(spec, frozenset() if faults else known_steps(sections))
    return sections, None if faults else site, (*faults, *found)


def _ids(plan: Plan) -> tuple[str, ...]:
    return tuple(section.id for section in plan.sections)


def compile_site(
    spec: Path,
    out: Path,
    language: Language | None = None,
    templates: Path = TEMPLATES,
    memory: Memory | None = None,
    *,
    linted: bool = True,
    paged: bool = True,
    added: Added | None = None,
) -> CompileResult:
    """Compiles `spec` into out/<site name>/, or says why not. `added` is what adds to the files before they are checked
    and written (ticket/since.py).

    A bundle that nobody receives, such as that of a world's own site, needs neither the lint nor the page.
    """
    sections, site, diagnostics = _read(spec, templates)
    if site is None or has_errors(diagnostics):
        return CompileResult(diagnostics)
    site = replace(site, language=language or site.language)
    plan = make_plan(site, sections)
    target = out / site.name
    on_disk.check_place(target)
    files = render(plan, templates, paged=paged)
    files = added(files) if added else files
    with on_disk.staged(files, out, site.name) as stage:
        findings = (_words(plan.sections) or _lint(plan, templates, files, stage, memory)) if linted else ()
        if findings:
            return CompileResult((*diagnostics, *findings))
        digest = on_disk.digest(stage)
        on_disk.publish(stage, target)
    return CompileResult(diagnostics, target, digest, _ids(plan))


def render_site(spec: Path, templates: Path = TEMPLATES) -> tuple[tuple[File, ...], tuple[Diagnostic, ...]]:
    """The files that `spec` would be compiled to, without writing them; none if it has an error."""
    sections, site, diagnostics = _read(spec, templates)
    if site is None or has_errors(diagnostics):
        return (), diagnostics
    return render(make_plan(site, sections), templates), diagnostics


@dataclass(frozen=True)
class ImportResult:
    """The result of `import_spec`; `path` is None if the input was refused and nothing was written.

    `sections` are those that the site needs; none if the spec has errors.
    """

    diagnostics: tuple[Diagnostic, ...]
    path: Path | None = None
    nodes: int = 0
    files: int = 0
    sections: tuple[str, ...] = ()


def import_spec(
    output: Path,
    force: bool = False,
    update: Path | None = None,
    user: str = "stack",
    home: str | None = None,
    directory: str | None = None,
    script_path: str | None = None,
    **given: Any,
) -> ImportResult:
    """Writes the spec made of `given` (the fields of importing.command.Wish) to `output`, and checks it.

    If the input is refused, or `output` may not be replaced, nothing is written.
    """
    # none of it is needed to compile
    from osp_compile.importing import on_disk as place
    from osp_compile.importing import text, updating, writing
    from osp_compile.importing.bash.values import Undercloud
    from osp_compile.importing.command import Wish, import_site

    place.check_place(output, force)
    whose = Undercloud(user, home or f"/home/{user}", script_path, directory)
    found = import_site(Wish(undercloud=whose, **given))
    if found.draft is None:
        return ImportResult(found.diagnostics)
    diagnostics, made = list(found.diagnostics), None
    if update is None:
        made = writing.write(found.draft)
    else:
        old = text.read(update)
        made, changes = (None, [old]) if isinstance(old, Diagnostic) else updating.update(old, found.draft)
        diagnostics = [*(one for one in diagnostics if one.code not in {"no-change", "no-servers"}), *changes]
    if made is None:
        return ImportResult(tuple(diagnostics))
    place.write(output, made, force)
    checked = examine(output)
    return ImportResult(
        (*diagnostics, *checked.diagnostics),
        output,
        len(found.draft.nodes),
        len(found.draft.deploy.env_files),
        checked.sections,
    )


def _lint(
    plan: Plan, templates: Path, files: Iterable[File], stage: Path, memory: Memory | None
) -> tuple[Diagnostic, ...]:
    """Findings in the shell, which is checked with stand-ins for the site's values. With the real values only the
    syntax is checked: no site's folder is judged as shell.
    """
    with tempfile.TemporaryDirectory(prefix="osp-compile-") as folder:
        seen = Path(folder) / stage.name
        standing_in = render(plan, templates, STAND_INS, paged=False)
        on_disk.lay_out(standing_in, seen)
        findings = lint(seen, memory)
    texts = {file.path: file.text for file in standing_in}
    return findings or syntax(
        [stage / file.path for file in files if _is_shell(file) and file.text != texts[file.path]], stage
    )


def _words(sections: Iterable[Section]) -> tuple[Diagnostic, ...]:
    """Words to avoid in the texts of these sections' section.yaml."""
    return tuple(
        fault(section.folder / "section.yaml", said("word-list", instead), word=text)
        for section in sections
        for text in texts_of(section)
        for instead in refused(text)
    )


def _is_shell(file: File) -> bool:
    return file.path.endswith(".sh") or file.path == "runbook"
