"""A told comparison as text for a terminal, and as markdown for a ticket."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from osp_compile.diagnostics import visible
from osp_compile.ticket.document import Document, Sentence
from osp_compile.ticket.wording import said

SENTENCES, LINES = 20, 3  # the most of a part, and of code below one of them, in a text
SHORT = 14  # lines of a text that has no code where it would have more of them with some
MARKDOWN_LINES = 80
LONGEST_LINE = 400
# a command, or what runs elsewhere; the module that has these words for the bundle takes longer to import than all else
REACHES_OUT = re.compile(r"\b(with_[a-z]+|sudo|on|as_root|as_root_on) ")
MARKED = re.compile(r"([\\`*_\[\]<>#|~])")


def as_text(document: Document) -> str:
    """A line for each change, with the most telling lines of its code if the text stays short with them.

    The other layouts have every line.
    """
    lines = [*_text(document, LINES)]
    if len(lines) > SHORT:
        lines = [*_text(document, 0)]
    return "".join(f"{visible(line)}\n" for line in lines)


def _text(document: Document, most: int) -> Iterator[str]:
    yield document.title
    yield document.identity
    for part in document.parts:
        yield part.heading
        for sentence in part.sentences[:SENTENCES]:
            yield from _text_sentence(sentence, document, most)
        if len(part.sentences) > SENTENCES:
            yield f"  {_said(document, 'more', len(part.sentences) - SENTENCES)}"
    yield document.end


def _text_sentence(sentence: Sentence, document: Document, most: int) -> Iterator[str]:
    changed = [line for line in sentence.code if line[:1] in ("+", "-")]
    shown = telling(changed)[:most]
    rest = len(changed) - len(shown)
    more = f" ({_said(document, 'more_lines', rest)})" if rest else ""
    yield f"  {_cut(sentence.text)}{more}"
    yield from (f"    {line[0]} {_cut(line[1:].strip())}" for line in shown)


def telling(changed: Sequence[str]) -> list[str]:
    """All lines if they are few, else only the commands that reach another host or change something."""
    if len(changed) <= LINES:
        return [*changed]
    commands = [line for line in changed if REACHES_OUT.search(line)]
    return (commands or [*changed])[:LINES]


def as_markdown(document: Document) -> str:
    return "\n".join(_markdown(document)) + "\n"


def _markdown(document: Document) -> Iterator[str]:
    yield f"# {_plain(document.title)}"
    yield ""
    yield _plain(document.identity)
    for part in document.parts:
        yield from ("", f"## {_plain(part.heading)}", "")
        for sentence in part.sentences:
            yield from _markdown_sentence(sentence, document)
    yield from ("", _plain(document.end))
    if document.carriers:
        yield from ("", _plain(document.carriers))


def _markdown_sentence(sentence: Sentence, document: Document) -> Iterator[str]:
    yield f"- {_plain(sentence.text)}"
    yield from (f"  - {_plain(note)}" for note in sentence.notes)
    if sentence.code:
        lines = [visible(line) for line in sentence.code[:MARKDOWN_LINES]]
        longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
        fence = "`" * max(3, longest + 1)
        yield from ("", f"  {fence}diff", *(f"  {line}" for line in lines), f"  {fence}", "")
        if len(sentence.code) > MARKDOWN_LINES:
            yield from (f"  {_said(document, 'long_lines', len(sentence.code) - MARKDOWN_LINES)}", "")


def _plain(text: str) -> str:
    """Text with all markdown syntax escaped."""
    return MARKED.sub(r"\\\1", visible(text))


def _said(document: Document, key: str, count: int) -> str:
    return said(document.language, key, count=count)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}..."
