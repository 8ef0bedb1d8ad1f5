"""How pages are made: the templates of templates/_layouts/page, in which all that is put in is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2.ext import Extension
from markupsafe import Markup, escape

FOLDER = "_layouts/page"
# What a browser does without: of a style its comments, and blanks around the signs that no string of it has; of a
# script its lines of comments, and indents.
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
AROUND = re.compile(r"\s*([{};,])\s*")
BETWEEN_TAGS = re.compile(r">\n(?=<|{%)")
INDENT = re.compile(r"^ *(?://.*\n)?", re.MULTILINE)


class Joined(Extension):
    """Templates whose tags have no line end between them, which a browser would not show."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja's
        return BETWEEN_TAGS.sub(">", source)


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
        optimized=False,  # it looks for constants, has none to find, and takes a fifth of the time for it
        finalize=finalize,
        extensions=[Joined],
    )
    found.filters.update(between_tags=between_tags, with_code=with_code)
    return found


def between_tags(text: str) -> Markup:
    """The text as HTML outside of tags: there neither a quote nor `>` needs an escape, and shell is full of them."""
    return Markup(text.replace("&", "&amp;").replace("<", "&lt;"))  # noqa: S704 - escaped


def with_code(text: str) -> Markup:
    """A text of the sections as HTML: what is between backquotes is code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped


def own(templates: Path, name: str) -> Markup:
    """The text of a style or a script, without its comments and what only indents it, since each page has a copy."""
    text = (templates / FOLDER / name).read_text("utf-8").rstrip("\n")
    return Markup(_dense_style(text) if name.endswith(".css") else INDENT.sub("", text))  # noqa: S704 - of this project


@lru_cache
def _dense_style(text: str) -> str:
    return AROUND.sub(r"\1", COMMENT.sub("", text)).replace(";}", "}")
