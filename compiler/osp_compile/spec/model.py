"""The site as the compiler sees it: frozen values, checked once, passed from stage to stage.

Field names are the keys of the spec (`specs/site.schema.json` describes each); defaults live in the schema alone.
A text, a number, a yes or no, and a list of texts have a name in the scripts too (see bundle/shell_variables.py): the
path of the key in capitals, as SSH_PARALLEL of `ssh.parallel`, where `Shell` gives no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeGuard, get_args, get_origin, get_type_hints

Language = Literal["en", "ja"]
Capability = Literal["controller", "pacemaker", "compute", "dpdk", "ceph_osd", "ceph_mon"]


@dataclass(frozen=True)
class Shell:
    """The variable of a field in the scripts, or None; for a group of fields, the prefix of their variables."""

    name: str | None


def is_group(hint: Any) -> TypeGuard[type]:
    """Whether a field of this type has fields itself."""
    return isinstance(hint, type) and is_dataclass(hint)


@cache
def fields_of(kind: type) -> tuple[tuple[str, Any, Shell | None], ...]:
    """The fields of a dataclass: name, type (X for `X | None`), and the `Shell` of the field if it has one."""
    found = []
    for name, hint in get_type_hints(kind, include_extras=True).items():
        said = None
        if get_origin(hint) is Annotated:
            hint, said = hint.__origin__, hint.__metadata__[0]
        if get_origin(hint) is UnionType:
            hint = next(one for one in get_args(hint) if one is not NoneType)
        found.append((name, hint, said))
    return tuple(found)


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
    images_dir: Annotated[str, Shell("IMAGES_DIR")]
    reboot: Literal["always", "needed"]


@dataclass(frozen=True)
class Ssh:
    user: str
    options: Annotated[tuple[str, ...], Shell("SSH_SITE_OPTIONS")]
    parallel: int


@dataclass(frozen=True)
class Backup:
    directory: Annotated[str, Shell("BACKUP_DIR")]
    copy_to: str | None
    copy_options: tuple[str, ...]
    minimum_free_gb: float
    maximum_age_hours: int


@dataclass(frozen=True)
class Services:
    """Whether the overcloud has each optional service; `auto` asks the nodes' roles and keystone's catalogue."""

    neutron_agents: Literal["auto", "true", "false"]
    volumes: Literal["auto", "true", "false"]
    haproxy: Literal["auto", "true", "false"]


@dataclass(frozen=True)
class Deploy:
    """The deploy command; further environment files may be given by the keys below or among `extra_args`."""

    templates: str
    roles_file: Annotated[str | None, Shell("ROLES_FILE")]
    directory: Annotated[str | None, Shell("DEPLOY_DIRECTORY")]
    environment_directories: Annotated[tuple[str, ...], Shell("ENVIRONMENT_DIRECTORIES")]
    answers_file: Annotated[str | None, Shell("ANSWERS_FILE")]
    extra_args: tuple[str, ...]


@dataclass(frozen=True)
class NfvInstance:
    """A tenant's OVS-DPDK instance (name or id) and the rc file of its project on the undercloud."""

    server: str
    rc_file: str


@dataclass(frozen=True)
class Nfv:
    """`post_install` names the site's own post-install.yaml, `post_install_text` is what it held when compiled."""

    vhost_socket_dir: Annotated[str, Shell("VHOST_SOCKET_DIR")]
    post_install: Annotated[str | None, Shell(None)]
    post_install_text: Annotated[str | None, Shell(None)]
    strategy: Literal["cold-migrate", "snapshot"]
    instances: tuple[NfvInstance, ...]


@dataclass(frozen=True)
class Update:
    breakpoints: Literal["operator", "guarded"]


@dataclass(frozen=True)
class ComputeReboot:
    """`targets` is {compute: where its instances go}; a compute without an entry uses the next one of the spec."""

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
class Contact:
    """Whom to call about something, and how they are reached."""

    who: str
    reach: str


@dataclass(frozen=True)
class Accepted:
    """A health check, by Ceph's name for it in Luminous, that may stay raised; `reason` is empty if none was given."""

    check: str
    reason: str


@dataclass(frozen=True)
class Site:
    name: Annotated[str, Shell("SITE_NAME")]
    change: str
    stack: str
    language: Annotated[Language, Shell("SITE_LANGUAGE")]
    undercloud: Undercloud
    ssh: Ssh
    backup: Annotated[Backup, Shell("")]
    nodes: tuple[Node, ...]
    env_files: tuple[str, ...]
    deploy: Deploy
    mongodb: Literal["auto", "true", "false"]
    services: Annotated[Services, Shell("")]
    fencing: bool
    images: Literal["update", "skip"]
    old_images: Literal["keep", "delete"]
    nfv: Nfv | None
    update: Annotated[Update, Shell("")]
    compute_reboot: Annotated[ComputeReboot, Shell("")]
    disk: Disk
    timeouts: Annotated[Timeouts, Shell("TIMEOUT")]
    not_after: str | None
    hooks: Annotated[Hooks, Shell("HOOK")]
    accepted_ceph: tuple[Accepted, ...]
    require_signature: tuple[str, ...]
    waivers: tuple[Waiver, ...]
    contacts: tuple[Contact, ...]

    def nodes_with(self, capability: Capability) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.has(capability))
