"""The safety rules of connections: none is waited for without a limit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from osp_simulator.safety.connections import connection_may_hang
from unit.simulator.safety.test_safety import Watched, call, watched

__all__ = ["watched"]  # the fixture

SAFE = ("-o", "BatchMode=yes", "-o", "ConnectTimeout=10")


@pytest.mark.parametrize(
    ("tool", "words"),
    [
        ("ssh", (*SAFE, "heat-admin@192.0.2.10", "true")), ("ssh", ("-O", "exit", "192.0.2.10")),
        ("scp", ("dump", "192.0.2.10:")), ("rsync", ("dump", "192.0.2.10:")), ("openstack", ("image", "delete", "x")),
        ("nova", ("live-migration", "x")), ("mysql", ("-e", "select 1;")), ("redis-cli", ("-h", "192.0.2.10")),
    ],
)  # fmt: skip
def test_what_is_answered_elsewhere_has_a_limit(watched: Watched, tool: str, words: tuple[str, ...]) -> None:
    waited = call(tool, *words)
    assert list(connection_may_hang(watched.world, waited)) == [
        f"{' '.join((tool, *words))} is waited for without a limit"
    ]
    assert list(connection_may_hang(watched.world, replace(waited, timers=("timeout-1",)))) == []
    # (there it has come by an ssh, which has the limit)
    if tool != "ssh":
        assert list(connection_may_hang(watched.world, replace(waited, host="overcloud-controller-0"))) == []


def test_what_is_answered_here_needs_none_nor_what_the_script_watches(watched: Watched) -> None:
    for tool, *words in (
        ("systemctl", "is-active", "httpd"),
        ("rpm", "--query", "bash"),
        ("openstack", "undercloud", "upgrade"),
    ):
        assert list(connection_may_hang(watched.world, call(tool, *words))) == []


def test_a_connection_asks_nobody_and_ends_where_nobody_answers(watched: Watched) -> None:
    limited = replace(call("ssh", "192.0.2.10", "true"), timers=("timeout-1",))
    assert list(connection_may_hang(watched.world, limited)) == [
        "ssh was used without BatchMode=yes", "ssh was used without ConnectTimeout",
    ]  # fmt: skip
