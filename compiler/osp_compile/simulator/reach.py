"""How far a call can reach: to look at all of the state after each of them would be most of a large rehearsal."""

from __future__ import annotations

from collections.abc import Sequence

# Tools that only tell, or hand on to others: what they leave of the world's state is as it was.
TELLING = frozenset(
    "clustercheck crm_mon date df hiera hostname needs-restarting python sleep ssh sudo timeout uname uptime"
    " who".split()
)
# Tools that touch nothing but the host they run on; what follows from it elsewhere is an event.
HOSTS_OWN = frozenset("grubby ntpstat ovs-appctl ovs-vsctl rpm systemctl virsh yum".split())
# Clients whose subcommands say themselves that they only tell: `server list`, `agent-list`.
CLIENTS = frozenset("heat ironic neutron nova openstack".split())
ASKING = ("list", "show", "-list", "-show")

EVERYWHERE = ""


def reach(tool: str, argv: Sequence[str], host: str) -> str | None:
    """The host that alone can have changed, EVERYWHERE, or None where nothing can."""
    if tool in TELLING or (tool in CLIENTS and _asks(argv)):
        return None
    return host if tool in HOSTS_OWN else EVERYWHERE


def _asks(argv: Sequence[str]) -> bool:
    """Of the words before the first option, the last of the subcommand's; behind options nobody can tell them apart."""
    for word in argv[:4]:
        if word.startswith("-"):
            return False
        if word in ASKING[:2] or word.endswith(ASKING[2:]):
            return True
    return False
