"""A host of the site: the undercloud, a node, or the host that backups are copied to."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

# a value of puppet's data, of whatever type
Hiera = Any


class Kernel(TypedDict):
    running: str
    default: str
    installed: list[str]


class RunningOpenvswitch(TypedDict):
    running: str


class Unit(TypedDict):
    """A unit of systemd."""

    active: str  # active, inactive, failed
    sub: str
    enabled: str  # enabled, disabled, static, bad
    loaded: bool
    text: NotRequired[str]  # of its file
    chkconfig: NotRequired[str]  # enabled, disabled: of an init script, whose unit file is bad


class Disk(TypedDict):
    """A file system, in bytes."""

    source: str
    fstype: str
    size: int
    used: int
    target: str
    iused: NotRequired[int]  # inodes in use, percent
    meanwhile: NotRequired[int]  # what was used before somebody else filled it


class Clock(TypedDict):
    synced: bool
    offset: float  # seconds
    daemon: str | None  # ntpd, chronyd
    sync_seconds: NotRequired[float]  # from its boot until it is synchronised


# Somebody who is logged in, since the boot where no time is given. (`from` is a word of Python's.)
Session = TypedDict("Session", {"user": str, "tty": str, "from": str, "at": NotRequired[float]})


class YumTransaction(TypedDict):
    id: int
    at: float
    command: str
    packages: list[str]


class Host(TypedDict):
    fqdn: str
    address: str
    role: str
    capabilities: list[str]
    up: bool
    returns: bool  # comes back from a reboot
    reboot_seconds: float
    # closed: ssh breaks as it goes down; clean: it answers until it goes down, a moment or its shutdown_seconds later
    reboot_ssh: str
    boot_id: str
    booted_at: float
    boots: int
    kernel: Kernel
    pinned_kernel: bool  # yum does not change the default
    openvswitch: RunningOpenvswitch | None
    packages: dict[str, list[str]]  # {name: [[epoch:]version-release, oldest first]}
    offers: dict[str, str]  # the version that the repositories hold
    repositories: bool  # false: they cannot be reached
    updated: dict[str, float]  # when a package was updated
    yum_history: list[YumTransaction]
    units: dict[str, Unit]
    system_state: str | None  # what is-system-running is to say
    disks: list[Disk]
    ntp: Clock
    domains: list[str]  # libvirt domains that run here, where nova's servers do not say it all
    users: list[Session]
    hiera: dict[str, Hiera]
    host_key: str
    users_known: NotRequired[list[str]]  # who may log in, where that is not the node's own user
    offered: NotRequired[dict[str, str]]  # what was on offer when its last update began, once one has
    reboots_asked: NotRequired[int]
    going_down: NotRequired[bool]  # on command, and still up
    units_before: NotRequired[list[str]]  # what was active as it went down
    domains_before: NotRequired[list[str]]
    fenced_at_its_stop: NotRequired[bool]  # by the cluster; its rabbit cannot rejoin
    disabled_repositories: NotRequired[list[str]]  # off here, and on elsewhere (hosts/channels.py)
    # {package: repository} where its offer is some other's than Red Hat's own for this release
    other_repositories: NotRequired[dict[str, str]]
    requires: NotRequired[dict[str, str]]  # {package: what its offer requires, and no repository has}
    unreachable: NotRequired[bool]  # up, but not by ssh
    broken_units: NotRequired[list[str]]  # fail to start
    keeps_kernel: NotRequired[bool]  # boots the running one again
    excluded: NotRequired[list[str]]  # packages that yum does not know, though no file of the host says so
    offered_key: NotRequired[str]  # what ssh-keyscan sees instead of host_key
    older_offers: NotRequired[dict[str, list[str]]]  # versions, oldest first, that yum lists before the one on offer
    stays_out_of_cluster: NotRequired[bool]
    galera_stays_unsynced: NotRequired[bool]
    rabbit_comes_up_alone: NotRequired[bool]  # after its boot
    rabbit_stops_slowly: NotRequired[bool]
    rejoin_seconds: NotRequired[float]  # from the start of its cluster's daemons until it is online
    settle_seconds: NotRequired[float]  # from then on, until its services come
    starting_seconds: NotRequired[float]  # from its boot until systemd calls it running
    shutdown_seconds: NotRequired[float]
    galera_seconds: NotRequired[float]  # from then on, until it is in step
    rabbit_seconds: NotRequired[float]  # from then on, until it has joined
    haproxy_seconds: NotRequired[float]  # from its boot until its servers pass haproxy's checks
    haproxy_down: NotRequired[list[str]]  # services that never do
    osd_seconds: NotRequired[float]  # from its boot until its OSDs are up
    report_seconds: NotRequired[float]  # from its boot until nova and neutron hear of it
    router_seconds: NotRequired[float]  # from its boot until its L3 agent has built its routers
    client_options: NotRequired[list[str]]  # that its openstackclient was extended by, for `overcloud deploy`
    rhel_release: NotRequired[str]  # that subscription-manager has it stay at
