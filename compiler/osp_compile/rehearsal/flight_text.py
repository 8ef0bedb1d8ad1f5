"""A flight plan as Markdown: a table for each step and node, whose cells hold whatever a command line may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from osp_compile.rehearsal.flight_wording import Language, said, took

if TYPE_CHECKING:
    from osp_compile.rehearsal.flight_lines import Line
    from osp_compile.rehearsal.flight_model import Flight, Group, Part

# Control characters, and those that turn the direction of a text or take no room in it.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
SPECIAL = re.compile(r"[\\`*_\[\]<>&|~]|^[#+-]")
COLUMNS = ("host", "user", "command", "changes", "time")
ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;"}


def count_of(flight: Flight) -> str:
    """How many of all commands are in the plan."""
    return said(flight.language, "count", count=flight.count, calls=flight.calls)


def report_of(count: int, seconds: float, language: Language) -> str:
    """How many commands a section has, and how long it took in all."""
    if not count:
        return said(language, "changes_nothing")
    return said(language, "report_of_one" if count == 1 else "report", count=count, took=took(language, seconds))


def visible(text: str) -> str:
    """The text on one line; invisible characters are shown as escapes."""
    return UNSEEN.sub(lambda found: {"\n": "\\n", "\t": "\\t"}.get(found[0], f"\\u{ord(found[0]):04x}"), text)


def plain(text: str) -> str:
    """The text escaped so that none of it is Markdown or HTML."""
    return SPECIAL.sub(lambda found: ENTITIES.get(found[0]) or f"\\{found[0]}", visible(text))


def code(text: str) -> str:
    """The text as code in the cell of a table: the fence is longer than any within, and no | ends the cell."""
    shown = visible(text)
    if not shown.strip():
        return ""
    if "|" in shown:
        # a table is cut at each | before anything else is read, and not all readers know an escaped one within code
        escaped = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "&#124;")
        safe = re.sub(r"[`*_~\[\]\\]", lambda found: f"&#{ord(found[0])};", escaped)
        return f"<code>{safe}</code>"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    room = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return f"{fence}{room}{shown}{room}{fence}"


def markdown(flight: Flight) -> str:
    """The whole plan."""
    language = flight.language
    title = said(language, "title", site=plain(flight.site), change=plain(flight.change))
    lines = [f"# {title}", "", f"{said(language, 'bundle')} {flight.digest}", "", said(language, "head")]
    lines += [count_of(flight), ""]
    for first, *rest in flight.lists:
        lines += [plain(first), "", *(f"* {plain(row)}" for row in rest), *([""] if rest else [])]
    for part in flight.parts:
        lines += _part(part, language)
    return "\n".join(lines).rstrip("\n") + "\n"


def _part(part: Part, language: Language) -> Iterator[str]:
    yield from (f"## {plain(part.section)} {plain(part.title)}", "")
    count = sum(len(group.lines) for group in part.groups)
    yield report_of(count, part.seconds, language)
    yield ""
    for group in part.groups:
        yield from _group(group, language)


def _group(group: Group, language: Language) -> Iterator[str]:
    comma = said(language, "comma")
    where = f"{comma}{plain(group.node)}" if group.node else ""
    yield from (f"### {plain(group.step)} {plain(group.title)}{where}", "")
    yield from (f"| {' | '.join(said(language, name) for name in COLUMNS)} |", "|---|---|---|---|---|")
    yield from (_row(line, language) for line in group.lines)
    yield ""


def _row(line: Line, language: Language) -> str:
    command = "<br>".join([code(line.command), *(f"&nbsp;&nbsp;{code(one)}" for one in line.within)])
    changes = "<br>".join(map(plain, line.changes)) or said(language, "files")
    return f"| {plain(line.host)} | {plain(line.user)} | {command} | {changes} | {took(language, line.seconds)} |"
