"""What the real systems are like, so that a second run can be shown to have changed nothing in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from lab.machines import Machine
from lab.parts import cloud
from lab.site import Lab

CONFIGURATION = "cibadmin --query --scope configuration"
SERVICES = "systemctl list-units --type=service --state=running --no-legend --plain --no-pager"


def state(lab: Lab) -> dict[str, str]:
    """{what: how it is}; the machines are asked side by side."""
    facts: dict[str, Callable[[], str]] = {
        "the cluster's configuration": partial(lab.controllers[0].do, *CONFIGURATION.split()),
        "ceph's flags and OSDs": partial(_ceph, lab.controllers[0]),
        **{name: partial(cloud.ask_tables, lab, *question) for name, question in QUESTIONS.items()},
        **{f"services of {name}": partial(_services, one) for name, one in lab.machines.items()},
    }
    with ThreadPoolExecutor(8) as pool:
        return dict(zip(facts, pool.map(lambda one: one(), facts.values()), strict=True))


# name: (database, question)
QUESTIONS = {
    "instances": ("nova", "select uuid, host, vm_state, task_state, deleted from instances order by uuid"),
    "compute services": ("nova", "select host, topic, disabled, disabled_reason from services order by host, topic"),
    "ports": ("neutron", "select port_id, host, vif_type, vif_details from ml2_port_bindings order by port_id, host"),
    "images": ("glance", "select id, name, status, checksum, deleted from images order by id"),
    "stacks": ("heat", "select id, action, status, updated_at from stack order by id"),
    "bare metal": (
        "ironic",
        "select uuid, power_state, provision_state, maintenance, driver_info from nodes order by uuid",
    ),
}


def changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """A line for each thing that is another now."""
    return [f"{what} changed:\n{_difference(was, after[what])}" for what, was in before.items() if was != after[what]]


def _difference(before: str, after: str) -> str:
    one, other = before.splitlines(), after.splitlines()
    lines = [f"  - {line}" for line in one if line not in other] + [f"  + {line}" for line in other if line not in one]
    return "\n".join(lines[:8])


def _ceph(machine: Machine) -> str:
    """Without what moves by itself: epochs and what each OSD says of its intervals."""
    dump = json.loads(machine.do("ceph", "osd", "dump", "--format", "json"))
    osds = [f"osd.{one['osd']} up {one['up']} in {one['in']}" for one in dump["osds"]]
    return "\n".join([dump["flags"], *osds])


def _services(machine: Machine) -> str:
    """Which run, and since which boot; journald and the like come and go with who looks."""
    rows = (row.split()[0] for row in machine.do(*SERVICES.split()).splitlines())
    names = sorted(name for name in rows if not name.startswith(("systemd-", "user@", "session")))
    return "\n".join([f"boot {machine.boots}", *names])
