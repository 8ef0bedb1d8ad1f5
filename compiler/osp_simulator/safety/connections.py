"""Rules: host keys are always checked, and no connection waits for input that nobody gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from osp_simulator.engine.registry import facts_of
from osp_simulator.engine.watching import rule

if TYPE_CHECKING:
    from osp_simulator.engine.call import Call
    from osp_simulator.engine.world import World

UNCHECKED = re.compile(r"StrictHostKeyChecking=(no|off|accept-new|ask)|UserKnownHostsFile=/dev/null", re.IGNORECASE)


@rule("host-key-unchecked", "call", "every connection checks the host key against what is known")
def host_key_unchecked(_: World, call: Call) -> Iterator[str]:
    if facts_of(call.tool).over_ssh and UNCHECKED.search(" ".join(call.argv)):
        yield f"{call.tool} was called without a check of the host key"


WATCHED = ("undercloud", "upgrade")  # the script looks at it while it runs, says when it is late, and never ends it


@rule("connection-may-hang", "call", "no connection asks for a password or waits without a limit")
def connection_may_hang(_: World, call: Call) -> Iterator[str]:
    """Whether a connection may wait for input, or for an answer that never comes; an order to an existing connection
    (-O) opens none. What runs on a node is waited for by the call that has brought it there.
    """
    if call.tool == "ssh" and "-O" not in call.argv:
        words = " ".join(call.argv)
        for option in ("BatchMode=yes", "ConnectTimeout="):
            if option not in words:
                yield f"ssh was used without {option.rstrip('=')}"
    if call.host == "undercloud" and not call.timers and _waits_elsewhere(call) and call.argv[:2] != WATCHED:
        yield f"{' '.join((call.tool, *call.argv))[:200]} is waited for without a limit"


def _waits_elsewhere(call: Call) -> bool:
    facts = facts_of(call.tool)
    return facts.over_ssh or facts.breaks in {"api", "connection"} or facts.waits
