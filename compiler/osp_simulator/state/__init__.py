"""What the simulated site is, as plain JSON data: the types that code and world files are held to.

A key that is NotRequired is absent in a healthy site; a world may add it.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from osp_simulator.state.clouds import Clouds
from osp_simulator.state.control_plane import ControlPlane, Mysql
from osp_simulator.state.hosts import Host

# [when (epoch seconds), order, name, what it is told]
Event = list[Any]


class Fault(TypedDict):
    """What goes wrong, and at which calls (engine/faults.py)."""

    match: str  # a pattern over `tool argument argument`, one line
    host: NotRequired[str]  # any, if absent; likewise the user
    user: NotRequired[str]
    nth: NotRequired[int | list[int]]  # which of the calls that match, 1 is the first; every one, if absent
    since: NotRequired[str]  # a pattern of a call that comes before the first that counts
    do: NotRequired[str]  # its behaviour (engine/faults.py)
    set: NotRequired[dict[str, Any]]  # {place: value} that somebody else changes first
    begun: NotRequired[bool]  # that call has come
    seen: NotRequired[int]  # calls that have matched


class Meanwhile(TypedDict):
    """What somebody else does while a run is at work (engine/meanwhile.py)."""

    change: str  # its name
    node: str  # that the disturbed call speaks of; empty where it speaks of none
    happened: bool  # false: there was nothing to change
    at: float


class Parts(ControlPlane, Clouds):
    """The parts by which a site is known again: neither clocks nor plans of events."""

    hosts: dict[str, Host]  # the undercloud and every node


class State(Parts):
    """The whole site. What both clouds have lies under "undercloud" and "overcloud"."""

    clock: float  # world time, epoch seconds
    events: list[Event]  # those that are due
    sequence: int  # counts the events
    site: dict[str, Any]  # the compiled spec, as in the bundle's manifest
    bundle: str | None  # the folder that the bundle lies in
    faults: list[Fault]  # what is told to go wrong
    errors: list[str]  # breakdowns of the simulator itself
    origin: NotRequired[Parts]  # as they were before anything ran; what others change later, they change here too
    meanwhile: NotRequired[Meanwhile]
    trusted: NotRequired[bool]  # false: no known_hosts on the undercloud; only before the first look at its files
    signer: NotRequired[
        str
    ]  # fingerprint of the bundle's signature, where another one signed; empty: a key not at hand
    mysql: Mysql
    undercloud_files: dict[str, str]  # {path: text} of the stack user's rc files
