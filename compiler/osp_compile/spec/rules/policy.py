"""Rules for policies: each must be possible with the site's nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from osp_compile.diagnostics import Diagnostic, Span, error, nearest, quoted, warning
from osp_compile.spec import schema
from osp_compile.spec.rules.places import is_within
from osp_compile.spec.rules.view import SUGGESTIONS, View
from osp_compile.spec.yaml_tree import Path

TAKEN = {".lock": "the lock", ".rehearsal": "the report of a rehearsal"}


def user(view: View) -> Iterator[Diagnostic]:
    for path in (("undercloud", "user"), ("ssh", "user")):
        if view.get(*path) == "root":
            help = (
                "the guide's commands run as stack, and refuse root"
                if path[0] == "undercloud"
                else "log in as heat-admin"
            )
            yield view.error(
                "root-user", "the user cannot be root", path, f"{help}; the scripts use sudo where it is needed"
            )


def site_name(view: View) -> Iterator[Diagnostic]:
    """Refuses a site name that ends like the folders that are made next to a site's bundle."""
    name = view.get("site", "name") or ""
    for ending, what in TAKEN.items():
        if name.endswith(ending):
            message = f"{quoted(name)} is what {what} of a site {quoted(name.removesuffix(ending))} is called"
            yield view.error("site-name", message, ("site", "name"), f"choose a name that does not end in `{ending}`")


def nfv(view: View) -> Iterator[Diagnostic]:
    value = view.get("nfv")
    if value is None or not view.is_whole("nodes", "roles"):
        return
    number = view.count("dpdk")
    if value is False and number:
        yield _dpdk_without_nfv(view)
    elif value is not False and not number and view.knows_roles:
        help = "say `dpdk: true` under `roles` for the role that runs OVS-DPDK, or leave `nfv` out"
        span = view.source.value(("nfv",))
        yield error("nfv-without-dpdk", "no node runs OVS-DPDK", span, help)


def _dpdk_without_nfv(view: View) -> Diagnostic:
    role = next(name for name in view.counts if "dpdk" in view.roles.get(name, ()))
    message = f"the role {quoted(role)} has `dpdk`, but the sections for NFV are left out"
    path = next(path for path, name in view.nodes("role") if name == role)
    return view.warning("dpdk-without-nfv", message, path, "say `nfv: true` if instances have OVS-DPDK ports")


def nfv_sockets(view: View) -> Iterator[Diagnostic]:
    directory = view.get("nfv", "vhost_socket_dir")
    if directory is not None and any(is_within(directory, old) for old in ("/var/run/openvswitch", "/run/openvswitch")):
        message = f"{quoted(directory)} is where Open vSwitch keeps the sockets of the old port type"
        help = "the guide's directory is /var/lib/vhost_sockets"
        yield view.error("socket-directory", message, ("nfv", "vhost_socket_dir"), help)


def nfv_instances(view: View) -> Iterator[Diagnostic]:
    instances = view.get("nfv", "instances")
    first: dict[str, Path] = {}
    for index, instance in enumerate(instances or ()):
        server = instance.get("server") if isinstance(instance, dict) else None
        path: Path = ("nfv", "instances", index, "server")
        if not isinstance(server, str):
            continue
        if server in first:
            help = f"it is already on line {view.source.value(first[server]).line}; give ids where names are not unique"
            yield view.error("duplicate-instance", f"duplicate instance {quoted(server)}", path, help)
        first.setdefault(server, path)
    if view.get("nfv", "strategy") == "snapshot" and instances == []:
        help = "list each as `{server: ..., rc_file: ...}`; its copy is made in its own project"
        message = "the strategy `snapshot` needs the instances"
        yield view.error("no-instances", message, ("nfv", "strategy"), help)


def targets(view: View) -> Iterator[Diagnostic]:
    """Targets must lead from a compute of the site to another one."""
    for number, (path, target) in enumerate(view.members("compute_reboot", "targets")):
        source = str(path[-1])
        yield from _compute(view, source, view.source.key(path), number < SUGGESTIONS)
        if source == target:
            message = f"the instances of {quoted(source)} cannot move to itself"
            yield view.error("bad-target", message, path, "name another compute")
        else:
            yield from _compute(view, target, view.source.value(path), number < SUGGESTIONS)
    if view.get("compute_reboot", "targets") and view.get("compute_reboot", "migrate") in {"scheduler", "evacuate"}:
        migrate = view.get("compute_reboot", "migrate")
        message = f"targets have no effect with `migrate: {migrate}`"
        key = view.source.key(("compute_reboot", "targets"))
        yield warning("unused-targets", message, key, "say `migrate: target`, or leave the targets out")


def targets_in_batches(view: View) -> Iterator[Diagnostic]:
    """Under `migrate: target` a compute must not take instances of another in its batch: both are disabled together."""
    if view.get("compute_reboot", "migrate") != "target" or not view.is_whole("nodes", "roles"):
        return
    if len(view.batches) < 2:  # if all are in one batch, only the batch is wrong
        return
    batch_of = {name: batch for batch in view.batches for name in batch}
    shown: set[Path] = set()
    for name, target, path in _moves(view):
        if target == name or target not in batch_of[name] or path in shown:
            continue
        shown.add(path)
        message = f"the instances of {quoted(name)} cannot move to {quoted(str(target))}, which is of the same batch"
        yield view.error("target-in-batch", message, path, "name a target of another batch, or say `batch: 1`")


def _moves(view: View) -> Iterator[tuple[str, Any, Path]]:
    """(compute, target of its instances, path of the setting); without a setting the target is the next in a ring."""
    stated = view.get("compute_reboot", "targets") or {}
    computes = [name for batch in view.batches for name in batch]
    for name, following in zip(computes, [*computes[1:], *computes[:1]], strict=True):
        if name in stated:
            yield name, stated[name], ("compute_reboot", "targets", name)
        else:
            yield name, following, ("compute_reboot", "batch")


