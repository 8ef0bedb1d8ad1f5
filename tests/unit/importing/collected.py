"""The collection that the script of `import --commands` would make on the undercloud of a site."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from typing import Any

from osp_compile.spec.model import Site

SERVICES = {
    "controller": "Keystone", "pacemaker": "Pacemaker", "compute": "NovaCompute", "dpdk": "ComputeNeutronOvsDpdk",
    "ceph_osd": "CephOSD", "ceph_mon": "CephMon",
}  # fmt: skip
DEPLOY = "/home/stack/deploy.sh"
STOCK = "/usr/share/openstack-tripleo-heat-templates"


def collection(site: Site) -> str:
    return carried([("deploy", DEPLOY, deploy_command(site)), ("servers", "servers", servers(site)), roles_part(site)])


def roles_part(site: Site) -> tuple[str, str, Any]:
    deploy = site.deploy
    return "roles", deploy.roles_file or f"{deploy.templates.rstrip('/')}/roles_data.yaml", roles(site)


def carried(given: Sequence[tuple[str, str, Any]]) -> str:
    """The file of these parts: (kind, path or name, text or data)."""
    parts = [(kind, path, body if isinstance(body, str) else json.dumps(body, indent=2)) for kind, path, body in given]
    lines = ["osp-compile collection 1", "user stack", "home /home/stack"]
    for kind, path, body in parts:
        lines += [f"== {kind} {path}", *(f"|{line}" for line in body.split("\n"))]
    return "\n".join((*lines, f"== end {len(parts)}", ""))


def deploy_command(site: Site) -> str:
    deploy = site.deploy
    words = ["openstack", "overcloud", "deploy", "--templates", deploy.templates, "--stack", site.stack]
    words += ["-r", deploy.roles_file] if deploy.roles_file else []
    words += [word for folder in deploy.environment_directories for word in ("--environment-directory", folder)]
    words += ["--answers-file", deploy.answers_file] if deploy.answers_file else []
    words += [word for file in site.env_files for word in ("-e", file)]
    called = shlex.join([*words, *deploy.extra_args])
    return f"cd {shlex.quote(deploy.directory)} && {called}" if deploy.directory else called


def roles(site: Site) -> list[dict[str, Any]]:
    """What roles_data.yaml has of the roles that the nodes are of."""
    return [
        {
            "name": role.name,
            "ServicesDefault": [f"OS::TripleO::Services::{SERVICES[one]}" for one in sorted(role.capabilities)],
            # a host's name has no `_`, so a site whose role has one says what its hosts are called
            **({"HostnameFormatDefault": hosts_of(role.name)} if "_" in role.name else {}),
        }
        for role in {node.role.name: node.role for node in site.nodes}.values()
    ]


def hosts_of(role: str) -> str:
    return f"overcloud-{role.replace('_', '-').lower()}-%index%"


def whole(site: Site) -> dict[str, Any]:
    """Everything that the script asks for, by its name: a test changes one thing and gives it to `of_whole`."""
    found = servers(site)
    for one in found:
        one["ID"] = f"0b4c3a70-d0a4-4ec8-b5d7-b9c0b6f6{int(one['ID']):04x}"
    ids = {one["Name"]: one["ID"] for one in found}
    return {
        "deploy": deploy_command(site),
        "servers": found,
        "baremetal": [
            {"Name": f"m-{name}", "Instance UUID": number, "Properties": {"capabilities": "boot_option:local"},
             "Maintenance": False} for name, number in ids.items()
        ],
        "computes": [
            {"ID": number, "Binary": "nova-compute", "Host": f"{node.name}.localdomain", "Status": "enabled",
             "State": "up"} for number, node in enumerate(site.nodes) if "compute" in node.role.capabilities
        ],
        "agents": [
            {"ID": str(number), "Binary": "neutron-openvswitch-agent", "Host": f"{node.name}.localdomain",
             "Alive": True, "State": "UP"} for number, node in enumerate(site.nodes)
        ],
        "environment": {},
    }  # fmt: skip


def of_whole(site: Site, found: dict[str, Any]) -> str:
    """The collection of what `whole` gives."""
    kinds = (("servers", "servers"), ("baremetal", "baremetal"), ("computes", "services"), ("agents", "services"))
    parts = [("deploy", DEPLOY, found["deploy"]), *((kind, name, found[name]) for name, kind in kinds)]
    parts += [("environment", path, data) for path, data in found["environment"].items()]
    return carried([*parts, roles_part(site)])


def servers(site: Site) -> list[dict[str, str]]:
    """What `openstack server list -f json` has of the nodes."""
    return [
        {"Name": node.name, "Networks": f"ctlplane={node.address}", "Status": "ACTIVE", "ID": str(number)}
        for number, node in enumerate(reversed(site.nodes))
    ]
