"""Events: what time, a tool or a person brings about, declared with the types of its data, and who carries it out.

A planned event is kept in the state by its name and data (`state.Event`); `Clock.at` takes only the data of its
declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Concatenate, Generic, ParamSpec, TypeAlias

P = ParamSpec("P")
# f(world, **data); the world's own module knows this one, and so is not named here
Handler: TypeAlias = Callable[Concatenate[Any, P], None]

EVENTS: dict[str, Event[...]] = {}


class Event(Generic[P]):
    """An event: its name, and the handlers in the order in which they are called; its data are the parameters."""

    def __init__(self, declaration: Callable[P, None]) -> None:
        self.name = declaration.__name__
        self.declaration = declaration
        self.handlers: list[Handler[P]] = []
        EVENTS[self.name] = self

    def handler(self, function: Handler[P]) -> Handler[P]:
        """Registers `f(world, **data)`; several may answer, in the order of their modules."""
        self.handlers.append(function)
        return function

    def first_handler(self, function: Handler[P]) -> Handler[P]:
        """Registers the handler that is called before the others."""
        self.handlers.insert(0, function)
        return function


# Of hosts: off is whether it stays down.


@Event
def host_down(*, host: str, off: bool = False) -> None: ...


@Event
def host_up(*, host: str) -> None: ...


@Event
def scheduled_reboot(*, host: str, off: bool) -> None: ...


@Event
def unit_changed(*, host: str, unit: str, active: str) -> None: ...


@Event
def packages_updated(*, host: str, packages: dict[str, str]) -> None: ...


# Of the control plane and Ceph.


@Event
def cluster_node_joins(*, host: str) -> None: ...


@Event
def cluster_node_settles(*, host: str) -> None: ...


@Event
def galera_is_in_step(*, host: str) -> None: ...


@Event
def rabbit_has_joined(*, host: str) -> None: ...


@Event
def haproxy_sees(*, host: str) -> None: ...


@Event
def bgsave_ends(*, node: str) -> None: ...


@Event
def mon_up(*, host: str) -> None: ...


@Event
def osds_up(*, host: str) -> None: ...


@Event
def osd_out(*, osd: int) -> None: ...


@Event
def ceph_recovered() -> None: ...


# Of a cloud: its name, and the ids of the server, the image and the migration; target is a hypervisor's name.


@Event
def server_built(*, cloud: str, server: str) -> None: ...


@Event
def server_gone(*, cloud: str, server: str) -> None: ...


@Event
def server_power_settled(*, cloud: str, server: str, status: str) -> None: ...


@Event
def power_states_compared(*, cloud: str, server: str) -> None: ...


@Event
def live_migration_ends(*, cloud: str, server: str, target: str, migration: int) -> None: ...


@Event
def cold_migration_ends(*, cloud: str, server: str, target: str, migration: int) -> None: ...


@Event
def resize_settled(*, cloud: str, server: str, revert: bool) -> None: ...


@Event
def snapshot_saving(*, cloud: str, image: str) -> None: ...


@Event
def snapshot_ends(*, cloud: str, server: str, image: str) -> None: ...


# Of the undercloud: node is the UUID of a bare metal node, or the name of a node of the stack; identifier is that of an
# update.


@Event
def bare_metal_settled(*, node: str, state: str) -> None: ...


@Event
def update_reaches_breakpoints(*, stack: str, identifier: str, nodes: list[str]) -> None: ...


@Event
def node_update_ends(*, stack: str, node: str, identifier: str) -> None: ...


@Event
def update_ends(*, stack: str, identifier: str) -> None: ...


@Event
def rollback_ends(*, stack: str) -> None: ...


# Of other people.


@Event
def meanwhile(*, change: str, node: str) -> None: ...


@Event
def others_set(*, places: Mapping[str, Any]) -> None: ...
