"""`osp-compile diff`: two bundles read, compared and told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from osp_compile.spec.model import Language
from osp_compile.ticket.comparison import as_data, compare
from osp_compile.ticket.layouts import as_markdown, as_text
from osp_compile.ticket.reading import read
from osp_compile.ticket.telling import told

Form = Literal["text", "markdown", "html", "json"]


@dataclass(frozen=True)
class Told:
    same: bool
    text: str


def diff(old: Path, new: Path, form: Form, language: Language | None = None) -> Told:
    """What changed from `old` to `new`, in the newer one's language unless another is given.

    RefusedError where one of them cannot be read, UnreadableError where it is a spec with errors or a bad archive.
    """
    before, after = read(old), read(new)
    comparison = compare(before, after)
    document = told(comparison, language or after.facts.language)
    if form == "json":
        sentences = [
            {"part": part.heading, "text": sentence.text} for part in document.parts for sentence in part.sentences
        ]
        # ASCII, which a terminal without Unicode can show
        return Told(comparison.same, json.dumps({**as_data(comparison), "told": sentences}, indent=2) + "\n")
    if form == "html":
        # the other forms need no templates, nor what reads them
        from osp_compile.ticket.page import as_html

        return Told(comparison.same, as_html(document))
    return Told(comparison.same, (as_markdown if form == "markdown" else as_text)(document))
