"""How far a call can reach: to look at all of the state after each of them would be most of a large rehearsal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from osp_simulator.tools.openstack.client import find_command

# Tools that only tell, or hand on to others: what they leave of the world's state is as it was.
TELLING = frozenset(
    "clustercheck crm_mon date df hiera hostname needs-restarting python sleep ssh sudo timeout uname uptime"
    " who".split()
)
# Tools that touch nothing but the host they run on; what follows from it elsewhere is an event.
HOSTS_OWN = frozenset("grubby ntpstat ovs-appctl ovs-vsctl rpm systemctl virsh yum".split())
# Clients whose subcommands say themselves that they only tell: `server list`, `agent-list`.
CLIENTS = frozenset("heat ironic neutron nova openstack".split())
ASKING = re.compile(r"\b(?:list|show)$")
# Of tools that do both, the words that only ask.
QUESTIONS = {
    "rabbitmqctl": re.compile(r"(?:node_health_check|cluster_status|status|list_\w+)\b"),
    "ceph": re.compile(r"(?:--connect-timeout \d+ )?(?:-s|health|osd dump|config-key (?:list|get))\b"),
    "pcs": re.compile(r"(?:status|property show)\b"),
}

EVERYWHERE = ""


def reach(tool: str, argv: Sequence[str], host: str) -> str | None:
    """The host that alone can have changed, EVERYWHERE, or None where nothing can."""
    if tool in TELLING or (tool in CLIENTS and _asks(tool, argv)):
        return None
    if tool in QUESTIONS and QUESTIONS[tool].match(" ".join(argv)):
        return None
    return host if tool in HOSTS_OWN else EVERYWHERE


def _asks(tool: str, argv: Sequence[str]) -> bool:
    """By the subcommand alone: a server may be called `show`. Behind a global option it is not looked for."""
    subcommand = find_command(argv)[0] if tool == "openstack" else argv[0] if argv else None
    return subcommand is not None and ASKING.search(subcommand) is not None
