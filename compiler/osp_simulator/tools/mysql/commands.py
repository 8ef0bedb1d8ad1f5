"""mysql (MariaDB 10.1)."""

from __future__ import annotations

import re

from osp_simulator.engine.call import Call
from osp_simulator.engine.options import parse
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.tools.mysql.login import CLIENT_VALUES, login
from osp_simulator.tools.mysql.server import answer

MYSQL_FLAGS = {
    "-s": "silent", "--silent": "silent", "-N": "bare", "--skip-column-names": "bare",
    "-B": "batch", "--batch": "batch", "-r": "raw", "--raw": "raw",
    "--no-defaults": "no-defaults", "-V": "version", "--version": "version",
}  # fmt: skip


def _escaped(value: str) -> str:
    """As one word of a row: without --raw a backslash in a name comes out as two."""
    return value.translate({ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", 0: "\\0"})


@tool("mysql", facts=Facts(reaches="site", inline=False, waits=True, shows=("cut-quietly",)))
def mysql(call: Call, world: World) -> int:
    asked = parse(
        call.argv, MYSQL_FLAGS, {**CLIENT_VALUES, "-e": "execute", "--execute": "execute"},
        "mysql: unknown option '%s'", 2,
        frozenset({"-p", "--password"}),
    )  # fmt: skip
    if "version" in asked.flags:
        call.stdout.write("mysql  Ver 15.1 Distrib 10.1.20-MariaDB, for Linux (x86_64) using readline 5.1\n")
        return 0
    database = login(call, world, asked, "mysql")
    query = asked.values.get("execute") or call.stdin.read().decode()
    for statement in filter(
        None, (part.strip() for part in re.findall(r"(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|[^;'\"])+", query))
    ):
        heading, rows = answer(database, statement, world, call.host)
        if "bare" not in asked.flags and heading:
            call.stdout.write("\t".join(heading) + "\n")
        for row in rows:
            call.stdout.write("\t".join(row if "raw" in asked.flags else map(_escaped, row)) + "\n")
        if call.fault == "cut-quietly":
            break
    return 0
