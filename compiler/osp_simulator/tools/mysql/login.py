"""How MariaDB's clients reach a database: the options they share, their defaults files, the server's refusals."""

from __future__ import annotations

import re
from pathlib import Path

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.options import Parsed
from osp_simulator.engine.world import World
from osp_simulator.hosts import sandbox
from osp_simulator.state.control_plane import Galera, Mysql

CLIENT_VALUES = {
    "--defaults-extra-file": "extra", "--defaults-file": "file", "-u": "user", "--user": "user",
    "-p": "password", "--password": "password",
}  # fmt: skip


def login(call: Call, world: World, asked: Parsed, name: str) -> Galera | Mysql:
    """The database this host's client reaches, or the client's refusal."""
    state = world.state
    galera = galera_at(world, call.host)
    if call.host != "undercloud" and (galera is None or call.host not in galera["nodes"]):
        raise Refused(127, f"bash: {name}: command not found")
    database = galera or state["mysql"]
    settings = {} if "no-defaults" in asked.flags else _defaults(call, world, asked, name)
    user = asked.values.get("user", settings.get("user", call.user))
    password = asked.values.get("password", settings.get("password", ""))
    if not _runs(world, call.host, galera):
        text = "Can't connect to local MySQL server through socket '/var/lib/mysql/mysql.sock' (2)"
        raise _no_connection(name, "2002", "HY000", text)
    if user != "root" or password != database["password"]:
        text = f"Access denied for user '{user}'@'localhost' (using password: {'YES' if password else 'NO'})"
        raise _no_connection(name, "1045", "28000", text)
    return database


def _defaults(call: Call, world: World, asked: Parsed, name: str) -> dict[str, str]:
    """What the defaults files set; one that the command line names has to be there."""
    home = call.env.get("HOME", "/")
    extra, only = asked.values.get("extra", ""), asked.values.get("file")
    places = ["/etc/my.cnf", extra, f"{home}/.my.cnf"] if only is None else [only]
    settings: dict[str, str] = {}
    for place in filter(None, places):
        path = world.files.path(call.host, place if place.startswith("/") else f"{call.cwd}/{place}")
        if _readable(call, place, path):
            settings |= read_cnf(path.read_text(), name)
        elif place in (extra, only):
            raise Refused(
                1,
                f"Could not open required defaults file: {place}\nFatal error in defaults handling. Program aborted",
            )
    return settings


def _runs(world: World, host: str, galera: Galera | None) -> bool:
    unit = world.state["hosts"][host]["units"].get("mariadb.service")
    if unit is not None and unit["active"] != "active":
        return False
    return galera is None or galera["nodes"][host]["running"]


def _no_connection(name: str, number: str, state: str, text: str) -> Refused:
    if name == "mysqldump":
        return Refused(2, f'mysqldump: Got error: {number}: "{text}" when trying to connect')
    return Refused(1, f"ERROR {number} ({state}): {text}")


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
