"""The two clouds as the OpenStack clients see them. A path may name an object of a list by its `name`."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


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


class Service(TypedDict):
    """A service of nova or cinder."""

    name: str
    id: int
    binary: str
    host: str  # by its full name
    node: str  # the host of the site
    nodes: NotRequired[list[str]]  # where any of them may run it
    zone: str
    enabled: bool
    reason: str | None
    up: NotRequired[bool]  # false: dead although its host lives
    forced_down: NotRequired[bool]
    dpdk: NotRequired[bool]
    vcpus: NotRequired[int]  # of its host
    memory_mb: NotRequired[int]  # of its host
    updated: NotRequired[float]  # when it last reported, where its host does not say it
    report_seconds: NotRequired[float]


class Flavor(TypedDict):
    name: str
    id: str
    ram: int
    disk: int
    ephemeral: int
    vcpus: int
    public: bool
    properties: NotRequired[dict[str, str]]
    kind: NotRequired[str]
    too_big: NotRequired[bool]  # no host has room for it


class Guest(TypedDict):
    """The owner of ports: a server, or a placeholder for one that is being requested."""

    id: str
    security_groups: NotRequired[list[str]]
    wanted_networks: NotRequired[dict[str, list[str]]]  # its networks, once it is built
    no_port: NotRequired[bool]  # it may not have the port that it asks for


class Previous(TypedDict):
    """What a server was before its resize."""

    host: str | None
    status: str
    flavor: NotRequired[str]


class ServerFault(TypedDict):
    message: str
    code: int
    created: float


class Server(Guest):
    name: str
    status: str
    task_state: str | None
    host: str | None  # a service's: the full name
    hypervisor: NotRequired[str]
    flavor: str
    image: str
    image_id: str
    networks: dict[str, list[str]]  # {network: [address]}
    project: str
    project_id: NotRequired[str]
    user_id: NotRequired[str]
    key_name: NotRequired[str | None]
    created: float
    updated: float
    launched: float | None
    instance_name: str
    zone: NotRequired[str]
    metadata: NotRequired[dict[str, str]]
    volumes: NotRequired[list[str]]  # the ids of those that are attached
    fault: NotRequired[ServerFault]
    min_disk: NotRequired[int]
    previous: NotRequired[Previous]
    wanted_host: NotRequired[str]  # what it is to be, while it is built
    wanted_name: NotRequired[str]
    too_big: NotRequired[bool]  # no host has room for it
    went_down: NotRequired[bool]  # with its host; nova has not noticed yet
    kind: NotRequired[str]  # normal, pinned, sriov, dpdk
    storage: NotRequired[str]  # shared, local; absent: as it is asked for
    pinned: NotRequired[bool]  # true is kind pinned
    on_live_migration: NotRequired[str]  # works, rolls-back, refused-by-cpu, ends-in-error, refused
    on_cold_migration: NotRequired[str]  # works, fails
    on_snapshot: NotRequired[str]  # works, fails
    meanwhile: NotRequired[str]  # the status in which its tenant stopped it, and will start it again


class Migration(TypedDict):
    id: int
    server: str
    source: str | None
    target: str | None
    status: str
    type: str
    begun: bool  # it was on its way, and not refused before: nova knows the nodes of those alone
    created: float
    updated: float


class Aggregate(TypedDict):
    id: int
    name: str
    zone: NotRequired[str]


class NovaCloud(TypedDict):
    services: list[Service]
    servers: list[Server]
    flavors: list[Flavor]
    aggregates: NotRequired[list[Aggregate]]
    migrations: list[Migration]
    timing: dict[str, float]  # {what: seconds}
    max_limit: int
    conductor_down: NotRequired[bool]
    resume_guests: NotRequired[bool]


class Agent(TypedDict):
    name: str
    id: str
    type: str
    binary: str
    host: str
    node: str
    zone: str | None
    alive: NotRequired[bool]  # false: dead
    admin_up: bool


class Network(TypedDict):
    name: str
    id: str
    subnets: list[str]
    prefix: str
    mode: NotRequired[str]
    external: NotRequired[bool]
    owner: NotRequired[str]  # the id of another project that it belongs to


class Left(TypedDict):
    """The host that a server has left by a migration which is not yet confirmed."""

    host: str | None
    mode: str


class Port(TypedDict):
    name: str
    id: str
    mac: str
    network: str
    network_id: str
    address: str
    server: str | None
    host: str | None
    mode: str  # normal, sriov, dpdkvhostuser, dpdkvhostuserclient
    made_for_server: bool  # nova deletes it again
    plugged: NotRequired[bool]  # false: its Open vSwitch has none of it
    left: NotRequired[Left]
    owner: NotRequired[str]
    subnet: NotRequired[str]
    security_groups: NotRequired[list[str]]


class Router(TypedDict):
    name: str
    id: str
    ha: bool
    agents: dict[str, str]  # {host by its full name: active, standby}


class NeutronCloud(TypedDict):
    agents: list[Agent]
    networks: list[Network]
    ports: list[Port]
    routers: NotRequired[list[Router]]


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


class StackNode(TypedDict):
    deployment: str
    server: str
    nested: NotRequired[str]  # the stack that its server is in: STACK-ROLE-ID-NUMBER-ID
    config: NotRequired[str]
    update: NotRequired[str]  # works, fails, skipped


class UpdatedNode(StackNode):
    """A node in the stack's update."""

    state: str  # not_started, on_breakpoint, in_progress, completed, failed
    since: float


class Update(TypedDict):
    """A package update of a stack."""

    identifier: str
    started: float
    nodes: dict[str, UpdatedNode]
    ours: NotRequired[bool]
    ended: NotRequired[bool]
    rollback_at: NotRequired[float]


class StackEvent(TypedDict):
    time: float
    resource: str | None
    status: str
    reason: str


class StackResource(TypedDict):
    name: str
    physical_id: str
    type: str
    status: str
    updated: NotRequired[float]
    stack: NotRequired[str]  # the nested one that it is in


class Failure(TypedDict):
    """A resource that an update failed at."""

    resource: str
    type: str
    physical_id: str
    reason: str


class Stack(TypedDict):
    name: str
    id: str
    description: str
    status: str
    status_reason: str
    created: float
    updated: float | None
    parameters: dict[str, str]
    parameter_defaults: NotRequired[dict[str, Any]]
    outputs: dict[str, Any]
    events: list[StackEvent]
    resources: list[StackResource]
    nodes: dict[str, StackNode]
    update: Update | None  # the running or last package update
    failures: NotRequired[list[Failure]]
    timeout_mins: NotRequired[int]
    stack_user_project_id: NotRequired[str]
    busy_until: NotRequired[float | None]  # it is in somebody else's operation until then
    meanwhile: NotRequired[str]  # the status in which somebody else began a deployment


class HeatCloud(TypedDict):
    stacks: list[Stack]
    deleted: list[Stack]
    timing: dict[str, float]
    prompt: NotRequired[str]  # later, earlier: the release of the client, whose later one says which node goes on
    waits_for_progress: NotRequired[bool]  # false: it asks although a node is being updated


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
