"""The collection that the script of `import --commands` would make on the undercloud of a site."""

from __future__ import annotations

import json
import shlex
from typing import Any

from osp_compile.spec.model import Site

SERVICES = {
    "controller": "Keystone", "pacemaker": "Pacemaker", "compute": "NovaCompute", "dpdk": "ComputeNeutronOvsDpdk",
    "ceph_osd": "CephOSD", "ceph_mon": "CephMon",
}  # fmt: skip
STOCK = "/usr/share/openstack-tripleo-heat-templates"


def collection(site: Site) -> str:
    deploy = site.deploy
    parts = (
        ("deploy", "/home/stack/deploy.sh", deploy_command(site)),
        ("servers", "servers", json.dumps(servers(site), indent=2)),
        (
            "roles",
            deploy.roles_file or f"{deploy.templates.rstrip('/')}/roles_data.yaml",
            json.dumps(roles(site), indent=1),
        ),
    )
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
    return shlex.join([*words, *deploy.extra_args])


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


def servers(site: Site) -> list[dict[str, str]]:
    """What `openstack server list -f json` has of the nodes."""
    return [
        {"Name": node.name, "Networks": f"ctlplane={node.address}", "Status": "ACTIVE", "ID": str(number)}
        for number, node in enumerate(reversed(site.nodes))
    ]
