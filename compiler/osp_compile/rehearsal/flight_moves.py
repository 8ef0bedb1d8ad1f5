"""Instances that move twice: off one compute to another that is rebooted later, from where they have to move again.

Which compute takes an instance is nova's choice, or the spec's. An order of the computes under which none moves twice
has each compute after those that took its instances; where they took each other's, there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any


@dataclass(frozen=True)
class Twice:
    """An instance and the computes that it was on, in order; each but the last was rebooted after it had left."""

    name: str
    id: str
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """Of computes that take instances of each other: `order` has none move twice, and is empty if no order has.

    `computes` are as they were rebooted. `circle` are some of them where there is no order, the first one at its end
    again, each of which took instances of the one before; `empty` are those from which nothing had to move at first.
    """

    computes: tuple[str, ...]
    order: tuple[str, ...] = ()
    circle: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moves:
    """How many instances moved, those that moved twice, and what the order of the computes has to do with it."""

    count: int
    twice: tuple[Twice, ...] = ()
    orders: tuple[Order, ...] = ()


def moves_of(rows: Iterable[Mapping[str, Any]], nodes: Sequence[str]) -> Moves:
    """What the rows `moved` and `booted` of a run say; `nodes` are the site's, in the spec's order."""
    found = [*rows]
    ways: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    came: dict[str, list[int]] = {}  # when it came to each but the first, as a place in the rows
    for at, row in enumerate(found):
        if "moved" in row:
            one = row["moved"]
            names[one] = row["name"]
            ways.setdefault(one, [node_of(row["from"], nodes)]).append(node_of(row["to"], nodes))
            came.setdefault(one, []).append(at)
    twice = tuple(Twice(names[one], one, tuple(way)) for one, way in ways.items() if _left_again(way, came[one], found))
    taken = [(way[0], way[1]) for way in ways.values()]
    booted = [row["booted"] for row in found if "booted" in row]
    orders = [
        order_of([pair for pair in taken if pair[0] in group], [one for one in booted if one in group])
        for group in groups_of(way for way in ways.values())
        if any(one.hosts[0] in group for one in twice)
    ]
    return Moves(len(ways), twice, tuple(orders))


def groups_of(ways: Iterable[Sequence[str]]) -> list[set[str]]:
    """The computes in groups: within each, instances went from one to another; between two, none did."""
    groups: list[set[str]] = []
    for way in ways:
        met = [group for group in groups if group & {*way}]
        groups = [group for group in groups if group not in met] + [{*way}.union(*met)]
    return groups


def _left_again(way: Sequence[str], came: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether it has left a compute that it had come to, and that was rebooted after it came."""
    return any(row.get("booted") == host for host, at in zip(way[1:-1], came, strict=False) for row in rows[at + 1 :])


def node_of(host: str, nodes: Sequence[str]) -> str:
    """The node that nova calls by this full name."""
    return next((node for node in nodes if host.split(".")[0].lower() == node.lower()), host)


def order_of(taken: Sequence[tuple[str, str]], booted: Sequence[str]) -> Order:
    """Each compute after those that took its instances, otherwise as they were rebooted.

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
    order: list[str] = []
    ready: set[str] = set()
    while sorter.is_active():
        ready.update(sorter.get_ready())
        first = min(ready, key=booted.index)
        ready.remove(first)
        order.append(first)
        sorter.done(first)
    return Order(tuple(booted), tuple(order))


def sentences(moves: Moves) -> list[str]:
    """What there is to say of it, a sentence each; nothing where no instance moved."""
    if not moves.count:
        return []
    if not moves.twice:
        return [f"{_instances(moves.count)} moved, each of them once."]
    rows = [f"{one.name} ({one.id}): {', then '.join(one.hosts)}" for one in moves.twice]
    count = f"{len(moves.twice)} of {_instances(moves.count)}"
    said = [f"{count} moved more than once, because the compute that took them was rebooted later:", *rows]
    return said + [_advice(order) for order in moves.orders]


def _advice(found: Order) -> str:
    """What another order of these computes would have come to."""
    if found.order:
        return (
            f"In the order {', '.join(found.order)} no instance of theirs moves twice, if each goes where it went here."
        )
    computes, circle = ", ".join(found.computes), _round(found.circle)
    if found.empty:
        first = f"Nothing had to move from {', '.join(found.empty)}: rebooted first, it could take them."
        return f"No order of {computes} avoids it, if each goes where it went here: {circle}. {first}"
    return f"No order of {computes} avoids it: {circle}."


def _round(circle: Sequence[str]) -> str:
    """Who took whose instances."""
    if len(circle) == 3:
        return f"{circle[0]} and {circle[1]} took each other's instances, and both were rebooted"
    return "; ".join(f"{host} took instances of {home}" for home, host in pairwise(circle))


def _instances(count: int) -> str:
    return f"{count} instance{'' if count == 1 else 's'}"
