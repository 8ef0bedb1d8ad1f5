"""mysqldump (MariaDB 10.1)."""

# ruff: noqa: E501  a line that a tool prints stays one line here

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TextIO

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.options import parse
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.state.control_plane import Galera, Mysql
from osp_simulator.tools.mysql.login import CLIENT_VALUES, login

DUMP_FLAGS = {
    "--opt": "opt", "--all-databases": "all", "-A": "all", "--databases": "databases", "-B": "databases", "--single-transaction": "single",
    "--events": "events", "-E": "events", "--routines": "routines", "-R": "routines", "--triggers": "triggers", "--quick": "quick", "-q": "quick",
    "--skip-lock-tables": "skip-lock", "--lock-tables": "lock", "--flush-privileges": "flush", "--hex-blob": "hex",
    "--no-defaults": "no-defaults",
}  # fmt: skip


@tool("mysqldump", facts=Facts(reaches="site", inline=False, waits=True, shows=("cut", "cut-quietly", "disk-full")))
def mysqldump(call: Call, world: World) -> int:
    asked = parse(
        call.argv, DUMP_FLAGS, {**CLIENT_VALUES, "--result-file": "result", "-r": "result"}, "mysqldump: unknown option '%s'", 2,
        frozenset({"-p", "--password"}),
    )  # fmt: skip
    if not asked.flags & {"all", "databases"} and not asked.rest:
        raise Refused(1, "Usage: mysqldump [OPTIONS] database [tables]\nOR     mysqldump [OPTIONS] --databases [OPTIONS] DB1 [DB2 DB3...]\nOR     mysqldump [OPTIONS] --all-databases [OPTIONS]\n"
                         "For more options, use mysqldump --help")  # fmt: skip
    out: TextIO = call.stdout
    if "result" in asked.values:
        out = _result_file(call, world, asked.values["result"])
    try:
        database = login(call, world, asked, "mysqldump")
        world.clock.advance(60)
        names = sorted([*database["schemas"], "mysql"]) if "all" in asked.flags else asked.rest
        return _dump(call, database, names, out, world)
    finally:
        if out is not call.stdout:
            out.close()
            world.changes.touch()


def _result_file(call: Call, world: World, name: str) -> TextIO:
    absolute = name if name.startswith("/") else f"{call.cwd}/{name}"
    allowed = call.user == "root" or absolute.startswith(
        (f"{world.files.home_of(call.host, call.user)}/", "/tmp/", "/var/tmp/")
    )
    path = world.files.path(call.host, absolute)
    if not allowed or not path.parent.is_dir():
        reason = "No such file or directory" if allowed else "Permission denied"
        raise Refused(
            1, f"mysqldump: Can't create/write to file '{name}' (Errcode: {2 if allowed else 13} \"{reason}\")"
        )
    stream = path.open("w", encoding="utf-8")
    umask = _umask(call.pid)
    path.chmod(0o666 & ~umask)
    return stream


def _umask(pid: int) -> int:
    try:
        match = re.search(r"^Umask:\s*(\d+)", Path(f"/proc/{pid}/status").read_text(), re.M)
    except OSError:
        return 0o022
    return int(match[1], 8) if match else 0o022


def _dump(call: Call, database: Galera | Mysql, names: list[str], out: TextIO, world: World) -> int:
    out.write(
        "-- MySQL dump 10.16  Distrib 10.1.20-MariaDB, for Linux (x86_64)\n--\n-- Host: localhost    Database: \n"
    )
    for index, name in enumerate(names):
        if index >= len(names) // 2:
            if call.fault == "cut-quietly":
                return 0
            _break_off(call.fault, out)
        if name != "mysql" and name not in database["schemas"]:
            out.flush()
            raise Refused(2, f"mysqldump: Got error: 1049: \"Unknown database '{name}'\" when selecting the database")
        out.write(
            f"\n--\n-- Current Database: `{name}`\n--\n\nCREATE DATABASE /*!32312 IF NOT EXISTS*/ `{name}` /*!40100 DEFAULT CHARACTER SET utf8 */;\n\nUSE `{name}`;\n"
        )
        for table in database["schemas"].get(name, ["user"]):
            out.write(
                f"DROP TABLE IF EXISTS `{table}`;\nCREATE TABLE `{table}` (\n  `id` int(11) NOT NULL\n) ENGINE=InnoDB;\n"
            )
    out.write(
        f"/*!40101 SET SQL_NOTES=@OLD_SQL_NOTES */;\n\n-- Dump completed on {time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(world.clock.now()))}\n"
    )
    return 0


def _break_off(fault: str, out: TextIO) -> None:
    """Refused if the dump is to end half way."""
    if fault == "disk-full":
        out.flush()
        raise Refused(5, "mysqldump: Got errno 28 on write")
    if fault == "cut":
        out.flush()
        lost = "Lost connection to MySQL server during query when dumping table `events` at row: 1042"
        raise Refused(3, f"mysqldump: Error 2013: {lost}")
