"""Lists with lawful but odd contents read alike in every form; one that is not whole is refused by its line."""

from __future__ import annotations

import csv
import io
import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osp_compile.diagnostics import Diagnostic
from osp_compile.importing import baremetal, server_list, tables
from osp_compile.importing.text import Text, as_seen, read
from osp_compile.text_width import display_pad, display_width

UUIDS = ("11111111-2222-3333-4444-555555555551", "11111111-2222-3333-4444-555555555552")
HEADS = ("ID", "Name", "Networks", "Image Name")
CELLS = st.sampled_from(
    (
        "a",
        "overcloud-compute-0",
        'say "hi", ok',
        "a | b",
        "サーバー",
        "ctlplane=192.0.2.1; in=1.1.1.1",
        "x;y",
        "None?",
        "1",
    )
)
LINES = st.lists(CELLS, min_size=1, max_size=3).map("\n".join)
ROWS = st.lists(st.tuples(CELLS, LINES, CELLS), max_size=2)


def text(body: str) -> Text:
    return Text("list", tuple(body.removesuffix("\n").split("\n")))


def as_table(rows: Sequence[Sequence[str]]) -> str:
    split = [[cell.split("\n") for cell in row] for row in (HEADS, *rows)]
    wide = [max(display_width(line) for row in split for line in row[at]) for at in range(len(HEADS))]
    frame = f"+{'+'.join('-' * (one + 2) for one in wide)}+\n"

    def shown(row: Sequence[Sequence[str]]) -> str:
        made = ""
        for number in range(max(map(len, row))):
            cells = [cell[number] if number < len(cell) else "" for cell in row]
            made += f"| {' | '.join(display_pad(cell, one) for cell, one in zip(cells, wide, strict=True))} |\n"
        return made

    return frame + shown(split[0]) + frame + "".join(map(shown, split[1:])) + frame


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    made = io.StringIO()
    csv.writer(made, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows((HEADS, *rows))
    return made.getvalue()


def as_json(rows: Sequence[Sequence[str]]) -> str:
    return json.dumps([dict(zip(HEADS, row, strict=True)) for row in rows], indent=2)


@settings(deadline=None, max_examples=150)
@given(ROWS)
def test_every_form_reads_alike(cells: list[tuple[str, str, str]]) -> None:
    rows = [(one, *row) for one, row in zip(UUIDS, cells, strict=False)]
    for form in (as_table, as_csv, as_json):
        found = tables.rows(text(form(rows)))
        assert not isinstance(found, Diagnostic), (form.__name__, found)
        assert [tuple(row.cells[head.lower()] for head in HEADS) for row in found] == rows, form.__name__


TABLE = as_table([(UUIDS[0], "a-0", "ctlplane=192.0.2.1", "i"), (UUIDS[1], "b-0", "ctlplane=192.0.2.2", "i")])
WRAPPED = """+------------+-----------+
| ID         | Name      |
+------------+-----------+
| 11111111-2 | overcloud |
| 222-3333-4 | -compute- |
| 444-555555 | 0         |
| 555551     |           |
+------------+-----------+
"""


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        (TABLE.rsplit("+\n", 1)[0].rsplit("\n", 1)[0], 5, "the table has no end: rows may be missing"),
        (TABLE[: TABLE.index("b-0")], 5, "the columns of this row are not those of the table"),
        (WRAPPED, 4, "the table is wrapped, as in a narrow terminal"),
        (as_csv([]) + f'"{UUIDS[0]}","a-0"\n', 2, "this row has 2 cells, and the headings are 4"),
        (as_csv([]) + f'"{UUIDS[0]}","a-0\n', 2, "this is not csv"),
        ('[{"ID": "1",\n "Name": "a', 2, "this is not JSON"),
        ('[{"ID": 1}] $ ls', 1, "this is not JSON"),
        ('[{"ID": 1}]\n$ ls\n[\n {"ID": 2}]', 3, "another list follows this one"),
        ("\n".join(line[:20] for line in TABLE.split("\n")), 1, "this is a piece of a table"),
        ("\n".join(line[2:] for line in TABLE.split("\n")), 1, "this is a piece of a table"),
        ("\n".join(line for line in TABLE.split("\n") if line[:1] != "+"), 1, "this is a piece of a table"),
        (TABLE.translate({ord("+"): "┼", ord("-"): "─", ord("|"): "│"}), 1, "this is a piece of a table"),
        ("[" * 100_000, 0, "this JSON is not a list of rows"),
    ],
)
def test_a_list_that_is_not_whole(body: str, line: int, message: str) -> None:
    problem = tables.rows(text(body))
    assert isinstance(problem, Diagnostic)
    assert problem.message.startswith(message)
    assert problem.span is not None
    assert problem.span.line == line


