"""Which part of the state a call can change; comparing all of it after every call would dominate large rehearsals."""

from __future__ import annotations

import re
from collections.abc import Sequence

from osp_simulator.tools.openstack.client import find_command

# Tools that only report, or run other commands: they do not change the world's state themselves.
TELLING = frozenset(
    "clustercheck crm_mon date df hiera hostname needs-restarting python sleep ssh sudo timeout uname uptime"
    " who".split()
)
# Tools that change only the host they run on; consequences elsewhere are events.
HOSTS_OWN = frozenset("grubby ntpstat ovs-appctl ovs-vsctl rpm systemctl virsh yum".split())
# Clients whose subcommands show by name that they only report: `server list`, `agent-list`.
CLIENTS = frozenset("heat ironic neutron nova openstack".split())
ASKING = re.compile(r"\b(?:list|show)$")
# For tools that do both, the words that only ask.
QUESTIONS = {
    "rabbitmqctl": re.compile(r"(?:node_health_check|cluster_status|status|list_\w+)\b"),
    "ceph": re.compile(r"(?:--connect-timeout \d+ )?(?:-s|health|osd dump|config-key (?:list|get))\b"),
    "pcs": re.compile(r"(?:status|property show)\b"),
}

EVERYWHERE = ""


def reach(tool: str, argv: Sequence[str], host: str) -> str | None:
    """The only host that can have changed, or EVERYWHERE, or None if nothing can."""
    if tool in TELLING or (tool in CLIENTS and _asks(tool, argv)):
        return None
    if tool in QUESTIONS and QUESTIONS[tool].match(" ".join(argv)):
        return None
    return host if tool in HOSTS_OWN else EVERYWHERE


def _asks(tool: str, argv: Sequence[str]) -> bool:
    """Whether the subcommand only asks. Later words do not count: a server may be called `show`."""
    subcommand = find_command(argv)[0] if tool == "openstack" else argv[0] if argv else None
    return subcommand is not None and ASKING.search(subcommand) is not None
