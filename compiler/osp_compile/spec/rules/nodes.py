"""Rules for nodes, their addresses and their roles."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from osp_compile.diagnostics import Diagnostic, error, nearest, quoted
from osp_compile.spec.roles import COMMON, PROFILES
from osp_compile.spec.rules.view import SUGGESTIONS, View
from osp_compile.spec.yaml_tree import Path

Address = IPv4Address | IPv6Address


def duplicate_names(view: View) -> Iterator[Diagnostic]:
    first: dict[str, Path] = {}
    for path, name in view.nodes("name"):
        if name in first:
            line = view.source.value(first[name]).line
            help = f"it is already on line {line}; every node needs its own name"
            yield view.error("duplicate-node", f"duplicate node {quoted(name)}", path, help)
        first.setdefault(name, path)


def addresses(view: View) -> Iterator[Diagnostic]:
    """Addresses must be usable for a node, of one family, and different, however they are written."""
    first: dict[Address, Path] = {}
    versions: list[int] = []
    for path, text in view.nodes("address"):
        address, reason, help = parse_address(text)
        if address is None:
            yield view.error("bad-address", f"{quoted(text)} {reason}", path, help)
            continue
        if address in first:
            line = view.source.value(first[address]).line
            help = f"it is already on line {line}; every node needs its own address"
            yield view.error("duplicate-address", f"duplicate address {quoted(text)}", path, help)
        if address.version not in versions and versions:
            message = f"an IPv{address.version} address among IPv{versions[0]} ones"
            help = "use the addresses of the ctlplane network, which is either IPv4 or IPv6"
            yield view.warning("mixed-addresses", message, path, help)
        if address.version not in versions:
            versions.append(address.version)
        first.setdefault(address, path)


def parse_address(text: str) -> tuple[Address | None, str, str]:
    """The address, or None with what is wrong and what to do; IPv4-mapped IPv6 addresses count as IPv4."""
    write = "write the ctlplane address alone, such as 192.0.2.10 or 2001:db8::10"
    if "%" in text:
        return None, "has a zone id", "write the node's routed ctlplane address, without `%`"
    if "/" in text:
        return None, "is a network, not an address", f"did you mean {quoted(text.split('/')[0])}?"
    if text.startswith("[") and text.endswith("]"):
        return None, "has brackets", f"write {quoted(text[1:-1])}; brackets are put where they are needed"
    try:
        address = ip_address(text)
    except ValueError:
        return None, "is not an IP address", write
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    for kind, is_kind in (
        ("the unspecified address", address.is_unspecified),
        ("a loopback address", address.is_loopback),
        ("a multicast address", address.is_multicast),
        ("a link-local address", address.is_link_local),
        ("a reserved address", address.version == 4 and address.is_reserved),
    ):
        if is_kind:
            return None, f"is {kind}, no node has it", write
    return address, "", ""


def unknown_roles(view: View) -> Iterator[Diagnostic]:
    """One diagnostic for each unknown role, at the first node that has it."""
    seen: set[str] = set()
    for path, role in view.nodes("role"):
        if role in view.roles or role in seen or not view.is_whole("roles"):
            continue
        seen.add(role)
        near = nearest(role, view.roles, likeness=0.85) if len(seen) <= SUGGESTIONS else None
        common = nearest(role, COMMON, likeness=0.85)
        many = f", the role of {view.counts[role]} nodes" if view.counts[role] > 1 else ""
        help = "say under `roles` what its nodes are, `{}` if no capability applies"
        profile = PROFILES.get(role.lower())
        if profile in view.roles:
            help = f"{quoted(role)} is the profile or flavor of `{profile}` nodes: write `{profile}`"
        elif near:
            help = f"did you mean `{near}`?"
        elif common:
            help = f"say what its nodes are with `roles: {{{role}: {COMMON[common]}}}`"
        yield view.error("unknown-role", f"unknown role {quoted(role)}{many}", path, help)


def unused_roles(view: View) -> Iterator[Diagnostic]:
    for path, _ in view.members("roles"):
        if view.is_whole("nodes") and path[-1] not in view.counts:
            yield view.warning("unused-role", f"no node has the role {quoted(str(path[-1]))}", path, "remove the role")


def controllers(view: View) -> Iterator[Diagnostic]:
    if not view.knows_roles:
        return
    number = view.count("controller")
    if number == 0:
        help = "list every node of the overcloud; a custom role that runs the control plane says `controller: true`"
        yield error("no-controller", "no node is a controller", view.source.key(("nodes",)), help)
    elif number % 2 == 0:
        help = (
            "a cluster of two loses its quorum with the first reboot" if number == 2 else "an odd number keeps a quorum"
        )
        message = f"the number of controllers is even: {number}"
        yield view.warning("even-controllers", message, ("nodes",), f"{help}; check that every controller is listed")
    if number and view.count("pacemaker") == 0:
        help = "every section waits for a healthy cluster; say `pacemaker: true` on the roles that run it"
        yield view.warning("no-pacemaker", "no node runs pacemaker", ("nodes",), help)


def monitors(view: View) -> Iterator[Diagnostic]:
    if not view.knows_roles or view.count("ceph_mon"):
        return
    for path, role in view.nodes("role"):
        if "ceph_osd" in view.roles[role]:
            message = f"the role {quoted(role)} has OSDs, but no node carries a Ceph monitor"
            help = "say `ceph_mon: true` on the role that carries the monitors"
            yield view.error("no-monitor", message, path, help)
            return


def contradicting_roles(view: View) -> Iterator[Diagnostic]:
    """Refuses combinations of roles for which no order of the sections is right."""
    conflicts = (
        ("controller", "compute", "controllers are rebooted before any compute is emptied; make it two roles"),
        ("controller", "ceph_osd", "controllers and OSDs are rebooted under different gates; make it two roles"),
    )
    for path, _ in view.members("roles"):
        role = view.roles.get(str(path[-1]), frozenset())
        for one, other, help in conflicts:
            if one in role and other in role:
                message = f"the role {quoted(str(path[-1]))} cannot be both `{one}` and `{other}`"
                yield error("role-conflict", message, view.source.key(path), help)
        if "dpdk" in role and "compute" not in role:
            message = f"the role {quoted(str(path[-1]))} has `dpdk` but not `compute`"
            yield error("dpdk-without-compute", message, view.source.key(path), "say `compute: true` as well")


RULES = (
    duplicate_names,
    addresses,
    unknown_roles,
    unused_roles,
    controllers,
    monitors,
    contradicting_roles,
)
