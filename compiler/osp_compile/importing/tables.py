"""Reads the lists that the clients print, in any form: json, csv, a table, yaml, or values without headings."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeGuard

from osp_compile.diagnostics import Diagnostic, Span, error
from osp_compile.importing import plain_yaml
from osp_compile.importing.text import Text
from osp_compile.text_width import display_width

UUID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
FRAME = re.compile(r"^\+[-+=]+\+\s*$")
# a frame that was indented, or quoted in a mail
QUOTED = re.compile(r"^(?P<before>[ \t>#]+)\+[-+=]+\+\s*$")
# what is left of a table that was cut at a side, wrapped, or drawn by another program
PIECE = re.compile(r"^\s*(?:[|│┃]|[-+=┌┼├┏╔─━═]{6})")
# (not `[stack@undercloud ~]$`)
JSON = re.compile(r"^(?:\[\s*(?:[\[{\]\"]|$)|\{\s*(?:[\"}]|$))")
SPLIT = re.compile(r"[0-9a-fA-F]*-[0-9a-fA-F-]{0,33}")  # a part of a UUID
AS_JSON = "save what the client prints with `-f json`, all of it"
NOTHING = frozenset(("", "None", "-", "null"))


@dataclass(frozen=True)
class Row:
    """A row of a list: its cells by lower-case column name, and its place.

    `words` are the words of a line without headings; the reader of that kind of list finds its cells.
    """

    cells: Mapping[str, Any]
    span: Span
    words: tuple[str, ...] = ()

    def text(self, *columns: str) -> str:
        """The first of these columns that is not empty."""
        for column in columns:
            value = self.cells.get(column)
            if value is not None and not isinstance(value, dict | list) and str(value).strip() not in NOTHING:
                return str(value).strip()
        return ""


def rows(text: Text) -> list[Row] | Diagnostic:
    """The rows of the list in the file. Raises nothing, whatever the file holds."""
    if JSON.match(text.all.lstrip()):
        return _json(text, 0)
    begun = _first(JSON, text.lines)
    if begun is not None:  # warnings of the client, or a prompt, may be before it
        return _json(text, begun)
    text = _unquoted(text)
    if any(FRAME.match(line) for line in text.lines):
        return _table(text)
    piece = _first(PIECE, text.lines)
    if piece is not None:
        message = "this is a piece of a table, or drawn by another program, and not a table as the client prints it"
        return error("list-form", message, text.at(piece + 1, 1, len(text.lines[piece])), AS_JSON)
    if text.all.strip().startswith("- "):
        return _yaml(text)
    return _lines(text)


def _first(form: re.Pattern[str], lines: Sequence[str]) -> int | None:
    """The number of lines before the first one of that form; None without such."""
    return next((number for number, line in enumerate(lines) if form.match(line)), None)


def _unquoted(text: Text) -> Text:
    """The text without what an indented or quoted table has before each of its lines."""
    quoted = next(filter(None, map(QUOTED.match, text.lines)), None)
    if quoted is None:
        return text
    before = quoted["before"]
    # (an editor takes blanks at the end of an empty line away)
    return replace(text, lines=tuple(line.removeprefix(before).removeprefix(before.rstrip()) for line in text.lines))


def _key(name: Any) -> str:
    return str(name).strip().lower().replace("_", " ")


def _json(text: Text, first: int) -> list[Row] | Diagnostic:
    """The rows of JSON that begins after `first` lines."""
    try:
        body = "\n" * first + "\n".join(text.lines[first:])
        data, end = json.JSONDecoder().raw_decode(body, len(body) - len(body.lstrip()))
        rest = body[end:].split("\n")
        if rest[0].strip():
            raise json.JSONDecodeError("Extra data", body, end)
        more = _first(JSON, rest)
        if more is not None:
            place = text.at(body.count("\n", 0, end) + 1 + more)
            return error("list-form", "another list follows this one", place, "give one list in a file")
    except json.JSONDecodeError as problem:
        help = "save what the client printed with `-f json`, all of it"
        return error(
            "list-form", f"this is not JSON: {problem.msg.lower()}", text.at(problem.lineno, problem.colno), help
        )
    except (RecursionError, ValueError):
        return error("list-form", "this JSON is not a list of rows", text.whole())
    if isinstance(data, dict):
        data = next((value for value in data.values() if isinstance(value, list)), None)
    if not _are_mappings(data):
        return error(
            "list-form", "this JSON is not a list of rows", text.whole(), "give the list as the client prints it"
        )
    places = _places(text)
    return [Row(cells, _json_place(text, places, cells)) for cells in map(_by_column, data)]


def _are_mappings(data: Any) -> TypeGuard[list[dict[Any, Any]]]:
    return isinstance(data, list) and all(isinstance(one, dict) for one in data)


def _by_column(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {_key(name): value for name, value in row.items()}


def _places(text: Text) -> dict[str, int]:
    """{value: the first line that has it in quotes}, to find the place of a row of the JSON."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.lines, 1):
        for value in re.findall(r':\s*"([^"]*)"', line) if len(line) < 4096 else ():
            found.setdefault(value, number)
    return found


def _json_place(text: Text, places: Mapping[str, int], cells: Mapping[str, Any]) -> Span:
    for column in ("id", "uuid", "name"):
        value = str(cells.get(column, ""))
        if value in places:
            line = places[value]
            column_at = text.at(line).text.find(value) + 1
            return text.at(line, max(1, column_at), len(value))
    return text.whole()


@dataclass
class _Table:
    """A table that is being read: its headings, where its columns end, and how many of its three frames have come."""

    bounds: Sequence[int]
    heading: Sequence[str] = ()
    frames: int = 1


