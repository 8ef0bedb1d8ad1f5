"""mysql and mysqldump (MariaDB 10.1), mongo and mongodump (2.6), redis-cli (3.2)."""

# ruff: noqa: E501  what a tool prints stands in one line here as it does there

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Any, TextIO

from osp_compile.simulator import sandbox
from osp_compile.simulator.call import Call, Refused
from osp_compile.simulator.options import Parsed, parse
from osp_compile.simulator.registry import event, tool
from osp_compile.simulator.world import World

CLIENT_VALUES = {
    "--defaults-extra-file": "extra", "--defaults-file": "file", "-u": "user", "--user": "user", "-p": "password", "--password": "password",
    "-h": "host", "--host": "host", "-P": "port", "--port": "port", "-S": "socket", "--socket": "socket",
}  # fmt: skip
MYSQL_FLAGS = {
    "-s": "silent", "--silent": "silent", "-N": "bare", "--skip-column-names": "bare", "-B": "batch", "--batch": "batch", "-r": "raw", "--raw": "raw",
    "--no-defaults": "no-defaults", "-V": "version", "--version": "version",
}  # fmt: skip
DUMP_FLAGS = {
    "--opt": "opt", "--all-databases": "all", "-A": "all", "--databases": "databases", "-B": "databases", "--single-transaction": "single",
    "--events": "events", "-E": "events", "--routines": "routines", "-R": "routines", "--triggers": "triggers", "--quick": "quick", "-q": "quick",
    "--skip-lock-tables": "skip-lock", "--lock-tables": "lock", "--flush-privileges": "flush", "--hex-blob": "hex", "--skip-comments": "skip-comments",
    "--no-defaults": "no-defaults",
}  # fmt: skip


def login(call: Call, world: World, asked: Parsed, name: str) -> dict[str, Any]:
    """The database this host's client reaches, or the client's refusal."""
    state = world.state
    database = state["mysql"] if call.host == "undercloud" else state["galera"]
    if database is None or (call.host != "undercloud" and call.host not in database["nodes"]):
        raise Refused(127, f"bash: {name}: command not found")
    home = call.env.get("HOME", "/")
    settings: dict[str, str] = {}
    if "no-defaults" not in asked.flags:
        places = (
            [asked.values["file"]]
            if "file" in asked.values
            else ["/etc/my.cnf", asked.values.get("extra", ""), f"{home}/.my.cnf"]
        )
        for place in filter(None, places):
            path = world.path(call.host, place if place.startswith("/") else f"{call.cwd}/{place}")
            if not _readable(call, place, path):
                if place in (asked.values.get("extra"), asked.values.get("file")):
                    raise Refused(
                        1,
                        f"Could not open required defaults file: {place}\nFatal error in defaults handling. Program aborted",
                    )
                continue
            settings |= read_cnf(path.read_text(), name)
    user = asked.values.get("user", settings.get("user", call.user))
    password = asked.values.get("password", settings.get("password", ""))
    up = state["hosts"][call.host]["units"].get("mariadb.service", {"active": "active"})["active"] == "active"
    if not up or (call.host != "undercloud" and not database["nodes"][call.host]["running"]):
        text = "Can't connect to local MySQL server through socket '/var/lib/mysql/mysql.sock' (2)"
        raise Refused(
            2 if name == "mysqldump" else 1,
            f'mysqldump: Got error: 2002: "{text}" when trying to connect'
            if name == "mysqldump"
            else f"ERROR 2002 (HY000): {text}",
        )
    if user != "root" or password != database["password"]:
        text = f"Access denied for user '{user}'@'localhost' (using password: {'YES' if password else 'NO'})"
        raise Refused(
            2 if name == "mysqldump" else 1,
            f'mysqldump: Got error: 1045: "{text}" when trying to connect'
            if name == "mysqldump"
            else f"ERROR 1045 (28000): {text}",
        )
    found: dict[str, Any] = database
    return found


def _readable(call: Call, place: str, path: Path) -> bool:
    if call.user != "root" and any(place == f"/{one}" or place.startswith(f"/{one}/") for one in sandbox.ROOTS_ONLY):
        return False
    return path.is_file()


def read_cnf(text: str, name: str) -> dict[str, str]:
    """The settings of [client] and [NAME]: # starts a comment outside quotes, backslashes are escapes."""
    found: dict[str, str] = {}
    section = ""
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif section in ("client", name) and line and not line.startswith(("#", ";")):
            key, _, value = line.partition("=")
            found[key.strip()] = _cnf_value(value.strip())
    return found


