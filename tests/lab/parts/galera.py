"""MariaDB with Galera on the controllers: its data as it was shut down well, its configuration, and rows worth a dump.

Pacemaker starts and stops it. All three begin with the same data, as a cluster does that was shut down well: none of
them has to copy it from another.
"""

from __future__ import annotations

import hashlib
import shlex
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab.machines import Machine
from lab.parts.files import CONFIG, config, give, hide_below, put
from lab.site import ADDRESSES, CONTROLLERS, Lab

CLUSTER = "gcomm://" + ",".join(CONTROLLERS)
DATA = "/var/lib/mysql"
PATIENCE = 120.0  # seconds for the first database


def prepare(lab: Lab) -> None:
    for name in CONTROLLERS:
        settings = config("galera.cnf", address=ADDRESSES[name], cluster=CLUSTER, name=name)
        put(lab, name, "/etc/my.cnf", "!includedir /etc/my.cnf.d\n")
        put(lab, name, "/etc/my.cnf.d/galera.cnf", settings)
        put(lab, name, "/etc/sysconfig/clustercheck", login(lab), mode=0o600)
    _lay_out_data(lab)


def login(lab: Lab) -> str:
    """What clustercheck and the resource agent read; OSP 10 gives them root."""
    return f"MYSQL_USERNAME=root\nMYSQL_PASSWORD={shlex.quote(lab.mysql_password)}\nMYSQL_HOST=localhost\n"


def _lay_out_data(lab: Lab) -> None:
    """A cluster of one is made, given its rows and shut down well; each controller gets a copy of what it leaves."""
    made, script = lab.folder / "mysql", lab.folder / "first.sql"
    script.write_text(config("first.sql", hash=_hash(lab.mysql_password)) + (CONFIG / "seed.sql").read_text())
    run = ["unshare", "--net", "--", "bash", str(CONFIG / "make-database.sh"), str(made), str(script)]
    ended = subprocess.run(run, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if ended.returncode != 0:
        raise ValueError(f"the first database cannot be made: {(ended.stdout + ended.stderr)[-600:]}")
    for name in CONTROLLERS:
        place = lab.layer(name, DATA)
        shutil.copytree(made, place)
        if name != CONTROLLERS[0]:
            _let_another_begin(place / "grastate.dat")
        lab.keep_folders(name, f"{DATA}/mysql")
        hide_below(place)
        for one in (place, *place.rglob("*")):
            give(one, "mysql")
    shutil.rmtree(made)


def _hash(password: str) -> str:
    """As mysql_native_password keeps it."""
    once = hashlib.sha1(password.encode()).digest()
    return "*" + hashlib.sha1(once).hexdigest().upper()


def _let_another_begin(state: Path) -> None:
    """Only one of several that hold the same may be the first to start."""
    state.write_text(state.read_text().replace("safe_to_bootstrap: 1", "safe_to_bootstrap: 0"))


def synced(machine: Machine) -> bool:
    """By the controller's own word."""
    return "is synced" in machine.ask("clustercheck").stdout


def last_words(machine: Machine) -> str:
    """What its server has logged last."""
    lines = machine.ask("tail", "--lines=8", "/var/log/mysqld.log").stdout.strip()
    return f"MariaDB on {machine.name}: {lines or 'nothing logged'}"


def sql(lab: Lab, machine: Machine, text: str, database: str = "") -> str:
    """What root's statements print, in columns without headings."""
    script = 'exec mysql --defaults-extra-file=<(printf %s "$1") --default-character-set=utf8mb4 -sN "${@:2}"'
    return machine.do("bash", "-c", script, "bash", lab.mysql_login, *([database] if database else []), stdin=text)


def agree(lab: Lab) -> bool:
    """All controllers hold the same rows."""
    with ThreadPoolExecutor() as pool:
        return len(set(pool.map(lambda machine: sql(lab, machine, COUNTS), lab.controllers))) == 1


COUNTS = """SET SESSION wsrep_sync_wait = 1;
SELECT count(*) FROM keystone.user; SELECT count(*) FROM nova.instances; SELECT count(*) FROM glance.images;
SELECT count(*) FROM information_schema.tables WHERE engine = 'InnoDB';
"""
