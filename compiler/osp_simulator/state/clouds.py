"""The two clouds as the OpenStack clients see them. A path may name an object of a list by its `name`."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from osp_simulator.state.heat import HeatCloud
from osp_simulator.state.neutron import NeutronCloud
from osp_simulator.state.nova import NovaCloud, Service


class Account(TypedDict):
    user: str
    password: str
    project: str
    project_id: str
    user_id: str


class KeystoneCloud(Account):
    auth_url: str
    region: str
    controllers: list[str]  # hosts that serve the overcloud's APIs
    tenants: list[Account]
    unlisted: NotRequired[list[str]]  # services that are not in its catalogue
    without_endpoints: NotRequired[list[str]]  # services that are gone, and have left their entry in it


class Volume(TypedDict):
    id: str
    name: NotRequired[str]
    status: str
    size: int  # GB
    server: NotRequired[str]  # the id of the one that it is attached to


class CinderCloud(TypedDict):
    services: list[Service]
    volumes: list[Volume]


class Image(TypedDict):
    name: str
    id: str
    status: str
    size: int | None  # this and the next three: None before anything is uploaded
    checksum: str | None
    disk_format: str | None
    container_format: str | None
    visibility: str
    created: float
    updated: NotRequired[float]
    properties: dict[str, str]
    owner: NotRequired[str]
    protected: NotRequired[bool]
    tags: NotRequired[list[str]]
    min_disk: NotRequired[int]
    min_ram: NotRequired[int]


class GlanceCloud(TypedDict):
    images: list[Image]


class BareMetal(TypedDict):
    name: str
    uuid: str
    maintenance: bool
    maintenance_reason: NotRequired[str | None]
    created: float
    instance: str | None
    power_state: str | None
    target_power_state: NotRequired[str | None]
    provision_state: str
    driver: NotRequired[str]
    driver_info: dict[str, Any]
    properties: dict[str, Any]
    console_enabled: NotRequired[bool]
    last_error: NotRequired[str | None]


class IronicCloud(TypedDict):
    nodes: list[BareMetal]


class Environment(TypedDict):
    name: str
    description: str | None
    variables: dict[str, Any]
    created: float
    updated: float | None


class MistralCloud(TypedDict):
    environments: list[Environment]


class SwiftCloud(TypedDict):
    containers: dict[str, dict[str, str]]  # {container: {object: text}}


class PlanUpdate(TypedDict):
    at: float
    env_files: list[str]
    roles_file: str | None
    arguments: list[str]


class Plan(TypedDict):
    stack: str
    updates: list[PlanUpdate]


class Clouds(TypedDict):
    """Each service by its cloud, "undercloud" or "overcloud"; a cloud that lacks the service has no entry."""

    keystone: dict[str, KeystoneCloud]
    nova: dict[str, NovaCloud]
    neutron: dict[str, NeutronCloud]
    cinder: dict[str, CinderCloud]  # the overcloud's alone
    glance: dict[str, GlanceCloud]
    ironic: dict[str, IronicCloud]  # this and the next three: the undercloud's alone
    heat: dict[str, HeatCloud]
    mistral: dict[str, MistralCloud]
    swift: dict[str, SwiftCloud]
    plan: Plan