def _cnf_value(text: str) -> str:
    escapes = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "s": " ", '"': '"', "'": "'", "\\": "\\"}
    quote = text[0] if text[:1] in ('"', "'") and text[-1:] == text[:1] and len(text) > 1 else ""
    body = text[1:-1] if quote else re.sub(r"\s*#.*$", "", text)
    return re.sub(r"\\(.)", lambda match: escapes.get(match[1], "\\" + match[1]), body)


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


@tool("mysqldump")
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
        world.advance(60)
        names = sorted([*database["schemas"], "mysql"]) if "all" in asked.flags else asked.rest
        return _dump(call, database, names, out, world)
    finally:
        if out is not call.stdout:
            out.close()
            world.touch()


def _result_file(call: Call, world: World, name: str) -> TextIO:
    absolute = name if name.startswith("/") else f"{call.cwd}/{name}"
    allowed = call.user == "root" or absolute.startswith((f"{sandbox.home_of(call.user)}/", "/tmp/", "/var/tmp/"))
    path = world.path(call.host, absolute)
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


def _dump(call: Call, database: dict[str, Any], names: list[str], out: TextIO, world: World) -> int:
    out.write(
        "-- MySQL dump 10.16  Distrib 10.1.20-MariaDB, for Linux (x86_64)\n--\n-- Host: localhost    Database: \n"
    )
    for index, name in enumerate(names):
        if call.fault in ("cut", "disk-full") and index >= len(names) // 2:
            out.flush()
            raise Refused(5 if call.fault == "disk-full" else 3, f"mysqldump: Got errno {28 if call.fault == 'disk-full' else 32} on write" if call.fault == "disk-full"
                          else "mysqldump: Error 2013: Lost connection to MySQL server during query when dumping table `events` at row: 1042")  # fmt: skip
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
        f"/*!40101 SET SQL_NOTES=@OLD_SQL_NOTES */;\n\n-- Dump completed on {time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(world.now()))}\n"
    )
    return 0


def mongo_host(call: Call, world: World, where: str, ipv6: bool) -> str:
    """The mongo node at an address (or this one), if it answers."""
    mongo = world.state["mongo"]
    hosts = world.state["hosts"]
    if call.host == "undercloud":
        if hosts["undercloud"]["units"].get("mongod.service", {}).get("active") == "active":
            return "undercloud"
        raise Refused(1, "exception: connect failed")
    if mongo is None:
        raise Refused(127, f"bash: {call.tool}: command not found")
    given, colon, port = where.rsplit("/", 1)[-1].split(",")[0].rpartition(":")
    # the last part of an address without brackets is taken for its port
    name = (given if colon else port).strip("[]") or call.host
    if ":" in name and not ipv6:
        name = ""  # IPv6 is off unless it is asked for
    for node, what in mongo["nodes"].items():
        here = name in ("localhost", "127.0.0.1") and node == call.host
        meant = here or name in (node, hosts[node]["address"], hosts[node]["fqdn"])
        if meant and what["up"] and hosts[node]["up"]:
            return str(node)
    raise Refused(
        1,
        "Failed: error connecting to db server: no reachable servers"
        if call.tool == "mongodump"
        else "exception: connect failed",
    )


def mongo_member(host: dict[str, Any]) -> str:
    """A member as the replica set names it."""
    address = str(host["address"])
    return f"[{address}]:27017" if ":" in address else f"{address}:27017"


@tool("mongo")
def mongo(call: Call, world: World) -> int:
    values = {"--host": "host", "--port": "port", "--eval": "eval", "-u": "user", "-p": "password"}
    asked = parse(
        call.argv,
        {"--quiet": "quiet", "--ipv6": "ipv6", "--nodb": "nodb", "--ssl": "ssl"},
        values,
        "Error parsing command line: unrecognised option '%s'",
        2,
    )
    where = asked.values.get("host", "")
    if asked.rest and "/" in asked.rest[0]:
        where = asked.rest[0].split("/")[0].rsplit(":", 1)[0]
    node = mongo_host(call, world, where, "ipv6" in asked.flags)
    if "quiet" not in asked.flags:
        call.stdout.write("MongoDB shell version: 2.6.11\nconnecting to: test\n")
    script = re.sub(r"\s+", "", asked.values.get("eval") or call.stdin.read().decode())
    state = world.state["mongo"]
    hosts = world.state["hosts"]
    if node == "undercloud":
        call.stdout.write("true\n" if "ismaster" in script else "1\n")
        return 0
    primary = mongo_member(hosts[state["primary"]]) if state["primary"] else ""
    mine = node == state["primary"]
    is_master = {
        "setName": state["replica_set"],
        "ismaster": mine,
        "secondary": not mine,
        "hosts": [mongo_member(hosts[one]) for one in state["nodes"]],
        "primary": primary,
        "me": mongo_member(hosts[node]),
        "ok": 1,
    }
    if "isMaster().primary" in script:
        call.stdout.write(f"{primary or 'undefined'}\n")
    elif "isMaster().ismaster" in script:
        call.stdout.write(f"{str(mine).lower()}\n")
    elif "isMaster()" in script:
        call.stdout.write(json.dumps(is_master) + "\n")
    elif "rs.status()" in script:
        members = [
            {
                "name": mongo_member(hosts[one]),
                "health": int(what["up"]),
                "stateStr": "PRIMARY" if one == state["primary"] else "SECONDARY",
            }
            for one, what in state["nodes"].items()
        ]
        call.stdout.write(
            (
                str(int(bool(state["replica_set"])))
                if ".ok" in script
                else json.dumps({"set": state["replica_set"], "members": members, "ok": 1})
            )
            + "\n"
        )
    else:
        raise Refused(1, "SyntaxError: Unexpected token")
    return 0