def _table(text: Text) -> list[Row] | Diagnostic:
    """The rows of every table in the file; a diagnostic where one is not whole or not as the client prints it."""
    found: list[Row] = []
    table: _Table | None = None
    for number, line in enumerate(text.lines, 1):
        span = text.at(number, 1, len(line))
        if FRAME.match(line):
            table = _framed(table, line)
            continue
        problem = _between_frames(table, line, found, span)
        if problem:
            return error("list-form", problem, span, AS_JSON)
    if table is None or table.frames < 3:
        return error("list-form", "the table has no end: rows may be missing", text.at(len(text.lines)), AS_JSON)
    return found


def _framed(table: _Table | None, line: str) -> _Table:
    """The table with one more of its frames; another table, where the one before has its three."""
    if table is None or table.frames == 3:
        return _Table([at for at, one in enumerate(line) if one == "+"])
    table.frames += 1
    return table


def _between_frames(table: _Table | None, line: str, found: list[Row], span: Span) -> str | None:
    """Takes in a line that is not a frame; what is wrong with it, if anything."""
    if line.startswith("|") and table is not None and table.frames < 3:
        return _table_line(table, line, found, span)
    if line.startswith("|") or (table is not None and table.frames == 2 and line.strip()):
        return "this is not a row of the table"
    return None


def _table_line(table: _Table, line: str, found: list[Row], span: Span) -> str | None:
    """Takes the line in as headings, as a row, or as more of the row before; what is wrong with it, if anything."""
    cells = _cells_between(line, table.bounds)
    if cells is None:
        return "the columns of this row are not those of the table"
    if table.frames == 1:
        table.heading = [*map(_key, cells)]
        return None
    if len(cells) != len(table.heading):
        return "the table has no headings"
    row = dict(zip(table.heading, cells, strict=True))
    if any(_is_part(row.get(column, "")) for column in ("id", "uuid")):
        return "the table is wrapped, as in a narrow terminal: words are cut in two"
    if found and _continues(row):
        before = found.pop()
        row = {column: f"{before.cells.get(column, '')}\n{row[column]}".strip() for column in row}
        span = before.span
    found.append(Row(row, span))
    return None


def _continues(row: Mapping[str, str]) -> bool:
    """Whether these are more lines of the cells of the row before: nothing says what the row is about."""
    names = [column for column in ("id", "uuid", "name", "host") if column in row] or [*row][:1]
    return not any(row[column] for column in names)


def _is_part(cell: str) -> bool:
    """Whether it is a part of a UUID."""
    return bool(SPLIT.fullmatch(cell)) and not UUID.fullmatch(cell) and cell not in NOTHING


def _cells_between(line: str, bounds: Sequence[int]) -> list[str] | None:
    """The cells between the bars at these places of the screen, or else between all bars, if their number is right."""
    at, places = 0, dict[int, int]()
    for number, character in enumerate(line):
        if character == "|":
            places[at] = number
        at += display_width(character)
    if all(bound in places for bound in bounds):
        bars = [places[bound] for bound in bounds]
        return [line[one + 1 : other].strip() for one, other in pairwise(bars)]
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    return cells if len(cells) == len(bounds) - 1 else None


def _yaml(text: Text) -> list[Row] | Diagnostic:
    data, places = plain_yaml.load(text)
    if isinstance(data, Diagnostic):
        return data
    if not _are_mappings(data):
        return error("list-form", "this is not a list of rows", text.whole(), "give the list as the client prints it")
    return [Row(_by_column(one), text.at(places.get((number,), 1))) for number, one in enumerate(data)]


COLUMNS = frozenset(
    (
        *"id uuid name status networks image host binary state zone maintenance properties flavor alive".split(),
        *("instance uuid", "power state", "provisioning state", "image name", "agent type", "updated at", "task state"),
    )
)


def _lines(text: Text) -> list[Row] | Diagnostic:
    """The rows as csv if the first line is headings; else one row of values per line."""
    numbered = [(number, line) for number, line in enumerate(text.lines, 1) if line.strip()]
    if not numbered:
        return []
    for delimiter in ",;\t":
        heading = [_key(cell) for cell in _heading(numbered[0][1], delimiter)]
        if COLUMNS & set(heading) and not any(UUID.fullmatch(cell) for cell in heading):
            return _csv(text, numbered[0][0], delimiter)
    return [Row({}, text.at(number, 1, len(line)), tuple(line.split(" "))) for number, line in numbered]


def _heading(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except (csv.Error, StopIteration):
        return []


def _csv(text: Text, first: int, delimiter: str) -> list[Row] | Diagnostic:
    """The rows of csv whose headings are on the line `first`; a cell in quotes may have several lines."""
    reader = csv.reader((f"{line}\n" for line in text.lines[first - 1 :]), delimiter=delimiter, strict=True)
    found, heading, begins = list[Row](), list[str](), first
    try:
        for cells in reader:
            span = text.at(begins, 1, len(text.at(begins).text))
            begins = first + reader.line_num
            if not heading:
                heading = [_key(cell) for cell in cells]
            elif any(cell.strip() for cell in cells):
                if len(cells) != len(heading):
                    message = f"this row has {len(cells)} cells, and the headings are {len(heading)}"
                    return error("list-form", message, span, AS_JSON)
                found.append(Row(dict(zip(heading, cells, strict=True)), span))
    except csv.Error as problem:
        return error("list-form", f"this is not csv: {problem}", text.at(begins), AS_JSON)
    return found
