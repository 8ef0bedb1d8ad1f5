"""What changed since the bundle before, written into a new bundle's page, for a reviewer who has only the page.

The page and the manifest then depend on that bundle too: from the same spec and the same older bundle, the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from osp_compile.assets import TEMPLATES
from osp_compile.bundle.page.environment import FOLDER, environment
from osp_compile.bundle.render import File
from osp_compile.diagnostics import RefusedError
from osp_compile.pipeline import Added
from osp_compile.ticket.comparison import compare
from osp_compile.ticket.document import Document
from osp_compile.ticket.facts import read_facts
from osp_compile.ticket.page import anchor, linked, only_visible
from osp_compile.ticket.reading import MARK, Bundle, read
from osp_compile.ticket.telling import told

PAGE = "index.html"
KEY = "previous"  # of the manifest: {"site", "change", "digest", "compiler"} of the bundle that it was compared with


def since(previous: Path) -> Added:
    """What adds to the files of a new bundle how they differ from `previous`: a bundle's folder, an archive or a spec.

    RefusedError where that cannot be read, or is not as it was compiled; UnreadableError for a spec with errors.
    """
    before = read(previous)
    if before.faults:
        path, what = before.faults[0]
        fault = f"{path} is {what}" if path else what
        raise RefusedError(f"{previous} is not as it was compiled ({fault}); name the bundle that was approved")
    return partial(_with_changes, before)


def _with_changes(before: Bundle, files: tuple[File, ...]) -> tuple[File, ...]:
    texts = {file.path: file.text for file in files}
    comparison = compare(_alone(before), _alone(_new(texts)))
    facts = before.facts
    named = {
        "site": facts.said("name"), "change": facts.said("change"), "digest": before.digest, "compiler": facts.compiler,
    }  # fmt: skip
    made = {
        PAGE: _page(texts[PAGE], [told(comparison, "en"), told(comparison, "ja")], named),
        MARK: _manifest({**json.loads(texts[MARK]), KEY: named}),
    }
    return tuple(replace(file, text=made.get(file.path, file.text)) for file in files)


def _new(texts: Mapping[str, str]) -> Bundle:
    files = {path: text.encode() for path, text in texts.items()}
    return Bundle("", "spec", "", files, read_facts(files[MARK]))


def _alone(bundle: Bundle) -> Bundle:
    """Without what it says itself of a bundle before it, and without the page, which is made of all the rest."""
    manifest = {key: value for key, value in json.loads(bundle.text(MARK)).items() if key != KEY}
    files = {**{path: text for path, text in bundle.files.items() if path != PAGE}, MARK: _manifest(manifest).encode()}
    return replace(bundle, files=files)


def _manifest(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _page(page: str, documents: Iterable[Document], previous: Mapping[str, str]) -> str:
    """The page with the sentences in the place of the command that it otherwise names there."""
    shown = environment(TEMPLATES, finalize=only_visible)
    shown.filters.update(linked=partial(linked, known=_Anywhere(page)))
    without = shown.get_template(f"{FOLDER}/since.html.j2").render()
    changes = shown.get_template(f"{FOLDER}/changes.html.j2").render(documents=documents, previous=previous)
    before, after = page.split(without)
    return before + changes + after


class _Anywhere(Container[str]):
    """The sections and steps that the page has a place for."""

    def __init__(self, page: str) -> None:
        self._page = page

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and f'id="{anchor(id)}"' in self._page
