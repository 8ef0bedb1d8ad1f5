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
class Moves:
    """`order` is that of the computes under which no instance moves twice; empty where there is none.

    `circle` are then computes, the first one at its end again, each of which took instances of the one before; `empty`
    are those from which nothing had to move at first.
    """

    count: int
    twice: tuple[Twice, ...] = ()
    order: tuple[str, ...] = ()
    circle: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()


def moves_of(rows: Iterable[Mapping[str, Any]], nodes: Sequence[str]) -> Moves:
    """What the rows `moved` and `booted` of a run say; `nodes` are the site's, in the spec's order."""
    found = [*rows]
    booted = [row["booted"] for row in found if "booted" in row]
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
    if not twice:
        return Moves(len(ways))
    computes = {host for way in ways.values() for host in way}
    rebooted = [one for one in booted if one in computes]
    order, circle = order_of([(way[0], way[1]) for way in ways.values()], rebooted)
    homes = {way[0] for way in ways.values()}
    return Moves(len(ways), twice, order, circle, tuple(one for one in rebooted if one not in homes))


def _left_again(way: Sequence[str], came: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether it has left a compute that it had come to, and that was rebooted after it came."""
    return any(row.get("booted") == host for host, at in zip(way[1:-1], came, strict=False) for row in rows[at + 1 :])


def node_of(host: str, nodes: Sequence[str]) -> str:
    """The node that nova calls by this full name."""
    return next((node for node in nodes if host.split(".")[0].lower() == node.lower()), host)


def order_of(taken: Iterable[tuple[str, str]], booted: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(order, circle): each compute after those that took its instances, otherwise as they were rebooted.

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
        return (), tuple(reversed(error.args[1]))
    order: list[str] = []
    ready: set[str] = set()
    while sorter.is_active():
        ready.update(sorter.get_ready())
        first = min(ready, key=booted.index)
        ready.remove(first)
        order.append(first)
        sorter.done(first)
    return tuple(order), ()


def sentences(moves: Moves) -> list[str]:
    """What there is to say of it, a sentence each; nothing where no instance moved."""
    if not moves.count:
        return []
    if not moves.twice:
        return [f"{_instances(moves.count)} moved, each of them once."]
    rows = [f"{one.name} ({one.id}): {', then '.join(one.hosts)}" for one in moves.twice]
    count = f"{len(moves.twice)} of {_instances(moves.count)}"
    said = [f"{count} moved more than once, because the compute that took them was rebooted later:", *rows]
    if moves.order:
        order = ", ".join(moves.order)
        said.append(f"In this order of the computes none would, if each goes where it went here: {order}.")
    elif moves.empty:
        said.append(f"No order of the computes avoids it if each goes where it went here: {_round(moves.circle)}.")
        said.append(f"Nothing had to move from {', '.join(moves.empty)}: rebooted first, it could take them.")
    else:
        said.append(f"There is no order of the computes under which none does: {_round(moves.circle)}.")
    return said


def _round(circle: Sequence[str]) -> str:
    """Who took whose instances."""
    if len(circle) == 3:
        return f"{circle[0]} and {circle[1]} took each other's instances, and both were rebooted"
    return "; ".join(f"{host} took instances of {home}" for home, host in pairwise(circle))


def _instances(count: int) -> str:
    return f"{count} instance{'' if count == 1 else 's'}"