def osds_in_batches(view: View) -> Iterator[Diagnostic]:
    """Refuses batches of nodes with OSDs: Ceph can be without the OSDs of only one node at a time."""
    if not view.is_whole("nodes", "roles"):
        return
    with_osds = {role for role, words in view.roles.items() if "ceph_osd" in words}
    for batch in view.batches:
        both = [name for name in batch if view.role_of[name] in with_osds]
        if len(both) > 1:
            message = f"{quoted(both[0])} and {quoted(both[1])} carry OSDs, and must not be down at the same time"
            yield view.error("osds-in-batch", message, ("compute_reboot", "batch"), "say `batch: 1`")
            return


def _compute(view: View, name: str, span: Span, is_suggesting: bool) -> Iterator[Diagnostic]:
    if not view.is_whole("nodes", "roles") or name in view.computes:
        return
    role = view.role_of.get(name)
    if role is None:
        near = nearest(name, view.computes) if is_suggesting else None
        help = f"did you mean `{near}`?" if near else "name a node as `nodes` does"
        yield error("unknown-node", f"there is no node {quoted(name)}", span, help)
    elif role in view.roles:
        yield error("not-a-compute", f"the node {quoted(name)} is not a compute", span, f"its role is {quoted(role)}")


def batch(view: View) -> Iterator[Diagnostic]:
    number, migrate = view.get("compute_reboot", "batch"), view.get("compute_reboot", "migrate")
    if number is None or migrate is None or not view.is_whole("nodes", "roles"):
        return
    computes = view.count("compute")
    if migrate == "target" and computes == 1:
        message = "instances cannot move: there is only one compute"
        yield view.error(
            "no-target", message, ("compute_reboot", "migrate"), "say `migrate: scheduler` and `stuck: stop`"
        )
    elif computes > 1 and number >= computes:
        message = f"a batch of {number} leaves none of the {computes} computes to move instances to"
        yield view.error("batch-too-large", message, ("compute_reboot", "batch"), f"at most {computes - 1}, better 1")


def disk(view: View) -> Iterator[Diagnostic]:
    warn, fail = view.get("disk", "warn"), view.get("disk", "fail")
    if warn is not None and fail is not None and warn >= fail:
        stated = "warn" if view.source.value(("disk", "warn")) != view.source.key(("disk",)) else "fail"
        message = f"`warn` ({warn}) has to be below `fail` ({fail})"
        yield view.error("disk-levels", message, ("disk", stated), "a file system is a warning before it is a failure")


def old_images(view: View) -> Iterator[Diagnostic]:
    if view.get("images") == "skip" and view.get("old_images") == "delete":
        message = "nothing is deleted with `images: skip`"
        yield view.warning("unused-old-images", message, ("old_images",), "say `images: update`, or leave this out")


def waivers(view: View) -> Iterator[Diagnostic]:
    unknown = 0
    for path, _ in view.members("waive"):
        step = str(path[-1])
        if view.known_steps and step not in view.known_steps:
            unknown += 1
            section = [known for known in view.known_steps if known.startswith(step.split("/")[0] + "/")]
            near = nearest(step, section) if unknown <= SUGGESTIONS else None
            help = f"did you mean `{near}`?" if near else "the runbook lists the steps"
            span = view.source.key(path)
            yield error("unknown-step", f"there is no step {quoted(step)} to waive", span, help)


def accepted_health(view: View) -> Iterator[Diagnostic]:
    """Accepted health checks must be harmless during a reboot, listed once, and the deployment must have Ceph."""
    seen: set[str] = set()
    for index, entry in enumerate(view.get("accept", "ceph") or ()):
        path: Path = ("accept", "ceph", index)
        name = entry.get("check") if isinstance(entry, Mapping) else entry
        if not isinstance(name, str):
            continue
        if isinstance(entry, str):
            yield _accepted_by_name(view, name, index)
        if name in seen:
            yield view.error("accepted-twice", f"{quoted(name)} is accepted twice", path, "leave one of the two")
        seen.add(name)


def _accepted_by_name(view: View, name: str, index: int) -> Diagnostic:
    """Diagnostics for an entry that is only a name, without a reason."""
    path: Path = ("accept", "ceph", index)
    known = schema.load()["properties"]["accept"]["properties"]["ceph"]["items"]["properties"]["check"]["enum"]
    if name in known:
        help = f"write `{{check: {name}, reason: ...}}`"
        return view.warning("accepted-without-reason", f"{quoted(name)} is accepted without a reason", path, help)
    near = nearest(name, known) if index < SUGGESTIONS else None
    help = f"did you mean `{near}`?" if near else f"only checks that do not make a reboot unsafe: {', '.join(known)}"
    return view.error("not-acceptable", f"{quoted(name)} is not a health check that can be accepted", path, help)


def no_ceph_to_accept(view: View) -> Iterator[Diagnostic]:
    has_ceph = view.count("ceph_mon") and view.count("ceph_osd")
    if view.get("accept", "ceph") and view.is_whole("nodes", "roles") and not has_ceph:
        message = "this deployment has no Ceph whose health could be accepted"
        yield warning("unused-accept", message, view.source.key(("accept", "ceph")), "leave it out")


RULES = (
    user,
    site_name,
    nfv,
    nfv_sockets,
    nfv_instances,
    targets,
    targets_in_batches,
    osds_in_batches,
    batch,
    disk,
    old_images,
    waivers,
    accepted_health,
    no_ceph_to_accept,
)
