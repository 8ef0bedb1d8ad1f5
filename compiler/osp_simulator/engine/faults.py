"""Faults: what is set to go wrong, in the list `state["faults"]`.

Its behaviours, `do`:
  "exit N text"   the tool does nothing, prints text to stderr and exits N
  "after N text"  the tool does all it does, then exits N with the text
  "hang"          the tool does nothing and never ends (a timeout above it does)
  "hang-after"    the tool does all it does and never ends
  "kill"          before the tool does anything, SIGKILL ends every process of the run
  "kill-after"    the same once it has done all
  "lost"          ssh alone: the connection breaks before anything is done (255)
  "lost-after"    ssh alone: all is done, then the connection breaks (255)
  "wait N"        the tool does what it does N seconds later
  "answer NAME"   the tool does nothing, prints that one of the hostile texts of hostile.py, and exits 0
  "says NAME"     the tool prints that one of them, and then does all it does
  "shorten HOST:/PATH"  the tool does all it does; half of each file of this pattern is lost, and nobody says so
  "meanwhile NAME"  somebody else does that one of meanwhile.py first; then the tool does what it does
  any other word  is handed to the handler as `call.fault` ("cut", "disk-full", ...), whose facts say which it `shows`
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from osp_simulator.engine.registry import facts_of, own_faults
from osp_simulator.state import Fault

GENERAL = frozenset(
    "exit after hang hang-after kill kill-after lost lost-after wait answer says meanwhile shorten".split()
)


def behaviours() -> frozenset[str]:
    """The first words that a fault's `do` may have."""
    return GENERAL | own_faults()


def choose(faults: Sequence[Fault], line: str, host: str, user: str) -> Fault | None:
    """The fault that applies to this call; counts the call for every fault that it matches."""
    chosen: Fault | None = None
    for fault in faults:
        if "since" in fault and not fault.get("begun"):
            fault["begun"] = bool(re.search(fault["since"], line))
            continue
        if not _matches(fault, line, host, user):
            continue
        fault["seen"] = fault.get("seen", 0) + 1
        nth = fault.get("nth")
        if chosen is None and (nth is None or fault["seen"] in (nth if isinstance(nth, list) else [nth])):
            chosen = fault
    return chosen


def _matches(fault: Fault, line: str, host: str, user: str) -> bool:
    if fault.get("host") not in (None, host) or fault.get("user") not in (None, user):
        return False
    if not re.search(fault["match"], line):
        return False
    # the command that `timeout` runs is a call of its own, and the fault is meant for that
    tool, blank, _ = line.partition(" ")
    passes = bool(blank) and facts_of(tool).passes_on == "command"
    return not passes or fault["match"].startswith(f"^{tool}")


def split(behaviour: str) -> tuple[str, int, str]:
    """(word, exit status, text) of a behaviour."""
    word, _, rest = behaviour.partition(" ")
    status, _, text = rest.partition(" ")
    return word, int(status) if status.isdigit() else 1, text
