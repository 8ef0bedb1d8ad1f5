"""The simulated site as plain JSON data: the types that code and world files must follow.

A key that is NotRequired is absent in a healthy site; a world may add it.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from osp_simulator.state.clouds import Clouds
from osp_simulator.state.control_plane import ControlPlane, Mysql
from osp_simulator.state.hosts import Host
from osp_simulator.state.site import Site


class Event(TypedDict):
    """An event that is planned."""

    at: float  # epoch seconds
    order: int  # of two events of one moment the lower comes first
    name: str
    data: dict[str, Any]  # that of its declaration in engine/events.py


class Fault(TypedDict):
    """A fault: what goes wrong, and at which calls (engine/faults.py)."""

    match: str  # a pattern over `tool argument argument`, one line
    host: NotRequired[str]  # any, if absent; likewise the user
    user: NotRequired[str]
    nth: NotRequired[int | list[int]]  # which of the matching calls, from 1; every one if absent
    since: NotRequired[str]  # a pattern of a call that comes before the first that counts
    do: NotRequired[str]  # its behaviour (engine/faults.py)
    set: NotRequired[dict[str, Any]]  # {place: value} that somebody else changes first
    begun: NotRequired[bool]  # whether that call has come
    seen: NotRequired[int]  # the number of calls that have matched
    by: NotRequired[str]  # who has set it, if a change during a run has (engine/meanwhile.py)


class Meanwhile(TypedDict):
    """A change by somebody else during a run (engine/meanwhile.py)."""

    change: str  # its name
    node: str  # named by the disturbed call; empty if it names none
    happened: bool  # false: there was nothing to change
    at: float


class Parts(ControlPlane, Clouds):
    """The parts of the state that are compared: neither clocks nor planned events."""

    hosts: dict[str, Host]  # the undercloud and every node


class State(Parts):
    """The state of the whole site; parts of the two clouds are under "undercloud" and "overcloud"."""

    clock: float  # world time, epoch seconds
    events: list[Event]  # planned events
    sequence: int  # counts the events
    site: Site
    bundle: str | None  # the bundle's folder
    faults: list[Fault]  # the faults that are set
    errors: list[str]  # breakdowns of the simulator itself
    initial_site: NotRequired[Parts]  # the parts before anything ran; later changes by others are made here too
    meanwhile: NotRequired[Meanwhile]
    trusted: NotRequired[bool]  # false: no known_hosts on the undercloud; only before the first look at its files
    signer: NotRequired[
        str
    ]  # fingerprint of the bundle's signature, where another one signed; empty: a key not at hand
    mysql: Mysql
    undercloud_files: dict[str, str]  # {path: text} of the stack user's rc files
