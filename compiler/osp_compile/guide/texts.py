"""The texts of a section.yaml that people read."""

from __future__ import annotations

from collections.abc import Iterator

from osp_compile.guide.model import Section, Text, VariedText


def texts_of(section: Section) -> Iterator[str]:
    """Titles, explanations, ways back, impacts, departures and errata of a section and its steps, in both languages."""
    yield from (words for text in _texts(section) for words in (text.en, text.ja))


def _texts(section: Section) -> list[Text]:
    texts: list[Text | None] = [section.title, section.about, section.go_back]
    texts += [section.duration.note] if section.duration else []
    texts += [impact.text for impact in section.impacts]
    texts += [erratum.reason for erratum in section.errata]
    for step in section.steps:
        texts += [step.title, step.checked, step.undo, *(departure.reason for departure in step.departures)]
    varied = [text for text in texts if isinstance(text, VariedText)]
    return [*filter(None, texts), *(other for text in varied for _, other in text.instead)]
