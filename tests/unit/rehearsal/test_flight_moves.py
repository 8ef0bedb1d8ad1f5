"""Which instances move twice, and the order under which none does."""

from __future__ import annotations

import pytest

from osp_compile.rehearsal.flight_moves import moves_of, node_of, sentences

NODES = ("a", "b", "c")


def rows(text: str) -> list[dict[str, object]]:
    """`1:a>b` is the instance 1 that moves from a to b, `!a` a reboot of a."""
    found: list[dict[str, object]] = []
    for word in text.split():
        if word.startswith("!"):
            found.append({"booted": word[1:], "at": 0})
        else:
            one, _, way = word.partition(":")
            home, _, host = way.partition(">")
            found.append(
                {"moved": one, "name": f"vm-{one}", "from": f"{home}.localdomain", "to": f"{host}.localdomain"}
            )
    return found


def test_two_computes_that_take_each_others_instances_have_no_order() -> None:
    moves = moves_of(rows("1:a>b !a 1:b>a 2:b>a !b"), NODES)
    assert [one.hosts for one in moves.twice] == [("a", "b", "a")]
    assert [(one.order, one.empty) for one in moves.orders] == [((), ())]
    said = sentences(moves)
    assert said[0] == "1 of 2 instances moved more than once, because the compute that took them was rebooted later:"
    assert said[1] == "vm-1 (1): a, then b, then a"
    assert said[-1].startswith("No order of a, b avoids it: ")
    assert "took each other's instances, and both were rebooted" in said[-1]


def test_the_compute_that_takes_all_is_rebooted_first() -> None:
    moves = moves_of(rows("1:a>c !a 2:b>c !b 1:c>a 2:c>b !c"), NODES)
    assert [one.id for one in moves.twice] == ["1", "2"]
    assert [one.order for one in moves.orders] == [("c", "a", "b")]
    assert sentences(moves)[-1] == (
        "In the order c, a, b none of their instances moves twice, if each goes where it went here."
    )


def test_a_chain_is_rebooted_from_its_end() -> None:
    moves = moves_of(rows("1:a>b !a 1:b>c 2:b>c !b 1:c>a 2:c>a !c"), NODES)
    assert [one.order for one in moves.orders] == [("c", "b", "a")]


def test_a_circle_of_three_says_who_took_whose() -> None:
    moves = moves_of(rows("1:a>b !a 1:b>c 2:b>c !b 1:c>a 2:c>a 3:c>a !c"), NODES)
    assert [one.order for one in moves.orders] == [()]
    assert sentences(moves)[-1].count("took instances of") == 3


def test_a_compute_that_was_empty_could_have_taken_them() -> None:
    moves = moves_of(rows("1:a>b !a 1:b>a 2:b>a !b 2:a>c !c"), NODES)
    assert [one.empty for one in moves.orders] == [("c",)]
    assert sentences(moves)[-1].endswith("Nothing had to move from c: rebooted first, it could take them.")


def test_computes_that_take_nothing_of_each_other_are_looked_at_apart() -> None:
    # (a and b take each other's; d takes all of e's, as computes with DPDK would)
    moves = moves_of(rows("1:a>b !a 1:b>a 2:b>a !b 3:e>d !e 3:d>e !d"), ("a", "b", "d", "e"))
    assert [one.id for one in moves.twice] == ["1", "3"]
    assert [one.order for one in moves.orders] == [(), ("d", "e")]
    assert sentences(moves)[-1].startswith("In the order d, e none of their instances moves twice, ")


@pytest.mark.parametrize("text", ["", "!a !b"])
def test_nothing_is_said_where_nothing_moves(text: str) -> None:
    assert sentences(moves_of(rows(text), NODES)) == []


def test_once_is_once() -> None:
    assert sentences(moves_of(rows("1:a>b !a"), NODES)) == ["1 instance moved, each of them once."]
    # what leaves a compute that was not rebooted, or was rebooted before it came, has moved by somebody's wish
    assert moves_of(rows("1:a>b !a 1:b>c"), NODES).twice == ()
    assert moves_of(rows("!b 1:a>b !a 1:b>c"), NODES).twice == ()


def test_a_node_is_found_by_its_full_name_whatever_its_case() -> None:
    assert node_of("A.localdomain", NODES) == "a"
    assert node_of("elsewhere.example", NODES) == "elsewhere.example"
