"""The compiled spec, as the bundle's manifest has it; each key is described in specs/site.schema.json.

Of a spec that was not compiled most keys may be absent, as in the tests of one tool.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class Node(TypedDict):
    """A node of the overcloud."""

    name: str
    role: str
    address: str
    capabilities: list[str]
    deployed_server: NotRequired[bool]


class Undercloud(TypedDict, total=False):
    user: str
    home: str
    images_dir: str
    reboot: Literal["always", "needed"]


class Ssh(TypedDict, total=False):
    user: str
    options: list[str]
    parallel: int


class Backup(TypedDict, total=False):
    directory: str
    copy_to: str | None
    minimum_free_gb: float
    maximum_age_hours: int


class Deploy(TypedDict, total=False):
    templates: str
    roles_file: str | None
    environment_directories: list[str]
    answers_file: str | None
    extra_args: list[str]


class Services(TypedDict, total=False):
    neutron_agents: str
    volumes: str
    haproxy: str


class NfvInstance(TypedDict):
    server: str
    rc_file: str


class Nfv(TypedDict, total=False):
    vhost_socket_dir: str
    post_install: str | None
    strategy: Literal["cold-migrate", "snapshot"]
    instances: list[NfvInstance]


class Update(TypedDict, total=False):
    breakpoints: Literal["operator", "guarded"]


class ComputeReboot(TypedDict, total=False):
    migrate: Literal["scheduler", "evacuate", "target"]
    stuck: Literal["cold", "stop", "leave", "fail"]
    batch: int
    targets: dict[str, str]  # {compute: where its instances go}


class Disk(TypedDict, total=False):
    warn: int  # per cent
    fail: int


class Timeouts(TypedDict, total=False):
    """Seconds."""

    reboot: int
    migrate_per_instance: int
    ceph_clean: int
    answer: int
    settle: int


class Hooks(TypedDict, total=False):
    before_node: str | None
    after_node: str | None
    before_update: str | None


class Accepted(TypedDict):
    check: str
    reason: str


class Waiver(TypedDict):
    step: str
    reason: str


class Contact(TypedDict):
    who: str
    reach: str


class Named(TypedDict):
    """What every site has; seed/site.py puts in what a spec lacks of it."""

    name: str
    stack: str
    nodes: list[Node]


class Site(Named, total=False):
    change: str
    language: Literal["en", "ja"]
    undercloud: Undercloud
    ssh: Ssh
    backup: Backup
    env_files: list[str]
    deploy: Deploy
    mongodb: str
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
    accepted_ceph: list[Accepted]
    require_signature: list[str]
    waivers: list[Waiver]
    contacts: list[Contact]
