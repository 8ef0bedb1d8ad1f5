"""The undercloud's own OpenStack: heat, ironic and nova on the machine `undercloud`, under the names the guide stops.

Keystone, placement, glance, neutron, MariaDB and RabbitMQ are those of the machine `cloud`: the undercloud is a region
of its own there. Heat has the stack `overcloud`, whose deployments the nodes really run; ironic's machines and nova's
hypervisor are fake. Of mistral there is only what two commands of tripleo's client ask of it. Without Newton's clients
there is no undercloud but the simulator's.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from lab import newton
from lab.machines import Machine, wait
from lab.parts import cloud, services
from lab.parts.files import CONFIG, config, put
from lab.parts.services import PLACE
from lab.site import ADDRESSES, CEPH, CLOUD, COMPUTES, CONTROLLERS, UNDERCLOUD, Lab
from lab.tables import Tables
from osp_simulator.hosts.image_archives import image_files
from osp_simulator.seed.site import seed
from osp_simulator.state import State

PACKAGES = ("heat-api", "heat-engine", "ironic-api", "ironic-conductor")
REGION, STACK = "undercloud", "overcloud"
PLAN = f"{PLACE}/plan.json"
ROLES = {"Controller": CONTROLLERS, "CephStorage": CEPH, "ComputeOvsDpdk": COMPUTES}
PROFILES = {"Controller": "control", "CephStorage": "ceph-storage", "ComputeOvsDpdk": "compute"}
PORTS = {"heat": 8004, "ironic": 6385, "nova": 8774, "glance": 9292, "mistral": 8989}
# name: file, disk format, container format; the whole image comes last, since it names its kernel and ramdisk
IMAGES = {
    "bm-deploy-kernel": ("ironic-python-agent.kernel", "aki", "aki"),
    "bm-deploy-ramdisk": ("ironic-python-agent.initramfs", "ari", "ari"),
    "overcloud-full-vmlinuz": ("overcloud-full.vmlinuz", "aki", "aki"),
    "overcloud-full-initrd": ("overcloud-full.initrd", "ari", "ari"),
    "overcloud-full": ("overcloud-full.qcow2", "qcow2", "bare"),
}
AGENT, AGENT_CONFIG = "os-collect-config", "/etc/os-collect-config.conf"
EAGER = "/run/lab-eager"  # as collect.py has it
SERVICES = {
    **{f"openstack-heat-{one}": ("heat", f"/usr/bin/heat-{one}") for one in ("api", "engine")},
    **{f"openstack-ironic-{one}": ("ironic", f"/usr/bin/ironic-{one}") for one in ("api", "conductor")},
    **{f"openstack-nova-{one}": ("nova", f"/usr/bin/nova-{one}") for one in ("api", "conductor", "scheduler")},
    "openstack-nova-compute": (
        "nova",
        f"/usr/bin/python3 {PLACE}/nova_compute.py --config-file /etc/nova/nova.conf",
    ),
}
SHIM = Path(__file__).parents[1] / "shims/undercloud/newton-client"
SHIMS = ("openstack", "nova", "ironic", "heat", "neutron")
AGENT_UNIT = """\
[Unit]
Description=What heat has for this node
ConditionPathExists={config}
After=network.target
[Service]
ExecStart=/usr/bin/python3 {place}/collect.py
Restart=always
RestartSec=1
"""


def prepare(lab: Lab) -> None:
    _prepare_services(lab)
    for name in (*CONTROLLERS, *CEPH, *COMPUTES):
        lab.write(name, f"{PLACE}/collect.py", (cloud.PROGRAMS / "collect.py").read_text("utf-8"))
        unit = AGENT_UNIT.format(config=AGENT_CONFIG, place=PLACE)
        lab.write(name, f"/etc/systemd/system/{AGENT}.service", unit)
        lab.want(name, f"{AGENT}.service", f"/etc/systemd/system/{AGENT}.service")
    lab.write(UNDERCLOUD, PLAN, json.dumps(_plan()))
    # (tripleo's client speaks the first API of images alone)
    rc = services.rc(lab, "undercloud", REGION, IMAGE_API_VERSION="1", BAREMETAL_API_VERSION="1.15")
    lab.write(UNDERCLOUD, "/home/stack/stackrc", rc, 0o600)
    lab.write(UNDERCLOUD, f"{PLACE}/stackrc", _seed(lab)["undercloud_files"]["/home/stack/stackrc"])
    clients = f"ADDRESS={ADDRESSES[CLOUD]}\nCLIENT=({newton.interpreter()})\nREADY={newton.READY}\n"
    lab.write(UNDERCLOUD, f"{PLACE}/clients", clients)
    ready = f"{newton.interpreter()} {PLACE}/ready_clients.py {newton.READY}"
    services.put_unit(lab, UNDERCLOUD, "lab-clients", "root", ready, after="network.target")
    for name in SHIMS:
        lab.shim(UNDERCLOUD, name, SHIM.read_text("utf-8"))


def _prepare_services(lab: Lab) -> None:
    for program in sorted(cloud.PROGRAMS.glob("*.py")):
        lab.write(UNDERCLOUD, f"{PLACE}/{program.name}", program.read_text("utf-8"))
    services.calm_launchers(lab, UNDERCLOUD)
    _tables(lab).lend(lab)
    words = {"password": lab.cloud_password, "secret": secrets.token_hex(16)}
    for service in ("heat", "ironic"):
        text = config(f"director/{service}.conf", **services.service_words(lab, REGION), **words)
        put(lab, UNDERCLOUD, f"/etc/{service}/{service}.conf", text, service, 0o640)
    services.put_nova(lab, UNDERCLOUD, services.full(UNDERCLOUD), "undercloud_nova", REGION)
    services.put_neutron(lab, UNDERCLOUD)
    services.put_agents(lab, UNDERCLOUD, ("neutron-dhcp-agent", "neutron-openvswitch-agent"))
    for name, (user, command) in SERVICES.items():
        services.put_unit(lab, UNDERCLOUD, name, user, command, after="lab-tables.service")
    keystone, glance = (f"http://{ADDRESSES[CLOUD]}:{port}" for port in (5000, 9292))
    others = {
        "openstack-glance-api": f"/usr/bin/python3 {PLACE}/glance_v1.py {PORTS['glance']} {glance}",
        "openstack-mistral-api": (
            f"{newton.interpreter()} {PLACE}/workflow_engine.py {PORTS['mistral']} {keystone}/v3 {PLAN}"
        ),
    }
    for name, command in others.items():
        services.put_unit(lab, UNDERCLOUD, name, "nobody", command, after="network.target")


def _tables(lab: Lab) -> Tables:
    return Tables(UNDERCLOUD, "director", (*cloud.PACKAGES, *PACKAGES), f"{ADDRESSES[CLOUD]} {lab.cloud_password}")


def _plan() -> dict[str, Any]:
    """What tripleo makes of its templates, as heat takes it."""
    folder = CONFIG / "director/plan"
    parameters: dict[str, Any] = {}
    for role, names in ROLES.items():
        parameters[f"{role}Count"] = len(names)
        parameters[f"{role}Addresses"] = ",".join(ADDRESSES[name] for name in names)
    return {
        "stack_name": STACK,
        "template": yaml.safe_load((folder / "overcloud.yaml").read_text("utf-8")),
        "files": {name: (folder / name).read_text("utf-8") for name in ("node.yaml", "yum_update.sh", "puppet.sh")},
        "environment": {"parameter_defaults": parameters},
    }


def _seed(lab: Lab) -> State:
    """The simulator's site as it is before anything is done to it."""
    return seed(json.loads((lab.bundle / "manifest.json").read_text("utf-8")))