def test_two_tables_and_what_is_around_them() -> None:
    found = tables.rows(text(f"(undercloud) [stack@u ~]$ openstack server list\n{TABLE}\nTotal: 2\n{TABLE}"))
    assert not isinstance(found, Diagnostic)
    assert [row.text("name") for row in found] == ["a-0", "b-0", "a-0", "b-0"]


def test_warnings_of_the_client_before_json() -> None:
    found = tables.rows(text('WARNING: old\n[\n {"Name": "a-0"}\n]\n'))
    assert not isinstance(found, Diagnostic)
    assert [(row.text("name"), row.span.line) for row in found] == [("a-0", 3)]


@pytest.mark.parametrize(
    "seen",
    [
        lambda text: text.replace("a-0", "\x1b[01;31m\x1b[Ka-0\x1b[m\x1b[K"),
        lambda text: f"\x1b]0;stack@u:~\x07\x1b[?1034h[stack@u ~]$ openstack server list\n{text}[stack@u ~]$ exit\n",
        lambda text: text.replace("\n| ", "\n--More--\r        \r| ", 1),
        lambda text: "".join(f"> {line}\n" for line in text.splitlines()),
        lambda text: "".join(f"    {line}\n" if line else "\n" for line in text.splitlines()),
        lambda text: text.replace("\n", "   \n"),
    ],
    ids=["colours", "recording", "pager", "mail", "indented", "blanks"],
)
def test_a_table_as_it_is_copied_from_a_terminal(seen: Callable[[str], str]) -> None:
    found = tables.rows(as_seen(text(seen(TABLE))))
    assert not isinstance(found, Diagnostic), found
    assert [row.text("name") for row in found] == ["a-0", "b-0"]


def test_json_as_it_is_copied_from_a_terminal() -> None:
    rows = as_json([(UUIDS[0], "a-0", "ctlplane=192.0.2.1", "i")])
    body = f"\x1b[33mWARNING: old\x1b[0m\n[stack@u ~]$ openstack server list -f json\n{rows}\n[stack@u ~]$ \n"
    found = tables.rows(as_seen(text(body)))
    assert not isinstance(found, Diagnostic), found
    assert [row.text("name") for row in found] == ["a-0"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_do_elsewhere(end: str, tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(TABLE.replace("\n", end).encode())
    read_back = read(tmp_path / "list")
    assert isinstance(read_back, Text)
    assert read_back.lines == tuple(TABLE.splitlines())


def test_what_moved_the_cursor_is_not_taken_for_the_text() -> None:
    line = "openstack overcloud deploy --templates -e /a.yaml\x1b[C\x1b[2@-e /x.yaml\b \rmore"
    assert as_seen(text(line)).all == line


def test_a_server_that_is_there_twice() -> None:
    _, problems = server_list.read(text("Name,Networks\na-0,ctlplane=192.0.2.1\na-0,ctlplane=192.0.2.2\n"))
    assert [(one.message, one.span and one.span.line) for one in problems] == [
        ("`a-0` is in the list twice, first on line 2", 3)
    ]


@pytest.mark.parametrize("networks", ["a." * 200_000, "ctlplane=" + "1," * 100_000, "=" * 200_000, "a=" * 100_000])
def test_a_cell_of_any_size_is_read_in_one_go(networks: str) -> None:
    began = time.process_time()
    _, problems = server_list.read(text(json.dumps([{"Name": "a-0", "Networks": networks}])))
    assert time.process_time() - began < 10
    assert all(len(one.message) < 400 for one in problems)


@pytest.mark.parametrize("body", ['{"nodes": 5}', "5", "null", '{"a": 1}', f'{{"nodes": {"9" * 5000}}}'])
def test_an_instackenv_without_a_list(body: str) -> None:
    machines, problems = baremetal.instackenv(text(body))
    assert machines == []
    assert [one.code for one in problems] == ["list-form"]


def test_a_table_without_headings_is_refused_at_its_line() -> None:
    frame = "+----+------+"
    found = tables.rows(text(f"{frame}\n{frame}\n| a  | b    |\n{frame}\n"))
    assert isinstance(found, Diagnostic)
    assert "the table has no headings" in found.message
    assert found.span is not None
    assert found.span.line == 3


def test_no_damage_of_a_table_is_a_traceback() -> None:
    """Lines left out, doubled, swapped with the next one or cut off give rows or a diagnostic, and nothing else."""
    chance = random.Random(20181122)
    for _ in range(2000):
        lines = TABLE.splitlines()
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(lines))
            lines[at : at + 1] = chance.choice(
                [[], [lines[at]] * 2, [*reversed(lines[at : at + 2])], [lines[at][: chance.randrange(40)]]]
            )
            lines = lines or ["|"]
        assert isinstance(tables.rows(text("\n".join(lines) + "\n")), Diagnostic | list)
