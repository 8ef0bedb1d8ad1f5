"""`osp-compile init`: a commented spec to fill in, for given numbers of nodes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Literal

from osp_compile.assets import section_number
from osp_compile.diagnostics import RefusedError, quoted
from osp_compile.spec import schema, schema_mistakes
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


def site_word(key: Literal["name", "change"], word: str) -> str:
    """`word` as that key of `site`, without spaces around it. Raises RefusedError for one that the schema refuses."""
    word = word.strip()
    part = schema.load()["properties"]["site"]["properties"][key]
    for problem in schema_mistakes.find(word, part):
        wanted = f"at most {problem.limit} characters long" if problem.keyword == "maxLength" else part["x-words"]
        raise RefusedError(f"the site's {key} must be {wanted}, not {quoted(word)}")
    return word


def roles_of(words: Sequence[str]) -> dict[str, int]:
    """{role: number of nodes} of words like `Controller=3`. Raises RefusedError for a wrong word or sum."""
    found: dict[str, int] = {}
    prefixes: dict[str, str] = {}
    for word in words:
        match = NUMBERED.fullmatch(word)
        if match is None:
            raise RefusedError(f"{quoted(word)}: a role and its number of nodes are written `Controller=3`")
        role = match["role"]
        other = prefixes.setdefault(_prefix(role), role)
        if role in found:
            raise RefusedError(f"the role `{role}` is said twice")
        if other != role:
            raise RefusedError(f"nodes of `{role}` and of `{other}` would have the same names")
        found[role] = int(match["number"])
    if not sum(found.values()):
        raise RefusedError("a site has nodes: say how many of each role, as in `Controller=3 Compute=2`")
    if sum(found.values()) > MOST:
        raise RefusedError(f"a skeleton has at most {MOST} nodes; `osp-compile import` writes those that there are")
    return found


def _prefix(role: str) -> str:
    """What the names of a role's nodes begin with."""
    return f"overcloud-{re.sub('[^a-z0-9]', '', role.lower())}"


def text(name: str, change: str, counts: dict[str, int]) -> str:
    """The text of the skeleton; `counts` is {role: number of nodes}, in the order of the file."""
    custom = [role for role, number in counts.items() if role not in STOCK and number]
    roles = ""
    if custom:
        lines = [f"  {role}: {COMMON.get(role, '{}')}{'' if role in COMMON else HINT}" for role in custom]
        roles = "\n# What the nodes of a role are; the stock roles are built in.\nroles:\n" + "\n".join(lines) + "\n"
    if any("dpdk: true" in COMMON.get(role, "") for role in custom):
        roles += f"\nnfv: true   # OVS-DPDK instances are moved in section {section_number('finish-nfv')}\n"
    return TEXT.format(name=name, change=change, roles=roles, nodes=_nodes(counts))


HINT = "   # controller, pacemaker, compute, dpdk, ceph_osd, ceph_mon: true"


def _nodes(counts: dict[str, int]) -> str:
    lines, address = [], int(ip_address("192.0.2.10")) if sum(counts.values()) < 240 else int(ip_address("10.0.0.10"))
    for role, number in counts.items():
        for index in range(number):
            lines.append(f"- {{name: {_prefix(role)}-{index}, role: {role}, address: {ip_address(address)}}}\n")
            address += 1
    return "".join(lines)
