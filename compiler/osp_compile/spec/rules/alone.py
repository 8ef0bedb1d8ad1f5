"""Rules about nodes that are the only ones of their kind: what stops while they are down, and what the run will do."""

from __future__ import annotations

from collections.abc import Iterator

from osp_compile.assets import section_number
from osp_compile.diagnostics import Diagnostic, error, quoted
from osp_compile.spec.model import Capability
from osp_compile.spec.rules.view import View
from osp_compile.spec.yaml_tree import Path

SAY = "say `compute_reboot: {stuck: stop}` (shut off, and started again after the reboot) or `leave`"


def only_compute(view: View) -> Iterator[Diagnostic]:
    """Warns of a single compute: no migration has another host to go to. `migrate: target` is refused elsewhere."""
    stuck = view.get("compute_reboot", "stuck")
    if not view.knows_roles or view.count("compute") != 1 or stuck not in {"fail", "cold"}:
        return
    if view.get("compute_reboot", "migrate") not in {"scheduler", "evacuate"}:
        return
    message = f"there is only one compute, and its instances have nowhere to go: with `stuck: {stuck}` {_stops()}"
    yield view.warning("only-compute", message, _first_of(view, "compute"), SAY)


def _stops() -> str:
    return f"section {section_number('reboot-computes')} stops there, and reboots nothing"


def only_compute_of_its_role(view: View) -> Iterator[Diagnostic]:
    """Warns if all computes of a role go down at once: instances tied to their kind of host have nowhere to go."""
    if not view.knows_roles or view.get("compute_reboot", "stuck") not in {"fail", "cold"}:
        return
    roles = [role for role in view.counts if "compute" in view.roles[role]]
    for role in roles if len(roles) > 1 else ():
        shares = _in_batches(view, role)
        if len(shares) == 1:
            yield _role_at_once(view, role, shares[0])


def _in_batches(view: View, role: str) -> list[list[str]]:
    """The computes of a role, grouped by batch."""
    shares = [[name for name in batch if view.role_of[name] == role] for batch in view.batches]
    return [names for names in shares if names]


def _role_at_once(view: View, role: str, computes: list[str]) -> Diagnostic:
    number, stuck = view.get("compute_reboot", "batch"), view.get("compute_reboot", "stuck")
    kind = "OVS-DPDK" if "dpdk" in view.roles[role] else "SR-IOV"
    if len(computes) == 1:
        message, help = f"{quoted(computes[0])} is the only compute of the role {quoted(role)}", SAY
    else:
        message = f"a batch of {number} takes all {len(computes)} computes of the role {quoted(role)} at once"
        help = "say `batch: 1`"
    message += f": instances that need its kind of host ({kind}, pinned CPUs, an aggregate) have nowhere to go, "
    message += f"and with `stuck: {stuck}` {_stops()}"
    path = next(path for path, name in view.nodes("role") if name == role)
    return view.warning("only-compute-of-role", message, path, help)


def only_dpdk_compute(view: View) -> Iterator[Diagnostic]:
    """The section finish-nfv moves OVS-DPDK instances to another OVS-DPDK compute, or makes copies of them."""
    if not view.knows_roles or view.count("dpdk") != 1 or view.get("nfv") is None:
        return
    if view.get("nfv") is False or view.get("nfv", "strategy") == "snapshot":
        return
    section = section_number("finish-nfv")
    message = f"there is only one OVS-DPDK compute: section {section} cannot migrate its instances, and stops there"
    help = "say `nfv: {strategy: snapshot}`, and list the instances"
    yield view.warning("only-dpdk-compute", message, _first_of(view, "dpdk"), help)


def only_controller(view: View) -> Iterator[Diagnostic]:
    if not view.knows_roles or view.count("controller") != 1:
        return
    message = (
        f"there is only one controller: while it is {_updated_and_rebooted()} the overcloud has no API, no"
        " database and, where it carries them, no router, DHCP or Ceph monitor"
    )
    help = f"announce the outage before {section_number('update-overcloud')}"
    yield view.warning("only-controller", message, _first_of(view, "controller"), help)


def _updated_and_rebooted() -> str:
    update, reboot = (section_number(name) for name in ("update-overcloud", "reboot-controllers-and-composable"))
    return f"updated ({update}) and rebooted ({reboot})"


def only_osd_node(view: View) -> Iterator[Diagnostic]:
    if not view.knows_roles or view.count("ceph_osd") != 1:
        return
    role = next(role for role in view.counts if "ceph_osd" in view.roles[role])
    section = section_number("reboot-computes" if "compute" in view.roles[role] else "reboot-ceph-storage")
    message = f"only one node has OSDs: while it is rebooted ({section}) Ceph serves nothing, and its clients wait"
    help = "stop the instances that use Ceph before that section, or announce that their disks will not respond"
    yield view.warning("only-osd-node", message, _first_of(view, "ceph_osd"), help)


def only_node_of_its_role(view: View) -> Iterator[Diagnostic]:
    """Warns of a role of the site's own with one node: what it runs, such as routers, RabbitMQ or swift, is away."""
    for role, number in view.counts.items() if view.knows_roles else ():
        if number != 1 or view.roles[role] & {"controller", "compute", "ceph_osd"}:
            continue
        path = next(path for path, name in view.nodes("role") if name == role)
        message = (
            f"there is only one node of the role {quoted(role)}: while it is {_updated_and_rebooted()}, what"
            " no other role runs is away"
        )
        yield view.warning("only-node-of-role", message, path, "announce it, if nothing else has its services")


def names_that_differ_by_case(view: View) -> Iterator[Diagnostic]:
    """Refuses names that differ only by case: nova, pacemaker and DNS would take them for the same host."""
    first: dict[str, tuple[Path, str]] = {}
    for path, name in view.nodes("name"):
        known = first.setdefault(name.lower(), (path, name))
        if known[1] != name:
            line = view.source.value(known[0]).line
            message = f"the nodes {quoted(known[1])} and {quoted(name)} differ only in capital letters"
            help = f"line {line} has the other; as host names the two are one: see `openstack server list`"
            yield error("duplicate-node", message, view.source.value(path), help)


def _first_of(view: View, capability: Capability) -> Path:
    return next(path for path, role in view.nodes("role") if capability in view.roles[role])


RULES = (
    only_compute,
    only_compute_of_its_role,
    only_dpdk_compute,
    only_controller,
    only_osd_node,
    only_node_of_its_role,
    names_that_differ_by_case,
)
