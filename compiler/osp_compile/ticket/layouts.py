"""Layouts of a comparison: text for a terminal, markdown for a ticket, and one page of HTML without network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from osp_compile.diagnostics import visible
from osp_compile.ticket.document import Document, Part, Sentence
from osp_compile.ticket.wording import said

SENTENCES, LINES = 20, 3  # the most of a part, and of code below one of them, in a text
MARKDOWN_LINES = 80
LONGEST_LINE = 400
# a command, or what runs elsewhere; the module that has these words for the bundle takes longer to import than all else
REACHES_OUT = re.compile(r"\b(with_[a-z]+|sudo|on|as_root|as_root_on) ")
MARKED = re.compile(r"([\\`*_\[\]<>#|~])")

STYLE = """
:root { color-scheme: light dark; --line: #8886; --plus: #1a7f37; --minus: #b3261e; }
body { font: 1rem/1.6 system-ui, "Noto Sans JP", sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; line-height: 1.3; } h2 { font-size: 1.1rem; border-bottom: 1px solid var(--line); }
li { margin: .4rem 0; overflow-wrap: anywhere; } li p { margin: .2rem 0; }
pre { overflow-x: auto; border: 1px solid var(--line); border-radius: .3rem; padding: .5rem; }
pre { font-size: .85rem; line-height: 1.4; }
ins { color: var(--plus); text-decoration: none; } del { color: var(--minus); text-decoration: none; }
@media (prefers-color-scheme: dark) { :root { --plus: #56d364; --minus: #ff8a80; } }
@media print { body { max-width: none; margin: 0; } pre { white-space: pre-wrap; } li { break-inside: avoid; } }
"""


def as_text(document: Document) -> str:
    """A line for each change, with the most telling lines of its code; the other layouts have all of them."""
    return "".join(f"{visible(line)}\n" for line in _text(document))


def _text(document: Document) -> Iterator[str]:
    yield document.title
    yield document.identity
    for part in document.parts:
        yield part.heading
        for sentence in part.sentences[:SENTENCES]:
            yield from _text_sentence(sentence, document)
        if len(part.sentences) > SENTENCES:
            yield f"  {_said(document, 'more', len(part.sentences) - SENTENCES)}"
    yield document.end


def _text_sentence(sentence: Sentence, document: Document) -> Iterator[str]:
    changed = [line for line in sentence.code if line[:1] in ("+", "-")]
    shown = telling(changed)
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


def as_html(document: Document) -> str:
    """One HTML file; everything from a bundle is escaped."""
    parts = "".join(_html_part(part) for part in document.parts)
    carriers = f"<p>{_html(document.carriers)}</p>\n" if document.carriers else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_html(document.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{_html(document.title)}</h1>\n<p>{_html(document.identity)}</p>\n{parts}"
        f"<p>{_html(document.end)}</p>\n{carriers}</main>\n</body>\n</html>\n"
    )


def _html_part(part: Part) -> str:
    items = "".join(f"<li>{_html_sentence(sentence)}</li>\n" for sentence in part.sentences)
    return f"<section>\n<h2>{_html(part.heading)}</h2>\n<ul>\n{items}</ul>\n</section>\n"


def _html_sentence(sentence: Sentence) -> str:
    notes = "".join(f"<p>{_html(note)}</p>" for note in sentence.notes)
    lines = "\n".join(_html_line(line) for line in sentence.code)
    # an element that scrolls must be reachable by keyboard
    return f"{_html(sentence.text)}{notes}" + (f'<pre tabindex="0">{lines}</pre>' if lines else "")


def _html_line(line: str) -> str:
    tag = {"+": "ins", "-": "del"}.get(line[:1])
    return f"<{tag}>{_html(line)}</{tag}>" if tag else _html(line)


def _html(text: str) -> str:
    return escape(visible(text))


def _said(document: Document, key: str, count: int) -> str:
    return said("ja" if document.language == "ja" else "en", key, count=count)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}..."
