"""What MariaDB (10.1) answers to the queries of the chapter."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from osp_simulator.engine.call import Refused
from osp_simulator.engine.world import World
from osp_simulator.state.control_plane import Galera, Mysql
from osp_simulator.tools.mysql.login import galera_at

# A name of an account: in quotes, where backslashes are escapes, in backquotes, or bare.
NAME = r"(?:'(?:[^'\\]|\\.)*'|`[^`]*`|[^'`@ ]+)"
Table = tuple[list[str], list[list[str]]]  # (heading, rows)
SYNTAX = (
    "ERROR 1064 (42000) at line 1: You have an error in your SQL syntax; "
    "check the manual that corresponds to your MariaDB server version"
)


@dataclass(frozen=True)
class Query:
    """`text` is as it was asked, `flat` in lower case on one line, `match` what its pattern found there."""

    text: str
    flat: str
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
    """Register what answers queries in which the pattern is found; the first one that is found answers."""

    def register(function: Answer) -> Answer:
        ANSWERS.append((re.compile(pattern), function))
        return function

    return register


def answer(database: Galera | Mysql, text: str, world: World, host: str) -> Table:
    """Refused, as a syntax error, for any query that the chapter has no use for."""
    flat = re.sub(r"\s+", " ", text).strip().lower()
    for pattern, function in ANSWERS:
        match = pattern.search(flat)
        if match:
            return function(Query(text, flat, match, database, world, host))
    raise Refused(1, SYNTAX)


@answers(r"^select distinct table_schema from information_schema\.tables where engine='innodb'")
def innodb_schemas(query: Query) -> Table:
    return ["table_schema"], [[name] for name in sorted(query.database["schemas"])]


@answers(r"from mysql\.user")
def users(query: Query) -> Table:
    rows = [_user_row(query, user, where) for user, where in query.users]
    return ["user", "host"][: len(rows[0])] if rows else [], rows


def _user_row(query: Query, user: str, where: str) -> list[str]:
    """The two columns, or the statement that the guide has put together of them, in the quotes it was asked with."""
    if "concat" not in query.flat:
        return [user, where]
    if '\\"' in query.text or '"show' in query.flat:
        return [f"\"SHOW GRANTS FOR '{user}'@'{where}';\""]
    end = ";" if ";''" in query.text or "';'" in query.text else ""
    quoted = [
        word.replace("\\", "\\\\").replace("'", "\\'") if "quote(" in query.flat else word for word in (user, where)
    ]
    return [f"SHOW GRANTS FOR '{quoted[0]}'@'{quoted[1]}'{end}"]


@answers(rf"^show grants for (?P<user>{NAME})@(?P<host>{NAME})$")
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


@answers(r"^show databases")
def databases(query: Query) -> Table:
    return ["Database"], [[name] for name in ("information_schema", "mysql", *sorted(query.database["schemas"]))]


@answers(r"wsrep_")
def galera(query: Query) -> Table:
    cluster = galera_at(query.world, query.host)
    nodes = cluster["nodes"] if cluster else {}
    synced = nodes[query.host]["synced"] if query.host in nodes else True
    values = {
        "wsrep_local_state_comment": "Synced" if synced else "Donor/Desynced",
        "wsrep_cluster_size": str(len(nodes)),
        "wsrep_ready": "ON" if synced else "OFF",
    }
    shown = [[key, value] for key, value in values.items() if key in query.flat or "wsrep_%" in query.flat]
    return ["Variable_name", "Value"], shown


@answers(r"^select 1$")
def one(_: Query) -> Table:
    return ["1"], [["1"]]


@answers(r"^select (version|version\(\))$")
def version(query: Query) -> Table:
    return [query.match[1]], [["10.1.20-MariaDB"]]


@answers(r"data_length")
def size(query: Query) -> Table:
    return ["size"], [[str(len(query.database["schemas"]) * 50_000_000)]]


@answers(r"from (heat\.)?stack")
def deleted_stacks(query: Query) -> Table:
    heat = query.world.state.get("heat", {}).get("undercloud")
    return ["count"], [[str(len(heat.get("deleted", [])) if heat else 0)]]
