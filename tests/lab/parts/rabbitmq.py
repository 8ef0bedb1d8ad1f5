"""RabbitMQ on the controllers; Pacemaker's agent starts it and joins it to its cluster."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from lab.machines import Machine
from lab.parts.files import CONFIG, put
from lab.site import ADDRESSES, CONTROLLERS, Lab

# a scheduler that looks for work while it has none takes a whole core
_FLAGS = "+S 1:1 +SDcpu 1:1 +SDio 1 +sbwt none +sbwtdcpu none +sbwtdio none"
SPARING = f'RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="{_FLAGS}"\nRABBITMQ_CTL_ERL_ARGS="{_FLAGS}"\n'
CONTROL = Path("/usr/sbin/rabbitmqctl")


def prepare(lab: Lab) -> None:
    cookie = secrets.token_hex(10).upper()
    for name in CONTROLLERS:
        lab.write(name, "/usr/local/lib/lab/rabbitmqctl", CONTROL.read_bytes(), 0o755)
        lab.write(name, str(CONTROL), (CONFIG / "rabbitmqctl.sh").read_text(), 0o755)
        put(lab, name, "/var/lib/rabbitmq/.erlang.cookie", cookie, "rabbitmq", 0o400)
        put(lab, name, "/etc/rabbitmq/rabbitmq-env.conf", _environment(name), "rabbitmq")
        put(lab, name, "/etc/rabbitmq/rabbitmq.conf", "cluster_partition_handling = ignore\n", "rabbitmq")


def _environment(name: str) -> str:
    return (
        f"RABBITMQ_NODENAME=rabbit@{name}\n"
        f"RABBITMQ_NODE_IP_ADDRESS={ADDRESSES[name]}\n"
        f"RABBITMQ_NODE_PORT=5672\n{SPARING}"
    )


def running(machine: Machine) -> list[str]:
    """The nodes that this one sees in its cluster; none while it is down."""
    ended = machine.ask(str(CONTROL), "eval", "-q", "rabbit_mnesia:cluster_nodes(running).")
    return re.findall(r"rabbit@[\w-]+", ended.stdout) if ended.returncode == 0 else []
