"""Checked data to the typed site."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from osp_compile.model import (
    Accepted,
    Backup,
    ComputeReboot,
    Deploy,
    Disk,
    Hooks,
    Nfv,
    NfvInstance,
    Node,
    Role,
    Services,
    Site,
    Ssh,
    Timeouts,
    Undercloud,
    Update,
    Waiver,
)
from osp_compile.roles import capabilities

Data = Mapping[str, Any]


def build(data: Data, post_install_text: str | None = None) -> Site:
    """The site that `data` describes; `data` is complete and without errors."""
    names = [node["role"] for node in data["nodes"]]
    roles = {name: Role(name, words) for name, words in capabilities(data["roles"], names).items()}
    site, backup, hooks, reboot = data["site"], data["backup"], data["hooks"], data["compute_reboot"]
    return Site(
        name=site["name"],
        change=site["change"],
        stack=site["stack"],
        language=site["language"],
        undercloud=Undercloud(**data["undercloud"]),
        ssh=Ssh(data["ssh"]["user"], tuple(data["ssh"]["options"]), data["ssh"]["parallel"]),
        backup=Backup(**{**backup, "copy_to": backup.get("copy_to")}),
        nodes=tuple(
            Node(node["name"], roles[node["role"]], node["address"], node["deployed_server"]) for node in data["nodes"]
        ),
        env_files=tuple(data["env_files"]),
        deploy=_deploy(data["deploy"]),
        mongodb=data["mongodb"],
        services=Services(**data["services"]),
        fencing=data["fencing"],
        images=data["images"],
        old_images=data["old_images"],
        nfv=_nfv(data["nfv"], post_install_text) if data["nfv"] else None,
        update=Update(**data["update"]),
        compute_reboot=ComputeReboot(**{**reboot, "targets": MappingProxyType(dict(reboot["targets"]))}),
        disk=Disk(**data["disk"]),
        timeouts=Timeouts(**data["timeouts"]),
        not_after=data.get("not_after"),
        hooks=Hooks(hooks.get("before_node"), hooks.get("after_node"), hooks.get("before_update")),
        accepted_ceph=tuple(_accepted(entry) for entry in data["accept"]["ceph"]),
        waivers=tuple(Waiver(step, reason) for step, reason in data["waive"].items()),
    )


def _accepted(entry: str | Data) -> Accepted:
    return Accepted(entry, "") if isinstance(entry, str) else Accepted(entry["check"], entry["reason"])


def _deploy(data: Data) -> Deploy:
    directories = tuple(data["environment_directories"])
    return Deploy(
        data["templates"], data.get("roles_file"), directories, data.get("answers_file"), tuple(data["extra_args"])
    )


def _nfv(data: Data, post_install_text: str | None) -> Nfv:
    instances = tuple(NfvInstance(instance["server"], instance["rc_file"]) for instance in data["instances"])
    return Nfv(data["vhost_socket_dir"], data.get("post_install"), post_install_text, data["strategy"], instances)
