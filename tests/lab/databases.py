"""What a MariaDB holds, as facts to compare: of a source, and of a fresh server that its dump was loaded into."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.machines import wait

# SQL in, rows of tab-separated words out.
Ask = Callable[[str], list[list[str]]]
OWN = "('information_schema', 'performance_schema', 'sys')"


def facts(ask: Ask, without: str = "") -> dict[str, str]:
    """{place: value} of schemas, tables (rows and checksum), views, routines, events, triggers, users and grants.

    `without` names one more schema that is left out: a dump of the services' schemas has no `mysql`.
    """
    found: dict[str, str] = {}
    others = f"NOT IN {OWN[:-1]}, '{without}')" if without else f"NOT IN {OWN}"
    for name, charset in ask(
        f"SELECT schema_name, default_character_set_name FROM information_schema.schemata WHERE schema_name {others}"
    ):
        found[f"schema {name}"] = charset
    tables = "SELECT table_schema, table_name, table_type, engine FROM information_schema.tables"
    for schema, table, kind, engine in ask(f"{tables} WHERE table_schema {others}"):
        found |= _of_table(ask, schema, table, kind, engine)
    for what, query in _PROGRAMS.items():
        for place, *words in ask(query.format(others=others)):
            found[f"{what} {place}"] = "\t".join(words)
    found |= _of_users(ask, "" if without != "mysql" else "root")
    return found


def _of_table(ask: Ask, schema: str, table: str, kind: str, engine: str) -> dict[str, str]:
    place = f"{schema}.{table}"
    ((_, definition, *_),) = ask(f"SHOW CREATE TABLE `{schema}`.`{table}`")
    if kind == "VIEW" or (schema == "mysql" and engine in ("CSV", "NULL")):
        return {f"view {place}": definition}
    # what the server itself writes down while it runs
    if schema == "mysql" and table in VOLATILE:
        return {}
    ((count,),) = ask(f"SELECT COUNT(*) FROM `{schema}`.`{table}`")
    ((_, checksum),) = ask(f"CHECKSUM TABLE `{schema}`.`{table}` EXTENDED")
    return {f"table {place}": definition, f"rows {place}": count, f"checksum {place}": checksum}


VOLATILE = frozenset(
    "innodb_index_stats innodb_table_stats general_log slow_log transaction_registry gtid_slave_pos event proc "
    "wsrep_cluster wsrep_cluster_members wsrep_streaming_log wsrep_allowlist column_stats table_stats "
    "index_stats".split()
)
_PROGRAMS = {
    "routine": "SELECT CONCAT(routine_schema, '.', routine_name), routine_type, MD5(routine_definition) "
    "FROM information_schema.routines WHERE routine_schema {others}",
    "event": "SELECT CONCAT(event_schema, '.', event_name), interval_value, interval_field, MD5(event_definition) "
    "FROM information_schema.events WHERE event_schema {others}",
    "trigger": "SELECT CONCAT(trigger_schema, '.', trigger_name), event_manipulation, MD5(action_statement) "
    "FROM information_schema.triggers WHERE trigger_schema {others}",
}


def _of_users(ask: Ask, but: str) -> dict[str, str]:
    """The grants beside a dump of schemas are those of all users but root."""
    found = {}
    for user, host in ask(f"SELECT user, host FROM mysql.user WHERE user NOT IN ('', 'mariadb.sys', 'mysql', '{but}')"):
        grants = ask(f"SHOW GRANTS FOR '{user}'@'{host}'")
        found[f"grants {user}@{host}"] = "\n".join(sorted(row[0] for row in grants))
    return found


@contextmanager
def fresh_server(place: Path, login: Path) -> Iterator[tuple[Ask, Callable[[Path], None]]]:
    """A MariaDB of its own in the folder `place`: how to ask it, and how to load a dump into it.

    `login` is an option file with root's password of the source, which a whole dump brings along.
    """
    place.mkdir(parents=True)
    shutil.chown(place, "mysql")
    data, socket = place / "data", place / "socket"
    # as Debian's server has it: a dump does not create a schema that exists
    charset = "--character-set-server=utf8mb4"
    words = ["mariadb-install-db", "--no-defaults", "--user=mysql", f"--datadir={data}", "--skip-test-db", charset]
    subprocess.run(words, check=True, capture_output=True)
    server = subprocess.Popen(
        ["mariadbd", "--no-defaults", "--user=mysql", charset, f"--datadir={data}", f"--socket={socket}",
         "--skip-networking", "--event-scheduler=OFF", "--innodb-buffer-pool-size=64M",
         "--innodb-flush-log-at-trx-commit=0"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    # a grant to a user without a password makes that user only where the server may make users so
    lenient = "--init-command=SET sql_mode = ''"
    client = ["mysql", f"--defaults-file={login}", f"--socket={socket}", lenient]
    probe = [*client, "-e", "select 1"]
    try:
        wait("a fresh MariaDB", lambda: subprocess.run(probe, capture_output=True, check=False).returncode == 0, 60)

        def ask(query: str) -> list[list[str]]:
            ended = subprocess.run([*client, *QUIET, "-e", query], capture_output=True, text=True, check=False)
            if ended.returncode != 0:
                raise ValueError(f"{query[:80]}: {ended.stderr.strip()}")
            return rows(ended.stdout)

        def load(dump: Path) -> None:
            with dump.open("rb") as source:
                ended = subprocess.run(client, stdin=source, capture_output=True, text=True, check=False)
            if ended.returncode != 0:
                raise ValueError(f"{dump.name} cannot be loaded: {ended.stderr.strip()}")
            ask("FLUSH PRIVILEGES")

        yield ask, load
    finally:
        server.kill()
        server.wait()


QUIET = ("--batch", "--skip-column-names", "--default-character-set=utf8mb4")


def rows(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]
