"""Finds instances that move twice: to a compute that is rebooted later, from where they have to move again.

Nova, or the spec, decides which compute takes an instance. In an order where none moves twice, each compute comes after
those that took its instances; if two took each other's, there is no such order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any

from osp_compile.rehearsal.flight_wording import Language, said


@dataclass(frozen=True)
class Twice:
    """An instance that moved twice, and its computes in order; each but the last was rebooted after it left."""

    name: str
    id: str
    hosts: tuple[str, ...]


@dataclass
class _Way:
    """The computes that an instance was on, in order; `came` is when, but to the first: a place in the run's rows."""

    id: str
    hosts: list[str]
    name: str = ""
    came: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Order:
    """An order of computes that take each other's instances: in `order` none moves twice; it is empty if there is no
    such.

    `computes` is the order in which they were rebooted. Without an `order`, `circle` has some of them, the first one
    again at its end, where each took instances of the one before; `empty` are those that had no instance to move at
    first.
    """

    computes: tuple[str, ...]
    order: tuple[str, ...] = ()
    circle: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moves:
    """The number of instances that moved, those that moved twice, and the order of computes that would avoid it."""

    count: int
    twice: tuple[Twice, ...] = ()
    orders: tuple[Order, ...] = ()


def moves_of(rows: Iterable[Mapping[str, Any]], nodes: Sequence[str]) -> Moves:
    """The moves in a run's rows `moved` and `booted`; `nodes` are the site's, in the spec's order."""
    found = [*rows]
    ways = _ways(found, nodes)
    twice = [Twice(way.name, way.id, tuple(way.hosts)) for way in ways if _left_again(way, found)]
    homes = {one.hosts[0] for one in twice}
    booted = [row["booted"] for row in found if "booted" in row]
    groups = [group for group in groups_of(way.hosts for way in ways) if group & homes]
    return Moves(len(ways), tuple(twice), tuple(_order_within(group, ways, booted) for group in groups))


def _ways(rows: Sequence[Mapping[str, Any]], nodes: Sequence[str]) -> list[_Way]:
    """One for each instance that moved, in the order of their first moves."""
    ways: dict[str, _Way] = {}
    for at, row in enumerate(rows):
        if "moved" in row:
            way = ways.setdefault(row["moved"], _Way(row["moved"], [node_of(row["from"], nodes)]))
            way.name = row["name"]
            way.hosts.append(node_of(row["to"], nodes))
            way.came.append(at)
    return [*ways.values()]


def groups_of(ways: Iterable[Sequence[str]]) -> list[set[str]]:
    """The computes in groups: within each, instances went from one to another; between two, none did."""
    groups: list[set[str]] = []
    for way in ways:
        met = [group for group in groups if group & {*way}]
        groups = [group for group in groups if group not in met] + [{*way}.union(*met)]
    return groups


def _left_again(way: _Way, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the instance left a compute that was rebooted after the instance had come to it."""
    came = zip(way.hosts[1:-1], way.came, strict=False)
    return any(row.get("booted") == host for host, at in came for row in rows[at + 1 :])


def node_of(host: str, nodes: Sequence[str]) -> str:
    """The node that nova calls by this full name."""
    return next((node for node in nodes if host.split(".")[0].lower() == node.lower()), host)


def _order_within(group: set[str], ways: Iterable[_Way], booted: Iterable[str]) -> Order:
    taken = [(way.hosts[0], way.hosts[1]) for way in ways if way.hosts[0] in group]
    return order_of(taken, [one for one in booted if one in group])


def order_of(taken: Sequence[tuple[str, str]], booted: Sequence[str]) -> Order:
    """The order in which each compute comes after those that took its instances; ties stay as they were rebooted.

    `taken` are (compute that an instance was on at first, compute that took it).
    """
    before: dict[str, set[str]] = {node: set() for node in booted}
    for home, host in taken:
        if home in before and host in before and home != host:
            before[home].add(host)
    sorter = TopologicalSorter(before)
    try:
        sorter.prepare()
    except CycleError as error:
        homes = {home for home, _ in taken}
        return Order(
            tuple(booted), (), tuple(reversed(error.args[1])), tuple(one for one in booted if one not in homes)
        )
    return Order(tuple(booted), tuple(_earliest_first(sorter, booted)))


def _earliest_first(sorter: TopologicalSorter[str], booted: Sequence[str]) -> Iterator[str]:
    """Of those that may be next, always the one that was rebooted first."""
    ready: set[str] = set()
    while sorter.is_active():
        ready.update(sorter.get_ready())
        first = min(ready, key=booted.index)
        ready.remove(first)
        yield first
        sorter.done(first)


def sentences(moves: Moves, language: Language = "en") -> list[str]:
    """Sentences about the moves; empty if no instance moved."""
    if not moves.count:
        return []
    instances = _instances(moves.count, language)
    if not moves.twice:
        return [said(language, "moved_once", instances=instances)]
    then = said(language, "then")
    rows = [said(language, "way", name=one.name, id=one.id, hosts=then.join(one.hosts)) for one in moves.twice]
    first = said(language, "moved_twice", count=len(moves.twice), instances=instances)
    return [first, *rows, *(_advice(order, language) for order in moves.orders)]


def _advice(found: Order, language: Language) -> str:
    """What another order of these computes would have changed."""
    comma = said(language, "comma")
    if found.order:
        return said(language, "order", order=comma.join(found.order))
    computes, circle = comma.join(found.computes), _round(found.circle, language)
    if found.empty:
        return said(language, "no_order_here", computes=computes, circle=circle, empty=comma.join(found.empty))
    return said(language, "no_order", computes=computes, circle=circle)


def _round(circle: Sequence[str], language: Language) -> str:
    """Which compute took whose instances, around the circle."""
    if len(circle) == 3:
        return said(language, "took_both", one=circle[0], other=circle[1])
    taken = (said(language, "took", host=host, home=home) for home, host in pairwise(circle))
    return said(language, "semicolon").join(taken)


def _instances(count: int, language: Language) -> str:
    return said(language, "instances_of_one" if count == 1 else "instances", count=count)
