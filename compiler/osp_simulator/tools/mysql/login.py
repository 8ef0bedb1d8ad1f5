"""How MariaDB's clients reach a database: the options they share, their defaults files, the server's refusals."""

# ruff: noqa: E501  what a tool prints stands in one line here as it does there

from __future__ import annotations

import re
from pathlib import Path

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.options import Parsed
from osp_simulator.engine.world import World
from osp_simulator.hosts import sandbox
from osp_simulator.state.control_plane import Galera, Mysql

CLIENT_VALUES = {
    "--defaults-extra-file": "extra", "--defaults-file": "file", "-u": "user", "--user": "user", "-p": "password", "--password": "password",
    "-h": "host", "--host": "host", "-P": "port", "--port": "port", "-S": "socket", "--socket": "socket",
}  # fmt: skip


def login(call: Call, world: World, asked: Parsed, name: str) -> Galera | Mysql:
    """The database this host's client reaches, or the client's refusal."""
    state = world.state
    galera = galera_at(world, call.host)
    if call.host != "undercloud" and (galera is None or call.host not in galera["nodes"]):
        raise Refused(127, f"bash: {name}: command not found")
    database = galera or state["mysql"]
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
    if not up or (galera and not galera["nodes"][call.host]["running"]):
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
    return database


def galera_at(world: World, host: str) -> Galera | None:
    """The cluster that a host's database is of; the undercloud's is a database by itself."""
    return None if host == "undercloud" else world.state["galera"]


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
