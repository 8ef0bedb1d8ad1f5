"""The page's file: layout, style and script of templates/_layouts/page, filled with a plan."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import jinja2

from osp_compile import __version__
from osp_compile.bundle.page.environment import FOLDER, environment, own
from osp_compile.bundle.page.view import PageView
from osp_compile.bundle.step_text import StepText
from osp_compile.bundle.values_shown import Values
from osp_compile.guide import durations
from osp_compile.guide.plan import Plan


def page(
    plan: Plan, texts: Mapping[str, StepText], values: Values, templates: Path, cache: jinja2.BytecodeCache
) -> str:
    """The text of index.html, in which everything of the site and the guide is escaped; `values` are of lib/site.sh."""
    return (
        environment(templates, cache)
        .get_template(f"{FOLDER}/index.html.j2")
        .render(
            page=PageView(plan, texts, values, templates),
            site=plan.site,
            version=__version__,
            in_words=durations.in_words,
            style=own(templates, "page.css"),
            script=own(templates, "page.js"),
        )
    )
