"""What the Newton clients print: cliff's formatters and prettytable, with Python 2's order of dict keys."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Any, Literal

from osp_simulator.fast import late
from osp_simulator.tools.openstack.arguments import Arguments, python2


class FormatError(Exception):
    """One line for stderr; the client exits 1."""


@dataclass(frozen=True)
class Table:
    """A list's answer: rows of plain values, in the columns' order."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Record:
    """One object's answer; fields in the order the client shows them."""

    fields: tuple[tuple[str, Any], ...]


@lru_cache(maxsize=1 << 16)
def hash_python2(text: str) -> int:
    """hash() of a str or unicode of ASCII in a 64-bit Python 2.7 (no randomisation), as an unsigned number."""
    if not text:
        return 0
    mask = (1 << 64) - 1
    value = (ord(text[0]) << 7) & mask
    for letter in text:
        value = ((1000003 * value) & mask) ^ ord(letter)
    value ^= len(text)
    return value if value != mask else mask - 1


def dict_order(keys: Iterable[str]) -> list[str]:
    """The order in which a Python 2.7 dict yields keys inserted one after the other."""
    return list(_dict_order(tuple(dict.fromkeys(keys))))


@lru_cache(maxsize=1 << 12)
def _dict_order(keys: tuple[str, ...]) -> tuple[str, ...]:
    slots: list[str | None] = [None] * 8
    for used, key in enumerate(keys, 1):
        _insert(slots, key)
        if used * 3 >= len(slots) * 2:
            size = 8
            while size <= used * 4:
                size <<= 1
            wider: list[str | None] = [None] * size
            for present in slots:
                if present is not None:
                    _insert(wider, present)
            slots = wider
    return tuple(key for key in slots if key is not None)


def _insert(slots: list[str | None], key: str) -> None:
    perturb = value = hash_python2(key)
    mask = len(slots) - 1
    place = value & mask
    while slots[place & mask] is not None:
        place = (place << 2) + place + perturb + 1
        perturb >>= 5
    slots[place & mask] = key


def as_python2(value: Any) -> Any:
    """The same JSON value with every dict in Python 2's order."""
    if isinstance(value, Mapping):
        return {key: as_python2(value[key]) for key in dict_order(value)}
    if isinstance(value, list | tuple):
        return [as_python2(item) for item in value]
    return value


def text(value: Any) -> str:
    """A cell as text: None, True and False by name, lists and dicts as Python 2 prints them."""
    if isinstance(value, str):
        return value
    return python2(as_python2(value)) if isinstance(value, dict | list | tuple) else str(value)


def emit(answer: Table | Record, arguments: Arguments) -> str:
    """The bytes a cliff command prints for its answer, by -f, -c and their friends. FormatError for unknown columns."""
    default = arguments.text("--format", "table")
    if isinstance(answer, Table):
        keep = _chosen(answer.columns, arguments)
        columns = [answer.columns[index] for index in keep]
        rows = [[row[index] for index in keep] for row in answer.rows]
        return _emit_list(default, columns, rows, arguments)
    names = [name for name, _ in answer.fields]
    fields = [answer.fields[index] for index in _chosen(names, arguments)]
    return _emit_one(default, fields, arguments)


def _chosen(columns: Sequence[str], arguments: Arguments) -> list[int]:
    wanted = arguments.every("--column")
    if not wanted:
        return list(range(len(columns)))
    keep = [index for index, name in enumerate(columns) if name in wanted]
    if not keep:
        raise FormatError(f"No recognized column names in {python2(wanted)}")
    return keep


def _emit_list(kind: str, columns: list[str], rows: list[list[Any]], arguments: Arguments) -> str:
    if kind == "json":
        return dump([_in_order(columns, row) for row in rows], None if arguments.flag("--noindent") else 2)
    if kind == "value":
        return "".join(" ".join(text(cell) for cell in row) + "\n" for row in rows)
    if kind == "csv":
        return _csv(columns, rows, arguments.text("--quote", "nonnumeric"))
    if kind == "yaml":
        return _yaml([dict(zip(columns, row, strict=True)) for row in rows])
    return table(columns, rows) if rows else "\n"


def _emit_one(kind: str, fields: list[tuple[str, Any]], arguments: Arguments) -> str:
    if kind == "json":
        names, values = [name for name, _ in fields], [value for _, value in fields]
        return dump(_in_order(names, values), None if arguments.flag("--noindent") else 2)
    if kind == "value":
        return "".join(text(value) + "\n" for _, value in fields)
    if kind == "shell":
        return _shell(fields, arguments)
    if kind == "yaml":
        return _yaml(dict(fields))
    return table(["Field", "Value"], [[name, value] for name, value in fields], left=True)


def _in_order(columns: list[str], row: list[Any]) -> dict[str, Any]:
    values = dict(zip(columns, row, strict=True))
    return {name: as_python2(values[name]) for name in dict_order(columns)}


def dump(value: Any, indent: int | None = 2) -> str:
    """json.dump() of Python 2: a blank after every comma, also at the end of a line, and no last newline."""
    return json.dumps(value, indent=indent, separators=(", ", ": "))


def _csv(columns: list[str], rows: list[list[Any]], quote: str) -> str:
    styles: dict[str, Literal[0, 1, 2, 3]] = {
        "all": csv.QUOTE_ALL,
        "minimal": csv.QUOTE_MINIMAL,
        "none": csv.QUOTE_NONE,
        "nonnumeric": csv.QUOTE_NONNUMERIC,
    }
    out = io.StringIO()
    writer = csv.writer(out, quoting=styles[quote], lineterminator="\n")
    try:
        writer.writerow(columns)
        writer.writerows([[text(cell) if isinstance(cell, dict | list) else cell for cell in row] for row in rows])
    except csv.Error as error:
        raise FormatError(str(error)) from error
    return out.getvalue()


def _yaml(value: Any) -> str:
    yaml = late.load("yaml")  # not at the top: only this format pays for it

    return str(yaml.safe_dump(value, default_flow_style=False))


def _shell(fields: list[tuple[str, Any]], arguments: Arguments) -> str:
    wanted = arguments.every("--variable")
    prefix = arguments.text("--prefix")
    lines = []
    for name, value in fields:
        if not wanted or name in wanted:
            shown = text(value).replace('"', '\\"')
            lines.append(f'{prefix}{name.lower().replace(" ", "_")}="{shown}"\n')
    return "".join(lines)


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, left: bool = False) -> str:
    """A framed table; numbers to the right unless `left`, as the first row's types say."""
    cells = [[text(cell).split("\n") for cell in row] for row in rows]
    widths = [max([len(name), *(_widest(row[index]) for row in cells)]) for index, name in enumerate(columns)]
    right = [bool(rows) and not left and type(rows[0][index]) in (int, float) for index in range(len(columns))]
    frame = "+" + "+".join("-" * (width + 2) for width in widths) + "+\n"
    lines = [_line(level, widths, right) for row in cells for level in zip_longest(*row, fillvalue="")]
    return "".join([frame, _line(columns, widths, right), frame, *lines, frame])


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = [
        " " * (width - _width(cell)) + cell if to_right else cell + " " * (width - _width(cell))
        for cell, width, to_right in zip(cells, widths, right, strict=True)
    ]
    return "| " + " | ".join(padded) + " |\n"


def _widest(lines: Sequence[str]) -> int:
    return max(_width(line) for line in lines)


def _width(shown: str) -> int:
    return sum(2 if ord(letter) >= 0x1100 and _wide(letter) else 1 for letter in shown)


def _wide(letter: str) -> bool:
    import unicodedata

    return unicodedata.east_asian_width(letter) in ("W", "F")
