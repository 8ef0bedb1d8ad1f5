"""`osp-compile init`: a commented spec to fill in, for given numbers of nodes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_address

from osp_compile.diagnostics import RefusedError, quoted
from osp_compile.spec.roles import COMMON, STOCK

NUMBERED = re.compile(r"(?P<role>[A-Za-z][A-Za-z0-9_-]{0,63})=(?P<number>[0-9]{1,4})")
MOST = 4000
TEXT = """\
# yaml-language-server: $schema=site.schema.json
# A site for osp-compile: replace what is not yours, then `osp-compile check`. `osp-compile schema` describes every key.
# `osp-compile import` writes this file from the deploy script and the server list instead.
version: 1
site: {{name: {name}, change: {change}}}   # change: the number on the ticket

# backup: {{copy_to: "backup@192.0.2.250:/srv/osp"}}   # without it, the operator copies and acknowledges
{roles}
# Names as `openstack server list` on the undercloud shows them, addresses on the ctlplane network.
nodes:
{nodes}
# The deploy command's environment files in its order: the last one that sets a parameter wins.
env_files:
- /usr/share/openstack-tripleo-heat-templates/environments/network-isolation.yaml
- /home/stack/templates/network-environment.yaml
# deploy:
#   roles_file: /home/stack/templates/roles_data.yaml
#   extra_args: [--ntp-server, 192.0.2.1]

# fencing: true                     # it must be on after the update
# compute_reboot: {{stuck: stop}}     # instances that cannot move live are stopped, and started again
# not_after: "05:30"                # start nothing disruptive after this
"""


def roles_of(words: Sequence[str]) -> dict[str, int]:
    """{role: number of nodes} of words like `Controller=3`; RefusedError for any other word."""
    found: dict[str, int] = {}
    for word in words:
        match = NUMBERED.fullmatch(word)
        if match is None:
            raise RefusedError(f"{quoted(word)}: a role and its number of nodes are `--role Controller=3`")
        found[match["role"]] = int(match["number"])
    if sum(found.values()) > MOST:
        raise RefusedError(f"a skeleton has at most {MOST} nodes; `osp-compile import` writes those that there are")
    return found


def text(name: str, change: str, counts: dict[str, int]) -> str:
    """The text of the skeleton; `counts` is {role: number of nodes}, in the order of the file."""
    custom = [role for role, number in counts.items() if role not in STOCK and number]
    roles = ""
    if custom:
        lines = [f"  {role}: {COMMON.get(role, '{}')}{'' if role in COMMON else HINT}" for role in custom]
        roles = "\n# What the nodes of a role are; the stock roles are built in.\nroles:\n" + "\n".join(lines) + "\n"
    if any("dpdk: true" in COMMON.get(role, "") for role in custom):
        roles += "\nnfv: true   # OVS-DPDK instances are moved in section 2.13\n"
    return TEXT.format(name=name, change=change, roles=roles, nodes=_nodes(counts))


HINT = "   # controller, pacemaker, compute, dpdk, ceph_osd, ceph_mon: true"


def _nodes(counts: dict[str, int]) -> str:
    lines, address = [], int(ip_address("192.0.2.10")) if sum(counts.values()) < 240 else int(ip_address("10.0.0.10"))
    for role, number in counts.items():
        for index in range(number):
            name = f"overcloud-{re.sub('[^a-z0-9]', '', role.lower())}-{index}"
            lines.append(f"- {{name: {name}, role: {role}, address: {ip_address(address)}}}\n")
            address += 1
    return "".join(lines)
