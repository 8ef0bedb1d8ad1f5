"""`osp-compile diff`: reads two bundles, compares them and describes the differences."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from osp_compile.spec.model import Language
from osp_compile.ticket.comparison import as_data, compare
from osp_compile.ticket.layouts import as_html, as_markdown, as_text
from osp_compile.ticket.reading import read
from osp_compile.ticket.telling import told

Form = Literal["text", "markdown", "html", "json"]


@dataclass(frozen=True)
class Told:
    same: bool
    text: str


def diff(old: Path, new: Path, form: Form, language: Language | None = None) -> Told:
    """Describes what changed from `old` to `new`, in the newer one's language unless another is given.

    Raises RefusedError if one of them cannot be read, NotCompiledError if one is a spec with errors.
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
    layout = {"text": as_text, "markdown": as_markdown, "html": as_html}[form]
    return Told(comparison.same, layout(document))
