"""Nova as its clients see it: services, of cinder too, flavors, instances, migrations and aggregates."""

from __future__ import annotations

from typing import NotRequired, TypedDict


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
