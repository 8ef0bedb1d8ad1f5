"""The control plane's cluster: Pacemaker over Corosync on three controllers, with what TripleO has it run.

The cluster's configuration lies on the disks before the first boot, so that it forms by itself, then and after any
reboot: Galera, RabbitMQ, Redis, HAProxy and two virtual addresses, by the resource agents that OSP 10 uses.
"""

from __future__ import annotations

import subprocess
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from lab.machines import Machine, wait
from lab.parts import galera, hiera, rabbitmq
from lab.parts.files import config, hide_below, put
from lab.site import ADDRESSES, CONTROLLERS, PUBLIC_VIP, REDIS_VIP, Lab

PACKAGES = (
    "corosync", "pacemaker", "pacemaker-cli-utils", "pcs", "resource-agents", "libxml2-utils", "iproute2",
    "mariadb-server", "galera-4", "rsync", "lsof", "rabbitmq-server", "redis-server", "redis-tools", "haproxy",
    "hiera", "curl",
)  # fmt: skip
SHIMS = Path(__file__).parent.parent / "shims" / "controller"
PATIENCE = 600.0  # seconds for each thing waited for; a machine with much else to do took 90 for all
RUNNING = {
    "galera": {"Promoted": 3},
    "rabbitmq": {"Started": 3},
    "redis": {"Promoted": 1, "Unpromoted": 2},
    "haproxy": {"Started": 3},
    f"ip-{REDIS_VIP}": {"Started": 1},
    f"ip-{PUBLIC_VIP}": {"Started": 1},
}


def prepare(lab: Lab) -> None:
    galera.prepare(lab)
    rabbitmq.prepare(lab)
    hiera.prepare(lab)
    for name in CONTROLLERS:
        _prepare_redis(lab, name)
        _prepare_haproxy(lab, name)
        _prepare_pacemaker(lab, name)
        for shim in sorted(SHIMS.iterdir()):
            lab.shim(name, shim.name, shim.read_text())


def _prepare_redis(lab: Lab, name: str) -> None:
    text = config("redis.conf", address=ADDRESSES[name], password=lab.redis_password)
    put(lab, name, "/etc/redis/redis.conf", text, "redis", 0o640)


def _prepare_haproxy(lab: Lab, name: str) -> None:
    text = config(
        "haproxy.cfg", address=ADDRESSES[name], password=lab.haproxy_password, redis_password=lab.redis_password,
        public_vip=PUBLIC_VIP, redis_vip=REDIS_VIP,
        mysql_servers=_servers("backup check fall 5 inter 2s rise 2 on-marked-down shutdown-sessions", 3306),
        redis_servers=_servers("check fall 3 inter 1s rise 1", 6379),
    )  # fmt: skip
    put(lab, name, "/etc/haproxy/haproxy.cfg", text, mode=0o640)


def _servers(words: str, port: int) -> str:
    return "".join(f"  server {name}.localdomain {ADDRESSES[name]}:{port} {words}\n" for name in CONTROLLERS)


def _prepare_pacemaker(lab: Lab, name: str) -> None:
    put(lab, name, "/etc/corosync/corosync.conf", config("corosync.conf", nodes="".join(map(_node, CONTROLLERS))))
    put(lab, name, "/var/lib/pacemaker/cib/cib.xml", _cib(), "hacluster:haclient", 0o600)
    hide_below(lab.layer(name, "/var/lib/pacemaker/cib"))
    for unit in ("corosync.service", "pacemaker.service"):
        lab.want(name, unit)


def _node(name: str) -> str:
    number = CONTROLLERS.index(name) + 1
    return f"  node {{\n    ring0_addr: {ADDRESSES[name]}\n    name: {name}\n    nodeid: {number}\n  }}\n"


def _cib() -> str:
    addresses = (REDIS_VIP, PUBLIC_VIP)
    return config(
        "cib.xml", cluster=galera.CLUSTER, redis_vip=REDIS_VIP,
        addresses="".join(config("cib-address.xml", address=one) for one in addresses),
        constraints="".join(config("cib-constraints.xml", address=one) for one in addresses),
    )  # fmt: skip