@tool("mongodump")
def mongodump(call: Call, world: World) -> int:
    values = {"--host": "host", "-h": "host", "--port": "port", "--out": "out", "-o": "out", "--db": "db", "-d": "db"}
    asked = parse(
        call.argv,
        {"--oplog": "oplog", "--quiet": "quiet", "--ipv6": "ipv6", "--journal": "journal"},
        values,
        "error parsing command line options: unknown option %s",
        1,
    )
    node = mongo_host(call, world, asked.values.get("host", ""), "ipv6" in asked.flags)
    replica = node != "undercloud" and world.state["mongo"]["replica_set"]
    if "oplog" in asked.flags and not replica:
        raise Refused(1, "Failed: oplog mode is only supported on full dumps of a replica set member")
    out = asked.values.get("out", "dump")
    target = out if out.startswith("/") else f"{call.cwd}/{out}"
    folder = world.path(call.host, target)
    if call.user != "root" and not target.startswith((f"{sandbox.home_of(call.user)}/", "/tmp/", "/var/tmp/")):
        raise Refused(
            1,
            f"Failed: error creating directory for metadata file {target}/ceilometer: mkdir {target}: permission denied",
        )
    names = world.state["mongo"]["databases"] if node != "undercloud" else ["zaqar"]
    world.advance(30)
    for index, name in enumerate(names):
        if name == "local":
            continue
        (folder / name).mkdir(parents=True, exist_ok=True)
        call.stderr.write(f"writing {name}.meter to {out.rstrip('/')}/{name}/meter.bson\n")
        (folder / name / "meter.bson").write_bytes(b"\x16\x00\x00\x00\x07_id\x00" + bytes(12) + b"\x00")
        (folder / name / "meter.metadata.json").write_text("{}")
        world.touch()
        if call.fault in ("cut", "disk-full") and index == 0:
            raise Refused(
                1, f"Failed: error writing data for collection `{name}.meter` to disk: no space left on device"
            )
    if "oplog" in asked.flags:
        call.stderr.write(f"writing captured oplog to {out.rstrip('/')}/oplog.bson\n")
        (folder / "oplog.bson").write_bytes(b"")
    return 0


@tool("redis-cli")
def redis_cli(call: Call, world: World) -> int:
    redis = world.state["redis"]
    if redis is None or call.host not in redis["nodes"]:
        raise Refused(127, "bash: redis-cli: command not found")
    values = {"-h": "host", "-p": "port", "-a": "auth", "-n": "db", "-r": "repeat"}
    words, split_at = list(call.argv), 0
    while split_at < len(words) and words[split_at].startswith("-"):
        split_at += 2 if words[split_at] in values else 1
    asked = parse(
        words[:split_at],
        {"--raw": "raw", "--no-raw": "no-raw", "-x": "stdin"},
        values,
        "Unrecognized option or bad number of args for: '%s'",
        1,
    )
    host = asked.values.get("host", "127.0.0.1")
    node = redis["master"] if host == redis["vip"] else _redis_node(world, call.host, host)
    if node is None or not world.state["hosts"].get(node, {}).get("up"):
        raise Refused(1, f"Could not connect to Redis at {host}:{asked.values.get('port', '6379')}: Connection refused")
    session = {"auth": asked.values.get("auth") == redis["password"]}
    if words[split_at:]:
        _redis_say(call, redis_command(world, node, session, words[split_at:]))
        return 0
    if not os.isatty(call.fds[0]):
        for line in call.stdin:
            arguments = redis_words(line.decode("utf-8", "surrogateescape").rstrip("\n"))
            if arguments is None:
                call.stdout.write("Invalid argument(s)\n")
            elif arguments:
                _redis_say(call, redis_command(world, node, session, arguments))
    return 0


