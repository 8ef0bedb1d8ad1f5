"""From a file to a checked site: reading, schema and rules, one after the other, with everything wrong told at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from osp_compile import coerce, rules, schema, site, source
from osp_compile.errors import Diagnostic, error, has_errors, in_order, quoted
from osp_compile.model import Site
from osp_compile.tree import Source


def load(path: Path, known_steps: frozenset[str]) -> tuple[Site | None, tuple[Diagnostic, ...]]:
    """The site of the spec at `path`, or None with at least one error; warnings come with either.

    `known_steps` are the ids of the steps a waiver may name. Never raises for what a file may hold.
    """
    spec, read_problems = source.read(path)
    if spec.root is None:
        return None, read_problems
    data, null_problems = coerce.coerce(spec, schema.load())
    checked = schema.validate(data, spec)
    if not isinstance(checked.data, dict):
        return None, in_order((*read_problems, *null_problems, *checked.diagnostics))
    post_install, post_problems = _post_install(path, checked.data, spec)
    view = rules.View(checked.data, spec, checked.broken, known_steps, post_install)
    found = (*read_problems, *null_problems, *checked.diagnostics, *post_problems, *rules.check(view))
    if has_errors(found):
        return None, in_order(found)
    text = "\n".join(post_install.lines) if post_install else None
    return site.build(checked.data, text), in_order(found)


def _post_install(path: Path, data: dict[str, Any], spec: Source) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """The site's own post-install.yaml; a file that is not there is told where the spec names it."""
    nfv = data.get("nfv")
    name = nfv.get("post_install") if isinstance(nfv, dict) else None
    if not isinstance(name, str):
        return None, ()
    file, problems = source.read(path.parent / name, one_line=False)
    if file.root is None and not file.lines:
        span = spec.value(("nfv", "post_install"))
        help = problems[0].help or "the path is relative to the spec's folder"
        reason = problems[0].message
        return None, (error("post-install", f"{quoted(name)} cannot be used: {reason}", span, help),)
    return file, problems