def start(lab: Lab, say: Callable[[str], None]) -> None:
    """Its services have begun with the boot; what they hold is made, and the nodes run what heat has for them."""
    await_apis(lab)
    say("undercloud: every API answers")
    _tables(lab).keep(lab)
    told = json.loads(_fill(lab, "begin"))
    hurry_nodes(lab, True)
    for name, user_data in told.items():
        _collect(lab.machines[name], user_data)
    say(f"undercloud: {len(told)} servers, whose nodes are told of heat")
    _fill(lab, "end")
    hurry_nodes(lab, False)
    say(f"undercloud: the stack {STACK} is complete")


def await_apis(lab: Lab) -> None:
    for name, port in PORTS.items():
        probe = ["curl", "--silent", "--output", "/dev/null", "--max-time", "5", f"http://127.0.0.1:{port}/"]
        wait(f"the undercloud's {name}", partial(cloud.succeeds, lab.undercloud, probe), cloud.PATIENCE, 0.5)


def hurry_nodes(lab: Lab, hurried: bool) -> None:
    """Have the nodes ask heat often, while what it has for them is waited for; or seldom again."""
    words = ("touch", EAGER) if hurried else ("rm", "--force", EAGER)
    for name in (*CONTROLLERS, *CEPH, *COMPUTES):
        lab.machines[name].do(*words)


def _collect(node: Machine, user_data: dict[str, str]) -> None:
    """The node has what cloud-init would write there, and begins to ask."""
    node.do("install", "-m", "0600", "/dev/stdin", AGENT_CONFIG, stdin=json.dumps(user_data))
    node.do("systemctl", "start", AGENT)


def _fill(lab: Lab, step: str) -> str:
    version = _seed(lab)["hosts"][UNDERCLOUD]["packages"]["rhosp-director-images"][0]
    given = {
        "cloud": ADDRESSES[CLOUD], "own": ADDRESSES[UNDERCLOUD], "password": lab.cloud_password, "plan": _plan(),
        "profiles": {name: PROFILES[role] for role, names in ROLES.items() for name in names},
        "images": {name: [image_files(version)[file], *kinds] for name, (file, *kinds) in IMAGES.items()},
    }  # fmt: skip
    return cloud.fill(lab.undercloud, "fill_director.py", step, stdin=json.dumps(given))


def told(lab: Lab) -> dict[str, int]:
    """How many of heat's deployments each node has run well and told heat of."""
    found: dict[str, int] = {}
    for name in (*CONTROLLERS, *CEPH, *COMPUTES):
        lines = lab.machines[name].do("bash", "-c", "awk 1 /var/lib/heat-config/deployed/*.json").splitlines()
        ended = [json.loads(line) for line in lines]
        found[name] = sum(one["told"] and one["outcome"]["deploy_status_code"] == 0 for one in ended)
    return found
