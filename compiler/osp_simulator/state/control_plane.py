"""The services of the control plane and Ceph; None if the site lacks them."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

Kind = Literal["clone", "master", "primitive", "stonith"]


class ClusterNode(TypedDict):
    online: bool
    standby: bool
    maintenance: bool
    left: NotRequired[bool]  # it has left its cluster in order, and what it lacks since then is expected


class Resource(TypedDict):
    id: str
    kind: Kind
    agent: str
    nodes: list[str]
    disabled: bool
    state: dict[str, str]  # {node: role}


class FailedAction(TypedDict):
    resource: str
    node: str
    operation: str
    status: str
    text: str


class Pacemaker(TypedDict):
    nodes: dict[str, ClusterNode]
    properties: dict[str, str]
    fencing: bool  # devices exist
    resources: list[Resource]
    failed: list[FailedAction]


class GaleraNode(TypedDict):
    synced: bool
    running: bool
    meanwhile: NotRequired[bool]  # somebody else has it out of step, and lets it in again


class Galera(TypedDict):
    password: str
    nodes: dict[str, GaleraNode]
    schemas: dict[str, list[str]]  # {schema: [tables]}
    users: list[list[str]]  # [user, host]


class Mysql(TypedDict):
    """The undercloud's database."""

    password: str
    schemas: dict[str, list[str]]


class RabbitNode(TypedDict):
    running: bool
    healthy: bool
    partitions: NotRequired[list[str]]  # of whom it has lost sight
    alone: NotRequired[bool]  # in a cluster of its own


class Rabbit(TypedDict):
    nodes: dict[str, RabbitNode]


class Redis(TypedDict):
    password: str
    vip: str
    master: str
    lastsave: int
    bgsave: float | None  # when it ends
    status: str
    dir: str
    used_memory: NotRequired[int]
    dbfilename: NotRequired[str]  # what its dump is called, where that is not dump.rdb
    nodes: list[str]
    bgsave_fails: NotRequired[bool]
    bgsave_seconds: NotRequired[float]
    also_master: NotRequired[str]  # a node that calls itself master beside the master


class MongoNode(TypedDict):
    up: bool
    address: NotRequired[str]  # where it is not its host's


class Mongo(TypedDict):
    replica_set: str
    primary: str
    nodes: dict[str, MongoNode]
    databases: list[str]


class Haproxy(TypedDict):
    password: str
    tls: bool
    port: int
    vip: str
    services: dict[str, dict[str, str]]  # {service: {node: status}}


class Monitor(TypedDict):
    up: bool


# pgs: placement groups on it, where they are not shared out evenly
# meanwhile: somebody else has taken it down, and brings it up again
Osd = TypedDict(
    "Osd",
    {"id": int, "host": str, "up": bool, "in": bool, "pgs": NotRequired[int], "meanwhile": NotRequired[bool]},
)


class Recovery(TypedDict):
    """A recovery: placement groups that become clean with the event ceph_recovered."""

    state: str
    count: int


class Ceph(TypedDict):
    fsid: str
    mons: dict[str, Monitor]
    osds: list[Osd]
    pools: dict[str, int]  # bytes
    num_pgs: int
    stuck: dict[str, int]  # {state: placement groups that stay so}
    recovering: Recovery | None
    config_keys: dict[str, str]
    flags: list[str]
    used: int
    total: int
    broken_osds: NotRequired[list[int]]  # stay down after a boot
    missed_by_udev: NotRequired[list[int]]  # the same, until ceph-disk activate-all
    needs_rebalance: NotRequired[int]  # placement groups that norebalance keeps from coming clean
    recovery_seconds: NotRequired[float]
    scrubbing: NotRequired[int]
    warnings: NotRequired[list[str]]
    error: NotRequired[str]


class ControlPlane(TypedDict):
    """The systems of the control plane, in the order in which the rules check them."""

    pacemaker: Pacemaker | None
    galera: Galera | None
    rabbit: Rabbit | None
    redis: Redis | None
    mongo: Mongo | None
    haproxy: Haproxy | None
    ceph: Ceph | None
