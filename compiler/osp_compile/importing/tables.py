"""Reads the lists that the clients print, in any form: json, csv, a table, yaml, or values without headings."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from osp_compile.diagnostics import Diagnostic, Span, error
from osp_compile.importing import plain_yaml
from osp_compile.importing.text import Text

UUID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
FRAME = re.compile(r"^\+[-+=]+\+\s*$")
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
    body = text.all.strip()
    if body.startswith(("[", "{")):
        return _json(text)
    if any(FRAME.match(line) for line in text.lines):
        return _table(text)
    if body.startswith("- "):
        return _yaml(text)
    return _lines(text)


def _key(name: Any) -> str:
    return str(name).strip().lower().replace("_", " ")


def _json(text: Text) -> list[Row] | Diagnostic:
    try:
        data = json.loads(text.all)
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


def _table(text: Text) -> list[Row]:
    found: list[Row] = []
    heading: list[str] | None = None
    for number, line in enumerate(text.lines, 1):
        if not line.startswith("|"):
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if heading is None:
            heading = [_key(cell) for cell in cells]
        elif len(cells) == len(heading):
            found.append(Row(dict(zip(heading, cells, strict=True)), text.at(number, 1, len(line))))
    return found


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


def _lines(text: Text) -> list[Row]:
    """The rows as csv if the first line is headings; else one row of values per line."""
    numbered = [(number, line) for number, line in enumerate(text.lines, 1) if line.strip()]
    if not numbered:
        return []
    heading = _cells(numbered[0][1])
    if heading and all(_key(cell) in COLUMNS for cell in heading):
        keys = [_key(cell) for cell in heading]
        return [_csv_row(text, number, keys, _cells(line)) for number, line in numbered[1:]]
    return [Row({}, text.at(number, 1, len(line)), tuple(line.split(" "))) for number, line in numbered]


def _csv_row(text: Text, number: int, keys: Sequence[str], cells: Sequence[str]) -> Row:
    return Row(dict(zip(keys, cells, strict=False)), text.at(number, 1, len(text.at(number).text)))


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line]))
    except (csv.Error, StopIteration):
        return [line]
