"""Neutron as its clients see it: agents, networks, ports and routers."""

from __future__ import annotations

from typing import NotRequired, TypedDict


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
