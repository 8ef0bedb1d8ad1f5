"""mysql (MariaDB 10.1)."""

# ruff: noqa: E501  what a tool prints stands in one line here as it does there

from __future__ import annotations

import re
from typing import Any

from osp_compile.simulator.call import Call, Refused
from osp_compile.simulator.options import parse
from osp_compile.simulator.registry import tool
from osp_compile.simulator.world import World

from .mysql_login import CLIENT_VALUES, login

MYSQL_FLAGS = {
    "-s": "silent", "--silent": "silent", "-N": "bare", "--skip-column-names": "bare", "-B": "batch", "--batch": "batch", "-r": "raw", "--raw": "raw",
    "--no-defaults": "no-defaults", "-V": "version", "--version": "version",
}  # fmt: skip


@tool("mysql")
def mysql(call: Call, world: World) -> int:
    asked = parse(
        call.argv, MYSQL_FLAGS, {**CLIENT_VALUES, "-e": "execute", "--execute": "execute", "-D": "database"}, "mysql: unknown option '%s'", 2,
        frozenset({"-p", "--password"}),
    )  # fmt: skip
    if "version" in asked.flags:
        call.stdout.write("mysql  Ver 15.1 Distrib 10.1.20-MariaDB, for Linux (x86_64) using readline 5.1\n")
        return 0
    database = login(call, world, asked, "mysql")
    query = asked.values.get("execute") or call.stdin.read().decode()
    for statement in filter(
        None, (part.strip() for part in re.findall(r"(?:'[^']*'|\"(?:[^\"\\\\]|\\\\.)*\"|[^;'\"])+", query))
    ):
        heading, rows = answer(database, statement, world, call.host)
        if "bare" not in asked.flags and heading:
            call.stdout.write("\t".join(heading) + "\n")
        for row in rows:
            call.stdout.write("\t".join(row) + "\n")
    return 0


def answer(database: dict[str, Any], query: str, world: World, host: str) -> tuple[list[str], list[list[str]]]:  # noqa: C901  one branch an option or answer
    """The queries of the chapter; anything else is a syntax error."""
    flat = re.sub(r"\s+", " ", query).strip().lower()
    users = database.get("users", [])
    if flat.startswith("select distinct table_schema from information_schema.tables where engine='innodb'"):
        return ["table_schema"], [[name] for name in sorted(database["schemas"])]
    if "from mysql.user" in flat:
        rows = [
            [f"\"SHOW GRANTS FOR '{user}'@'{where}';\""] if "concat" in flat else [user, where] for user, where in users
        ]
        if "concat" in flat and '\\"' not in query and '"show' not in flat:
            rows = [
                [f"SHOW GRANTS FOR '{user}'@'{where}'" + (";" if ";''" in query or "';'" in query else "")]
                for user, where in users
            ]
        return ["user", "host"][: len(rows[0])] if rows else [], rows
    match = re.match(r"show grants for ['`]?([^'`@]+)['`]?@['`]?([^'`]+?)['`]?$", flat)
    if match:
        if [match[1], match[2]] not in users:
            raise Refused(
                1,
                f"ERROR 1141 (42000) at line 1: There is no such grant defined for user '{match[1]}' on host '{match[2]}'",
            )
        name = f"'{match[1]}'@'{match[2]}'"
        return [f"Grants for {match[1]}@{match[2]}"], [
            [f"GRANT USAGE ON *.* TO {name} IDENTIFIED BY PASSWORD '*2470C0C0'"],
            [f"GRANT ALL PRIVILEGES ON `{match[1]}`.* TO {name}"],
        ]
    if flat.startswith("show databases"):
        return ["Database"], [[name] for name in ("information_schema", "mysql", *sorted(database["schemas"]))]
    if "wsrep_" in flat:
        synced = database.get("nodes", {}).get(host, {}).get("synced", True)
        values = {
            "wsrep_local_state_comment": "Synced" if synced else "Donor/Desynced",
            "wsrep_cluster_size": str(len(database.get("nodes", {}))),
            "wsrep_ready": "ON" if synced else "OFF",
        }
        return ["Variable_name", "Value"], [
            [key, value] for key, value in values.items() if key in flat or "wsrep_%" in flat
        ]
    if re.match(r"select (1|@@version|version\(\))$", flat):
        return ["1"], [["1" if flat.endswith("1") else "10.1.20-MariaDB"]]
    if "data_length" in flat:
        return ["size"], [[str(len(database["schemas"]) * 50_000_000)]]
    heat = world.state.get("heat", {}).get("undercloud", {})
    if "from heat.stack" in flat or "from stack" in flat:
        return ["count"], [[str(len(heat.get("deleted", [])))]]
    raise Refused(
        1,
        "ERROR 1064 (42000) at line 1: You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version",
    )