def _redis_node(world: World, here: str, name: str) -> str | None:
    if name in ("127.0.0.1", "localhost", "::1"):
        return here
    return next(
        (
            node
            for node in world.state["redis"]["nodes"]
            if name in (node, world.state["hosts"][node]["address"], world.state["hosts"][node]["fqdn"])
        ),
        None,
    )


def redis_words(line: str) -> list[str] | None:  # noqa: C901  one branch an option or answer
    """A line split as redis-cli does: quotes may begin inside a word, and must close at one's end; None if they do not."""
    words: list[str] = []
    index = 0
    while index < len(line):
        if line[index].isspace():
            index += 1
            continue
        word, quote = "", ""
        while index < len(line):
            letter = line[index]
            index += 1
            if quote == '"' and letter == "\\" and index < len(line):
                word += {"n": "\n", "r": "\r", "t": "\t"}.get(line[index], line[index])
                index += 1
            elif quote == "'" and letter == "\\" and line[index : index + 1] == "'":
                word += "'"
                index += 1
            elif quote and letter == quote:
                if index < len(line) and not line[index].isspace():
                    return None
                quote = ""
                break
            elif not quote and letter in "\"'":
                quote = letter
            elif not quote and letter.isspace():
                break
            else:
                word += letter
        if quote:
            return None
        words.append(word)
    return words


def _redis_say(call: Call, text: str) -> None:
    call.stdout.write(text if text.endswith("\n") else text + "\n")


def redis_command(world: World, node: str, session: dict[str, bool], words: list[str]) -> str:  # noqa: C901  one branch an option or answer
    redis = world.state["redis"]
    name = words[0].lower()
    if name == "auth":
        session["auth"] = len(words) > 1 and words[1] == redis["password"]
        return "OK" if session["auth"] else "ERR invalid password\n"
    if not session["auth"]:
        return "NOAUTH Authentication required.\n"
    master = node == redis["master"]
    if name == "ping":
        return "PONG"
    if name == "quit":
        return "OK"
    if name == "lastsave":
        return str(redis["lastsave"])
    if name == "role":
        return "master\n0" if master else "slave"
    if name == "config" and len(words) > 2 and words[1].lower() == "get":
        values = {"dir": redis["dir"], "dbfilename": "dump.rdb"}
        return f"{words[2]}\n{values[words[2]]}" if words[2] in values else "\n"
    if name == "bgsave":
        if redis["bgsave"] is not None:
            return "ERR Background save already in progress\n"
        ends = world.state["clock"] + redis.get("bgsave_seconds", 6)
        redis["bgsave"] = ends
        world.at(ends, "bgsave_ends", node=node)
        return "Background saving started"
    if name == "info":
        return _redis_info(redis, master, words[1].lower() if len(words) > 1 else "")
    return f"ERR unknown command '{words[0]}'\n"


def _redis_info(redis: dict[str, Any], master: bool, section: str) -> str:
    text = ""
    if section in ("", "persistence"):
        lines = [
            "# Persistence", "loading:0", "rdb_changes_since_last_save:12", f"rdb_bgsave_in_progress:{int(redis['bgsave'] is not None)}",
            f"rdb_last_save_time:{redis['lastsave']}", f"rdb_last_bgsave_status:{redis['status']}", "rdb_last_bgsave_time_sec:0",
            f"rdb_current_bgsave_time_sec:{0 if redis['bgsave'] is not None else -1}", "aof_enabled:0",
        ]  # fmt: skip
        text += "".join(f"{line}\r\n" for line in lines)
    if section in ("", "replication"):
        lines = ["# Replication", f"role:{'master' if master else 'slave'}"]
        lines += (
            [f"connected_slaves:{len(redis['nodes']) - 1}"]
            if master
            else [f"master_host:{redis['master']}", "master_link_status:up"]
        )
        text += "".join(f"{line}\r\n" for line in lines)
    return text or "\r\n"


@event("bgsave_ends")
def bgsave_ends(world: World, node: str) -> None:
    """The dump lies on the node that saved, which is the one that was the master when it was asked."""
    redis = world.state["redis"]
    if redis["bgsave"] is None:
        return
    redis["bgsave"] = None
    if redis.get("bgsave_fails"):
        redis["status"] = "err"
        return
    redis["status"], redis["lastsave"] = "ok", max(world.now(), redis["lastsave"] + 1)
    path = world.path(node, f"{redis['dir']}/dump.rdb")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(f"REDIS0007 saved at {world.now()}\n".encode() + b"\xff")
    world.touch()
