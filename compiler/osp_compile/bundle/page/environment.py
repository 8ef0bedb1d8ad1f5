"""How pages are made: the templates of templates/_layouts/page, in which all that is put in is escaped."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

FOLDER = "_layouts/page"


def environment(
    templates: Path, cache: jinja2.BytecodeCache | None = None, finalize: Callable[..., Any] | None = None
) -> jinja2.Environment:
    """For the templates in the folder `templates`; `finalize` is given each value before it is escaped."""
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        undefined=jinja2.ChainableUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=cache,
        finalize=finalize,
    )
    found.filters["between_tags"] = between_tags
    return found


def between_tags(text: str) -> Markup:
    """The text as HTML that is never in an attribute: there a quote needs no escape, and shell is full of them."""
    return Markup(escape(text, quote=False))  # noqa: S704 - escaped


def own(templates: Path, name: str) -> Markup:
    """The text of a style or a script, as it is."""
    return Markup((templates / FOLDER / name).read_text("utf-8").rstrip("\n"))  # noqa: S704 - a file of this project
