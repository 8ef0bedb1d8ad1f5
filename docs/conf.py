"""The pages as a site: `sphinx-build -nW docs build/docs`. A broken link or a page outside the navigation fails it.

The navigation is what index.md lists under its headings, so that the page reads on GitHub as it does here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "osp-compile"
root_doc = "index"
extensions = ["myst_parser"]
exclude_patterns = ["pictures/make"]
myst_heading_anchors = 3  # GitHub's own, so that one link works in both places
html_theme = "furo"  # its fonts are the reader's own: nothing comes from the network
html_title = "osp-compile"
html_copy_source = False
html_show_copyright = False
templates_path: list[str] = []
# the signs of a console's session, and shell with Jinja in it, are no language that Pygments knows to the letter
suppress_warnings = ["misc.highlighting_failure"]

PART = re.compile(r"^## (?P<caption>.+)$(?P<list>(?:\n(?!## ).*)*)", re.MULTILINE)
PAGE = re.compile(r"\[(?P<title>[^\]]+)\]\((?P<name>[\w./-]+)\.md\)")


def navigation(_: Sphinx, page: str, source: list[str]) -> None:
    """A toctree for each heading of the index, of the pages that are listed there under the words of their links."""
    if page != root_doc:
        return
    for part in PART.finditer(source[0]):
        pages = "\n".join(f"{page['title']} <{page['name']}>" for page in PAGE.finditer(part["list"]))
        if pages:
            source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {part['caption']}\n\n{pages}\n```\n"


def language_of(_: Sphinx, page: str, __: str, context: dict[str, Any], ___: object) -> None:
    """What a screen reader is told to read a page as."""
    if page.endswith(".ja"):
        context["language"] = "ja"


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", navigation)
    app.connect("html-page-context", language_of)
