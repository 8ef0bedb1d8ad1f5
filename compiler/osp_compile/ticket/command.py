"""`osp-compile diff`: two bundles read, compared and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from osp_compile.spec.model import Language
from osp_compile.ticket.comparison import as_data, compare
from osp_compile.ticket.layouts import as_markdown, as_text
from osp_compile.ticket.reading import Bundle, read
from osp_compile.ticket.telling import told

Form = Literal["text", "markdown", "html", "json"]


@dataclass(frozen=True)
class Told:
    """A comparison: its `text` in the form that was asked for; for JSON that is empty, and `data` has its facts."""

    same: bool
    text: str = ""
    data: Mapping[str, object] = field(default_factory=dict)


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
        return Told(comparison.same, data={**_newer(after), **as_data(comparison), "told": sentences})
    if form == "html":
        # the other forms need no templates, nor what reads them
        from osp_compile.ticket.page import as_html

        return Told(comparison.same, as_html(document))
    return Told(comparison.same, (as_markdown if form == "markdown" else as_text)(document))


def _newer(bundle: Bundle) -> dict[str, object]:
    return {"digest": bundle.digest or None, "sections": [section.id for section in bundle.facts.sections]}
