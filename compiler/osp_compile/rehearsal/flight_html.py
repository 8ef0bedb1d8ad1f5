"""A flight plan as one page of HTML: no network, no script, light and dark, and readable on paper."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from osp_compile.rehearsal.flight_text import COLUMNS, count_of, report_of, visible
from osp_compile.rehearsal.flight_wording import Language, said, took

if TYPE_CHECKING:
    from osp_compile.rehearsal.flight_lines import Line
    from osp_compile.rehearsal.flight_model import Flight, Group, Part

LONG = 240  # characters of a command, or of a change, that are shown before a reader asks for the rest
SHOWN = 4  # the same of changes
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --soft: #595959; --paper: #fff; --edge: #d4d4d4; --tint: #f4f5f7;
  --mark: #8a1c00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --soft: #adadad; --paper: #16181b; --edge: #3a3d42; --tint: #212429; --mark: #ffab91; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 84rem; background: var(--paper); color: var(--ink);
  font: 15px/1.45 system-ui, "Noto Sans", "Noto Sans CJK JP", sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .3rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
.soft { color: var(--soft); } .node { font-weight: normal; color: var(--soft); }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem; border-bottom: 1px solid var(--edge);
  overflow-wrap: anywhere; }
th { font-size: .8rem; color: var(--soft); font-weight: 600; }
.host { width: 13%; } .user { width: 7%; } .changes { width: 27%; } .time { width: 6rem; }
p code { overflow-wrap: anywhere; }
code { font: .86em/1.4 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
summary { cursor: pointer; } summary .more { text-decoration: underline; }
details[open] > summary .more { display: none; }
ul.within { margin: .25rem 0 0; padding-left: 1.1rem; } td ul.plain { margin: 0; padding: 0; list-style: none; }
.note { background: var(--tint); border-left: 4px solid var(--mark); padding: .6rem .9rem; margin: .8rem 0; }
.note p { margin: .2rem 0; } .note ul { margin: .2rem 0; padding-left: 1.2rem; }
nav ul { columns: 20rem; padding-left: 1.2rem; } a { color: inherit; }
@media (max-width: 46rem) {
  body { padding: .8rem; } thead { position: absolute; left: -9999px; }
  table, tbody, tr, td { display: block; width: auto; } tr { border-bottom: 1px solid var(--edge); padding: .4rem 0; }
  td { border: 0; padding: .1rem 0; }
  td::before { content: attr(data-name) ": "; color: var(--soft); font-size: .8rem; }
}
@media print {
  :root { --ink: #000; --soft: #444; --paper: #fff; --edge: #999; --tint: #fff; --mark: #000; }
  @page { margin: 12mm; } body { padding: 0; max-width: none; font-size: 8pt; line-height: 1.3; }
  th, td { padding: .15rem .3rem; } h2 { margin-top: 1.2rem; } h3 { margin-top: .7rem; } .time { width: 3.6rem; }
  nav, summary .more { display: none; } details::details-content { content-visibility: visible; }
  tr, .note { break-inside: avoid; } h2, h3, thead { break-after: avoid; }
}
"""


def page(flight: Flight) -> str:
    """The whole page; all that comes from the site or the bundle is escaped."""
    return "".join(f"{line}\n" for line in _lines(flight))


def _lines(flight: Flight) -> Iterator[str]:
    language = flight.language
    title = said(language, "title", site=_text(flight.site), change=_text(flight.change))
    yield from ("<!doctype html>", f'<html lang="{language}">', "<head>", '<meta charset="utf-8">')
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield from (f"<title>{title}</title>", f"<style>{STYLE}</style>", "</head>", "<body>", f"<h1>{title}</h1>")
    yield f'<p class="soft">{said(language, "bundle")} <code>{_text(flight.digest)}</code></p>'
    yield f"<p>{said(language, 'head')} {count_of(flight)}</p>"
    for note in flight.lists:
        yield from _note(note)
    yield from (f'<nav aria-label="{said(language, "sections")}">', "<ul>")
    for part in flight.parts:
        yield f'<li><a href="#s{_text(part.section)}">{_text(part.section)} {_text(part.title)}</a></li>'
    yield from ("</ul>", "</nav>", "<main>")
    for part in flight.parts:
        yield from _part(part, language)
    yield from ("</main>", "</body>", "</html>")


def _note(note: tuple[str, ...]) -> Iterator[str]:
    first, *rest = note
    yield f'<div class="note"><p>{_text(first)}</p>'
    if rest:
        yield f"<ul>{''.join(f'<li>{_text(row)}</li>' for row in rest)}</ul>"
    yield "</div>"


def _part(part: Part, language: Language) -> Iterator[str]:
    count = sum(len(group.lines) for group in part.groups)
    yield f'<section id="s{_text(part.section)}">'
    yield f"<h2>{_text(part.section)} {_text(part.title)}</h2>"
    yield f'<p class="soft">{report_of(count, part.seconds, language)}</p>'
    for group in part.groups:
        yield from _group(group, language)
    yield "</section>"


def _group(group: Group, language: Language) -> Iterator[str]:
    on = said(language, "on", node=_text(group.node))
    node = f' <span class="node">{on}</span>' if group.node else ""
    yield f"<h3>{_text(group.step)} {_text(group.title)}{node}</h3>"
    heads = "".join(f'<th class="{name}">{said(language, name)}</th>' for name in COLUMNS)
    yield f"<table><thead><tr>{heads}</tr></thead><tbody>"
    yield from (_row(line, language) for line in group.lines)
    yield "</tbody></table>"


def _row(line: Line, language: Language) -> str:
    within = "".join(f"<li>{_code(one, language)}</li>" for one in line.within)
    command = _code(line.command, language) + (f'<ul class="within">{within}</ul>' if within else "")
    cells = {"host": _text(line.host), "user": _text(line.user), "command": command,
             "changes": _changes(line, language), "time": took(language, line.seconds)}  # fmt: skip
    shown = (f'<td data-name="{said(language, name)}">{cell}</td>' for name, cell in cells.items())
    return f"<tr>{''.join(shown)}</tr>"


def _changes(line: Line, language: Language) -> str:
    rows = [f"<li>{_folded(one, language)}</li>" for one in line.changes or (said(language, "files"),)]
    lists = [rows[:SHOWN], rows[SHOWN:]] if len(rows) > SHOWN + 1 else [rows]
    first, *rest = (f'<ul class="plain">{"".join(one)}</ul>' for one in lists)
    more = said(language, "more", count=len(rows) - SHOWN)
    return first + "".join(
        f'<details><summary><span class="more">{more}</span></summary>{one}</details>' for one in rest
    )


def _code(text: str, language: Language) -> str:
    return _folded(text, language, "<code>", "</code>")


def _folded(text: str, language: Language, begin: str = "", end: str = "") -> str:
    """The text between two tags; what is longer than a few lines begins, and unfolds the rest."""
    shown = visible(text)
    if len(shown) <= LONG:
        return f"{begin}{escape(shown)}{end}"
    cut = f'<span class="more">{said(language, "cut", count=len(shown))}</span>'
    head, tail = (f"{begin}{escape(part)}{end}" for part in (shown[:LONG], shown[LONG:]))
    return f"<details><summary>{head} {cut}</summary>{tail}</details>"


def _text(text: str) -> str:
    return escape(visible(text))
