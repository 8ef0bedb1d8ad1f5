"""How far a call can reach: to look at all of the state after each of them would be most of a large rehearsal."""

from __future__ import annotations

from collections.abc import Sequence

from osp_simulator.engine.registry import facts_of

EVERYWHERE = ""


def reach(tool: str, argv: Sequence[str], host: str) -> str | None:
    """The host that alone can have changed, EVERYWHERE, or None where nothing can."""
    facts = facts_of(tool)
    if facts.reaches == "nothing" or facts.asks(argv):
        return None
    return host if facts.reaches == "host" else EVERYWHERE
