"""The undercloud of a fresh world: its servers are the nodes; images, bare metal, the stack and its plan."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from osp_simulator.hosts.image_archives import image_files
from osp_simulator.seed.cloud_parts import (
    MADE,
    agent,
    flavor,
    flavor_of,
    identifier,
    named,
    network,
    role_counts,
)
from osp_simulator.seed.hosts import UNDERCLOUD
from osp_simulator.state.clouds import BareMetal, Environment, Image
from osp_simulator.state.heat import Stack
from osp_simulator.state.neutron import NeutronCloud
from osp_simulator.state.nova import Flavor, NovaCloud, Server
from osp_simulator.state.site import Node, Site


def undercloud_nova(nodes: Sequence[Node], images: Sequence[Image]) -> NovaCloud:
    kinds = ("nova-conductor", "nova-scheduler", "nova-compute")
    services = [named(kind, n, "undercloud", "undercloud.localdomain") for n, kind in enumerate(kinds, 1)]
    local = {"cpu_arch": "x86_64", "capabilities:boot_option": "local"}
    flavors: list[Flavor] = [{**flavor("baremetal", 4096, 40, 1), "properties": local}]
    for name in sorted({flavor_of(node) for node in nodes} - {"baremetal"}):
        flavors.append({**flavor(name, 4096, 40, 1), "properties": {**local, "capabilities:profile": name}})
    image = next(image for image in images if image["name"] == "overcloud-full")
    servers: list[Server] = []
    for number, node in enumerate(nodes):
        servers.append(
            {
                "name": node["name"],
                "id": identifier("server", node["name"]),
                "status": "ACTIVE",
                "task_state": None,
                "host": "undercloud.localdomain",
                "hypervisor": identifier("ironic", node["name"]),
                "flavor": flavor_of(node),
                "image": image["name"],
                "image_id": image["id"],
                "networks": {"ctlplane": [node["address"]]},
                "project": "admin",
                "created": MADE + number,
                "updated": MADE + number + 300,
                "launched": MADE + number + 300,
                "instance_name": f"instance-{number + 1:08x}",
            }
        )
    return {
        "services": services,
        "servers": servers,
        "flavors": flavors,
        "migrations": [],
        "timing": {},
        "max_limit": 1000,
    }


def undercloud_network() -> NeutronCloud:
    agents = [agent("neutron-openvswitch-agent", "Open vSwitch agent", "undercloud")]
    agents.append(agent("neutron-dhcp-agent", "DHCP agent", "undercloud"))
    return {"agents": agents, "networks": [network("ctlplane", "192.0")], "ports": []}


def undercloud_images() -> list[Image]:
    """The five images of the deployment, with the checksums of the packaged files that are in use."""
    files = image_files(UNDERCLOUD["rhosp-director-images"][0])
    names = {
        "overcloud-full": ("overcloud-full.qcow2", "qcow2", "bare"),
        "overcloud-full-initrd": ("overcloud-full.initrd", "ari", "ari"),
        "overcloud-full-vmlinuz": ("overcloud-full.vmlinuz", "aki", "aki"),
        "bm-deploy-ramdisk": ("ironic-python-agent.initramfs", "ari", "ari"),
        "bm-deploy-kernel": ("ironic-python-agent.kernel", "aki", "aki"),
    }
    found: list[Image] = []
    for number, (name, (file, disk, container)) in enumerate(names.items()):
        content = files[file].encode()
        found.append(
            {
                "name": name,
                "id": identifier("image", name),
                "status": "active",
                "size": len(content),
                "checksum": hashlib.md5(content).hexdigest(),
                "disk_format": disk,
                "container_format": container,
                "visibility": "public",
                "created": MADE - 7200 - number,
                "properties": {},
            }
        )
    kernel, ramdisk = (identifier("image", f"overcloud-full-{part}") for part in ("vmlinuz", "initrd"))
    found[0]["properties"] = {"kernel_id": kernel, "ramdisk_id": ramdisk}
    return found


def ironic_nodes(nodes: Sequence[Node], images: Sequence[Image]) -> list[BareMetal]:
    ids = {image["name"]: image["id"] for image in images}
    info = {
        "deploy_kernel": ids["bm-deploy-kernel"],
        "deploy_ramdisk": ids["bm-deploy-ramdisk"],
        "ipmi_username": "admin",
    }
    found: list[BareMetal] = []
    for node in (*nodes, None):
        name = node["name"] if node else "spare-0"
        profile = flavor_of(node) if node else "baremetal"
        found.append(
            {
                "name": name,
                "uuid": identifier("ironic", name),
                "maintenance": False,
                "created": MADE - 3600,
                "instance": identifier("server", name) if node else None,
                "power_state": "power on" if node else "power off",
                "provision_state": "active" if node else "available",
                "driver_info": {**info, "ipmi_address": f"192.0.2.{100 + len(found)}", "ipmi_password": "******"},
                "properties": {"cpu_arch": "x86_64", "capabilities": f"profile:{profile},boot_option:local"},
            }
        )
    return found


def stack_of(site: Site, nodes: Sequence[Node]) -> Stack:
    name = str(site.get("stack", "overcloud"))
    roles = sorted({str(node["role"]) for node in nodes})
    return {
        "name": name,
        "id": identifier("stack", name),
        "description": "Deploy an OpenStack environment, consisting of several node types (roles)",
        "status": "CREATE_COMPLETE",
        "status_reason": "Stack CREATE completed successfully",
        "created": MADE,
        "updated": None,
        "parameters": {
            **{key: str(value) for key, value in role_counts(nodes).items()},
            "DeployIdentifier": str(int(MADE)),
            "UpdateIdentifier": "",
        },
        "outputs": {"KeystoneURL": "http://192.0.2.5:5000/v2.0/"},
        "events": [
            {"time": MADE, "resource": None, "status": "CREATE_IN_PROGRESS", "reason": "Stack CREATE started"},
            {
                "time": MADE + 3000,
                "resource": None,
                "status": "CREATE_COMPLETE",
                "reason": "Stack CREATE completed successfully",
            },
        ],
        "resources": [
            {
                "name": role,
                "physical_id": identifier("group", role),
                "type": "OS::Heat::ResourceGroup",
                "status": "CREATE_COMPLETE",
            }
            for role in roles
        ],
        "nodes": {
            str(node["name"]): {
                "deployment": identifier("deployment", node["name"]),
                "server": identifier("server", node["name"]),
                "nested": _nested(name, node, nodes),
            }
            for node in nodes
        },
        "update": None,
    }


def _nested(stack: str, node: Node, nodes: Sequence[Node]) -> str:
    """The name that heat gives a node's own stack: of the group of its role, and of its number in that."""
    role = str(node["role"])
    number = [one["name"] for one in nodes if one["role"] == node["role"]].index(node["name"])
    return f"{stack}-{role}-{_short_id('group', role)}-{number}-{_short_id('member', node['name'])}"


def _short_id(*words: str) -> str:
    """Twelve of the letters and digits that heat's short ids have."""
    return base64.b32encode(hashlib.sha256("/".join(words).encode()).digest()).decode()[:12].lower()


def environment_of(stack: Stack) -> Environment:
    variables = {
        "template": "overcloud.yaml",
        "environments": [{"path": "overcloud-resource-registry-puppet.yaml"}],
        "parameter_defaults": {key: int(value) for key, value in stack["parameters"].items() if key.endswith("Count")},
    }
    return {"name": stack["name"], "description": None, "variables": variables, "created": MADE - 60, "updated": MADE}