def start(lab: Lab, say: Callable[[str], None]) -> None:
    """The machines' boot has started it all; this waits until it is whole."""
    begun = time.monotonic()

    def told(what: str, done: Callable[[], bool]) -> None:
        try:
            wait(what, done, PATIENCE, pause=1.0)
        except ValueError as late:
            words = [*missing(first), *_failures(first).values(), *map(galera.last_words, lab.controllers)]
            raise ValueError("\n".join((f"{late}:", *words))) from None
        say(f"cluster: {what} after {time.monotonic() - begun:.1f} s")

    first = lab.controllers[0]
    told("three nodes are online", lambda: online(first) == len(CONTROLLERS))
    told("Galera is synced on all", _Synced(lab, say))
    told("the databases agree", lambda: galera.agree(lab))
    told("every resource runs", lambda: not missing(first))
    told("RabbitMQ is one cluster", lambda: rabbitmq_is_whole(lab))
    told("HAProxy agrees", lambda: all(haproxy_agrees(lab, one) for one in lab.controllers))


class _Synced:
    """Whether Galera is; a promotion that fails blocks there, as in OSP 10, and is cleaned up as an operator would."""

    def __init__(self, lab: Lab, say: Callable[[str], None]) -> None:
        self._lab = lab
        self._say = say
        self._cleaned: set[str] = set()

    def __call__(self) -> bool:
        if all(map(galera.synced, self._lab.controllers)):
            return True
        first = self._lab.controllers[0]
        for key, words in _failures(first).items():
            if key.startswith("galera_") and key not in self._cleaned:
                self._cleaned.add(key)
                self._say(f"cluster: {words}; it is cleaned up once")
                first.do("crm_resource", "--cleanup", "--resource", "galera-master")
        return False


def _failures(machine: Machine) -> dict[str, str]:
    """{operation and node: what pacemaker says of its failure}."""
    status = _status(machine)
    found: dict[str, str] = {}
    for one in status.iter("failure") if status is not None else ():
        key = f"{one.get('op_key')} on {one.get('node')}"
        found[key] = f"{key}: {one.get('exitstatus')}, {one.get('exitreason') or one.get('status')}"
    return found


def online(machine: Machine) -> int:
    """How many nodes are online as this one sees it; 0 where it has no cluster yet."""
    status = _status(machine)
    if status is None:
        return 0
    return sum(node.get("online") == "true" and node.get("pending") == "false" for node in status.findall("nodes/node"))


def missing(machine: Machine) -> list[str]:
    """The resources that are not where they should be, with the roles found, as this controller sees it."""
    status = _status(machine)
    if status is None:
        return ["the cluster does not answer"]
    roles: dict[str, Counter[str]] = {name: Counter() for name in RUNNING}
    for one in status.iter("resource"):
        if one.get("failed") == "false" and one.get("active") == "true":
            roles.setdefault(str(one.get("id")), Counter())[str(one.get("role"))] += 1
    return [f"{name} is {dict(found)}" for name, found in roles.items() if dict(found) != RUNNING.get(name)]


def _status(machine: Machine) -> ElementTree.Element | None:
    ended = machine.ask("crm_mon", "--as-xml", "--inactive")
    return ElementTree.fromstring(ended.stdout) if ended.returncode == 0 else None


def haproxy_agrees(lab: Lab, machine: Machine) -> bool:
    """Every server is up, and of Redis the master alone."""
    login = f'user = "admin:{lab.haproxy_password}"\n'
    address = f"http://{machine.address}:1993/;csv"
    rows = machine.ask("curl", "--silent", "--config", "-", address, stdin=login).stdout.splitlines()
    cells = [row.split(",") for row in rows if ",overcloud-" in row]
    up = Counter(row[0] for row in cells if row[17] == "UP")
    return up["mysql"] == len(CONTROLLERS) and up["redis"] == 1


def whole(lab: Lab) -> bool:
    """All of it, as when `start` returned: what a reboot has to come back to. Not while a controller is down."""
    try:
        return (
            all(online(one) == len(CONTROLLERS) and not missing(one) for one in lab.controllers)
            and all(map(galera.synced, lab.controllers))
            and rabbitmq_is_whole(lab)
            and all(haproxy_agrees(lab, one) for one in lab.controllers)
        )
    except (ValueError, subprocess.TimeoutExpired):
        return False


def rabbitmq_is_whole(lab: Lab) -> bool:
    """Every node sees all of them, so that there is one cluster and not three."""
    return all(len(rabbitmq.running(one)) == len(CONTROLLERS) for one in lab.controllers)
