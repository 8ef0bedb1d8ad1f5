"""The site as the compiler sees it: frozen values, checked once, passed from stage to stage.

Field names are the keys of the spec (`specs/site.schema.json` describes each); defaults live in the schema alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "ja"]
Capability = Literal["controller", "pacemaker", "compute", "dpdk", "ceph_osd", "ceph_mon"]


@dataclass(frozen=True)
class Role:
    """A role of the deployment and what its nodes are."""

    name: str
    capabilities: frozenset[Capability]


@dataclass(frozen=True)
class Node:
    """One overcloud node; `address` is its ctlplane address, IPv4 or IPv6 without brackets.

    A `deployed_server` is a machine that nova and ironic of the undercloud do not know.
    """

    name: str
    role: Role
    address: str
    deployed_server: bool = False

    def has(self, capability: Capability) -> bool:
        return capability in self.role.capabilities


@dataclass(frozen=True)
class Undercloud:
    user: str
    home: str
    images_dir: str
    reboot: Literal["always", "needed"]


@dataclass(frozen=True)
class Ssh:
    user: str
    options: tuple[str, ...]
    parallel: int


@dataclass(frozen=True)
class Backup:
    directory: str
    copy_to: str | None
    minimum_free_gb: float
    maximum_age_hours: int


@dataclass(frozen=True)
class Services:
    """Whether the overcloud has what a site may lack; `auto` asks the roles on the nodes and keystone's catalogue."""

    neutron_agents: Literal["auto", "true", "false"]
    volumes: Literal["auto", "true", "false"]
    haproxy: Literal["auto", "true", "false"]


@dataclass(frozen=True)
class Deploy:
    """The deploy command; what names further environment files may stand under a key or among `extra_args`."""

    templates: str
    roles_file: str | None
    environment_directories: tuple[str, ...]
    answers_file: str | None
    extra_args: tuple[str, ...]


@dataclass(frozen=True)
class NfvInstance:
    """A tenant's OVS-DPDK instance (name or id) and the rc file of its project on the undercloud."""

    server: str
    rc_file: str


@dataclass(frozen=True)
class Nfv:
    """`post_install` names the site's own post-install.yaml, `post_install_text` is what it held when compiled."""

    vhost_socket_dir: str
    post_install: str | None
    post_install_text: str | None
    strategy: Literal["cold-migrate", "snapshot"]
    instances: tuple[NfvInstance, ...]


@dataclass(frozen=True)
class Update:
    breakpoints: Literal["operator", "guarded"]


@dataclass(frozen=True)
class ComputeReboot:
    """`targets`: where a compute's instances go; without an entry, to the next compute of the spec."""

    migrate: Literal["scheduler", "evacuate", "target"]
    stuck: Literal["cold", "stop", "leave", "fail"]
    batch: int
    targets: Mapping[str, str]


@dataclass(frozen=True)
class Disk:
    """Fill levels in per cent at which a file system is reported."""

    warn: int
    fail: int


@dataclass(frozen=True)
class Timeouts:
    """Seconds."""

    reboot: int
    migrate_per_instance: int
    ceph_clean: int
    answer: int
    settle: int


@dataclass(frozen=True)
class Hooks:
    before_node: str | None
    after_node: str | None
    before_update: str | None


@dataclass(frozen=True)
class Waiver:
    step: str
    reason: str


@dataclass(frozen=True)
class Accepted:
    """A health check (by Ceph's name of Luminous) that may stay as it is; `reason` is empty where none is given."""

    check: str
    reason: str


@dataclass(frozen=True)
class Site:
    name: str
    change: str
    stack: str
    language: Language
    undercloud: Undercloud
    ssh: Ssh
    backup: Backup
    nodes: tuple[Node, ...]
    env_files: tuple[str, ...]
    deploy: Deploy
    mongodb: Literal["auto", "true", "false"]
    services: Services
    fencing: bool
    images: Literal["update", "skip"]
    old_images: Literal["keep", "delete"]
    nfv: Nfv | None
    update: Update
    compute_reboot: ComputeReboot
    disk: Disk
    timeouts: Timeouts
    not_after: str | None
    hooks: Hooks
    accepted_ceph: tuple[Accepted, ...]
    waivers: tuple[Waiver, ...]

    def nodes_with(self, capability: Capability) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.has(capability))
