"""What MariaDB (10.1) answers to the statements of the chapter.

SQLite runs a query, so that no clause of it is passed over.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from osp_simulator.engine.call import Refused
from osp_simulator.engine.world import World
from osp_simulator.state.control_plane import Galera, Mysql
from osp_simulator.tools.mysql.login import galera_at

# A name of an account: in quotes, where backslashes are escapes, in backquotes, or bare.
NAME = r"(?:'(?:[^'\\]|\\.)*'|`[^`]*`|[^'`@ ]+)"
# A text in a statement: in either quotes, which are doubled or after a backslash where they are part of it.
TEXT = re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"", re.S)
Table = tuple[list[str], list[list[str]]]  # (heading, rows)
SYNTAX = (
    "ERROR 1064 (42000) at line 1: You have an error in your SQL syntax; "
    "check the manual that corresponds to your MariaDB server version"
)


@dataclass(frozen=True)
class Query:
    """`text` is as it was asked, on one line; `match` what its pattern found there."""

    text: str
    match: re.Match[str]
    database: Galera | Mysql
    world: World
    host: str

    @property
    def users(self) -> list[list[str]]:
        """[user, host] of each account; the undercloud's are not known."""
        galera = galera_at(self.world, self.host)
        return galera["users"] if galera else []


Answer = Callable[[Query], Table]
ANSWERS: list[tuple[re.Pattern[str], Answer]] = []


def answers(pattern: str) -> Callable[[Answer], Answer]:
    """Register what answers the statements that are as the pattern from end to end, in capitals or not."""

    def register(function: Answer) -> Answer:
        ANSWERS.append((re.compile(pattern, re.I | re.S), function))
        return function

    return register


def answer(database: Galera | Mysql, text: str, world: World, host: str) -> Table:
    """Refused, as a syntax error, for any statement that the chapter has no use for."""
    for pattern, function in ANSWERS:
        match = pattern.fullmatch(text.strip())
        if match:
            return function(Query(text.strip(), match, database, world, host))
    raise Refused(1, SYNTAX)


@answers(r"select\b.*")
def select(query: Query) -> Table:
    """The rows that SQLite finds; the heading is empty where there are none. Refused: what it does not understand."""
    # user names are compared as they are written, what information_schema has is not
    plain = "information_schema" in query.text.lower()
    with closing(sqlite3.connect(":memory:")) as tables:
        tables.create_function("concat", -1, lambda *words: "".join(map(str, words)))
        tables.create_function("quote", 1, _quoted)
        tables.create_function("like", 2, lambda pattern, value: _is_like(str(pattern), str(value), plain=plain))
        _fill(tables, query)
        try:
            found = tables.execute(TEXT.sub(_for_sqlite, query.text))
            rows = [[str(value) for value in row] for row in found]
        except sqlite3.Error:
            raise Refused(1, SYNTAX) from None
        return [column[0] for column in found.description] if rows else [], rows


def _fill(tables: sqlite3.Connection, query: Query) -> None:
    """The two tables that the chapter reads, with the columns that it names."""
    tables.executescript(
        "attach ':memory:' as mysql; create table mysql.user (user text, host text);"
        "attach ':memory:' as information_schema;"
        "create table information_schema.tables"
        " (table_schema text collate nocase, table_name text collate nocase, engine text collate nocase)"
    )
    tables.executemany("insert into mysql.user values (?, ?)", query.users)
    tables.executemany("insert into information_schema.tables values (?, ?, ?)", _tables(query.database))


def _tables(database: Galera | Mysql) -> Iterator[tuple[str, str, str]]:
    """(schema, table, engine) of each; some of the server's own are of InnoDB too."""
    yield from (("mysql", "user", "MyISAM"), ("mysql", "innodb_table_stats", "InnoDB"))
    for schema in sorted(database["schemas"]):
        yield from ((schema, table, "InnoDB") for table in database["schemas"][schema])


def _for_sqlite(text: re.Match[str]) -> str:
    """The same text as SQLite writes it: in single quotes, and with no backslash as an escape."""
    quote, inner = text[0][0], text[0][1:-1]
    # LIKE has escapes of its own: MariaDB leaves those of % and _ to it
    inner = re.sub(rf"{quote}{quote}|\\([^%_])", lambda escape: escape[1] or quote, inner, flags=re.S)
    return "'" + inner.replace("'", "''") + "'"


def _is_like(pattern: str, value: str, *, plain: bool) -> bool:
    """LIKE: % is any text and _ any character, unless a backslash is before it; `plain` takes no notice of capitals."""
    words = {"%": ".*", "_": "."}
    parts = re.findall(r"\\.|.", pattern, re.S)
    wanted = "".join(words.get(part) or re.escape(part[-1]) for part in parts)
    return re.fullmatch(wanted, value, re.S | (re.I if plain else 0)) is not None


def _quoted(value: str) -> str:
    """QUOTE(): a text that a statement can hold."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


@answers(rf"show grants for (?P<user>{NAME})@(?P<host>{NAME})")
def grants(query: Query) -> Table:
    user, host = (
        re.sub(r"\\(.)", r"\1", query.match[name].strip("`").removeprefix("'").removesuffix("'"))
        for name in ("user", "host")
    )
    if [user, host] not in query.users:
        raise Refused(
            1, f"ERROR 1141 (42000) at line 1: There is no such grant defined for user '{user}' on host '{host}'"
        )
    return [f"Grants for {user}@{host}"], [
        [f"GRANT USAGE ON *.* TO '{user}'@'{host}' IDENTIFIED BY PASSWORD '*2470C0C0'"],
        [f"GRANT ALL PRIVILEGES ON `{user}`.* TO '{user}'@'{host}'"],
    ]


@answers("show databases")
def databases(query: Query) -> Table:
    return ["Database"], [[name] for name in ("information_schema", "mysql", *sorted(query.database["schemas"]))]
