"""What the simulator reads of the compiled spec, as the bundle's manifest has it (specs/site.schema.json describes it).

A site may have other keys (state/misfits.py). Of a spec that was not compiled most may be absent, as in the tests of
one tool.
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


class Ssh(TypedDict, total=False):
    user: str


class Backup(TypedDict, total=False):
    directory: str
    copy_to: str | None


class Deploy(TypedDict, total=False):
    templates: str
    roles_file: str | None


class Services(TypedDict, total=False):
    neutron_agents: str
    volumes: str
    haproxy: str


class NfvInstance(TypedDict):
    server: str
    rc_file: str


class Nfv(TypedDict, total=False):
    post_install: str | None
    instances: list[NfvInstance]


class ComputeReboot(TypedDict, total=False):
    stuck: Literal["cold", "stop", "leave", "fail"]


class Hooks(TypedDict, total=False):
    before_node: str | None
    after_node: str | None
    before_update: str | None


class Named(TypedDict):
    """What every site has; seed/site.py puts in what a spec lacks of it."""

    name: str
    stack: str
    nodes: list[Node]


class Site(Named, total=False):
    change: str
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
    compute_reboot: ComputeReboot
    hooks: Hooks
    require_signature: list[str]
