"""Open vSwitch on undercloud, controllers and computes, without a kernel's datapath: ports, and no packet through them.

What it says its version is, is that of the node's package, as its start script has it: that package is the simulator's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lab.machines import Machine, wait
from lab.parts.files import CONFIG
from lab.site import COMPUTES, CONTROLLERS, UNDERCLOUD, Lab

NODES = (UNDERCLOUD, *CONTROLLERS, *COMPUTES)
PACKAGES = ("openvswitch-switch",)
ASK_VERSION = ("ovs-vsctl", "get", "Open_vSwitch", ".", "ovs_version")
SHIM = '#!/bin/bash\nexec /usr/bin/ovs-vsctl "$@"\n'


def prepare(lab: Lab) -> None:
    for machine in NODES:
        for unit in sorted((CONFIG / "openvswitch").iterdir()):
            place = f"/etc/systemd/system/{unit.name}"
            lab.write(machine, place, unit.read_text("utf-8"))
            lab.want(machine, unit.name, place)
        lab.shim(machine, "ovs-vsctl", SHIM)


def start(lab: Lab, say: Callable[[str], None]) -> None:
    machines = lab.some(NODES)
    for machine in machines:
        wait(f"Open vSwitch on {machine.name}", partial(_runs, machine), 60)
    version = machines[-1].do(*ASK_VERSION).strip()
    say(f"Open vSwitch runs on {len(machines)} machines, and says it is {version}")


def _runs(machine: Machine) -> bool:
    return machine.ask("systemctl", "is-active", "--quiet", "openvswitch.service").returncode == 0
