"""The page's file: layout, style and script of templates/_layouts/page, filled with a plan."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import jinja2
from markupsafe import Markup

from osp_compile import __version__
from osp_compile.bundle.page.view import PageView
from osp_compile.bundle.step_text import StepText
from osp_compile.guide import durations
from osp_compile.guide.plan import Plan

FOLDER = "_layouts/page"


def page(plan: Plan, texts: Mapping[str, StepText], templates: Path, cache: jinja2.BytecodeCache) -> str:
    """The text of index.html; everything of the site and the guide in it is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        undefined=jinja2.ChainableUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=cache,
    )
    return environment.get_template(f"{FOLDER}/index.html.j2").render(
        page=PageView(plan, texts, templates / "_runtime"),
        site=plan.site,
        version=__version__,
        in_words=durations.in_words,
        style=_own(templates, "page.css"),
        script=_own(templates, "page.js"),
    )


def _own(templates: Path, name: str) -> Markup:
    return Markup((templates / FOLDER / name).read_text("utf-8").rstrip("\n"))  # noqa: S704 - a file of this project
