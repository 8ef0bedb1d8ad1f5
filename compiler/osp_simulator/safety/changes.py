"""Rules: a section changes only what its manifest announces, a read-only one nothing, and none the bundle."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from osp_simulator.engine.watching import rule
from osp_simulator.hosts import users
from osp_simulator.safety.runs import differences, parts_of
from osp_simulator.state.site import Site

if TYPE_CHECKING:
    from osp_simulator.engine.run import Run
    from osp_simulator.engine.world import World

# By kind of change, files that the guide's own tools write in addition; ~ is the home of the undercloud's user.
BESIDES: Mapping[str, tuple[str, ...]] = {
    "package": ("var/log/yum.log*", "var/lib/yum/*", "boot/*", "usr/*", "etc/*"),
    "stack": ("var/lib/overcloud-yum-update/*", "var/log/*", "~/overcloudrc*", "~/tempest-*"),
    "plan": ("~/overcloudrc*", "~/tempest-*"),
    "image": ("~/images/*", "httpboot/*"),
    "reboot": ("var/log/*", "var/lib/osp-runbook/*"),
    "service": ("var/lib/osp-runbook/*",),
    "instance": ("var/lib/osp-runbook/*", "var/lib/nova/*"),
    "cluster-node": ("var/lib/osp-runbook/*",),
    "nova-service": (),
}
# The parts of the site that a kind of change may touch.
TOUCHES: Mapping[str, tuple[str, ...]] = {
    "package": ("hosts.*.packages", "hosts.*.updated", "hosts.*.yum_history", "hosts.*.kernel", "hosts.*.openvswitch",
                "hosts.*.units", "hosts.*.offers"),
    "service": ("hosts.*.units", "nova.*", "neutron.*", "cinder.*", "heat.*"),
    "reboot": ("hosts.*", "pacemaker.*", "galera.*", "rabbit.*", "redis.*", "mongo.*", "haproxy.*", "ceph.*", "nova.*",
               "neutron.*", "cinder.*", "heat.*", "ironic.*"),
    "cluster-node": ("pacemaker.nodes.*",),
    "ceph-flag": ("ceph.flags*", "ceph.config_keys*"),
    "nova-service": ("nova.overcloud.services.*",),
    "instance": ("nova.overcloud.*", "neutron.overcloud.*", "glance.overcloud.*", "hosts.*.domains*"),
    "image": ("glance.undercloud.*",),
    "baremetal-node": ("ironic.undercloud.nodes.*",),
    "plan": ("plan.*", "mistral.*", "swift.*"),
    "stack": ("heat.*", "hosts.*", "pacemaker.*", "galera.*", "rabbit.*", "redis.*", "mongo.*", "haproxy.*", "ceph.*",
              "nova.*", "neutron.*", "cinder.*", "mistral.*", "swift.*"),
    "cluster-property": ("pacemaker.properties.*", "pacemaker.resources.*"),
    "file": ("redis.*",),
}  # fmt: skip


def announced(run: Run) -> list[tuple[str, str]]:
    """(kind, name) of every change that the steps of the run's section announce."""
    for section in run.manifest.get("sections", ()):
        if section["id"] == run.section:
            return [(change["kind"], change["name"]) for step in section["steps"] for change in step["changes"]]
    return []


def is_read_only(run: Run) -> bool:
    return any(
        section["id"] == run.section and all(step["shape"] == "check" for step in section["steps"])
        for section in run.manifest.get("sections", ())
    )


@rule("read-only-changed", "run", "a section that only looks changes nothing")
def read_only_changed(world: World, run: Run) -> Iterator[str]:
    if not is_read_only(run):
        return
    for path in changed_parts(world, run):
        yield f"{run.section} only looks, and changed {path}"
    for host, name in changed_files(run):
        yield f"{run.section} only looks, and changed /{name} on {host}"


@rule("unannounced-change", "run", "every file and service that a section changes is one that its manifest announces")
def unannounced_change(world: World, run: Run) -> Iterator[str]:
    if is_read_only(run):
        return
    kinds = announced(run)
    allowed = {pattern for kind, _ in kinds for pattern in TOUCHES.get(kind, ())}
    for path in changed_parts(world, run):
        if not any(fnmatch.fnmatchcase(path, pattern) for pattern in allowed):
            yield f"{run.section} changed {path}, which its manifest does not announce"
    places = list(_places(kinds, world.state["site"]))
    for host, name in changed_files(run):
        if not any(fnmatch.fnmatchcase(name, place) for place in places):
            yield f"{run.section} changed /{name} on {host}, which its manifest does not announce"


def _places(kinds: list[tuple[str, str]], site: Site) -> Iterator[str]:
    """Patterns of the files that these changes may touch, without their first slash."""
    home = users.of_undercloud(site).home.strip("/")
    backup = site.get("backup") or {}
    yield f"{home}/.ssh/known_hosts*"
    yield "var/tmp/*"
    for kind, name in kinds:
        yield from (place.replace("~", home, 1) for place in BESIDES.get(kind, ()))
        if kind == "file":
            yield f"*/{name.rpartition('/')[2]}.before-{site['change']}-*"  # a copy of the former file
        if kind in ("file", "directory"):
            yield from _places_of(name, home, backup, site["change"])
        if kind == "directory" and backup.get("directory"):
            yield f"{backup['directory'].strip('/')}/*"


def _places_of(name: str, home: str, backup: Mapping[str, Any], change: str) -> Iterator[str]:
    """Patterns for a file or folder: by its full path, by a key of the spec (`backup.KEY`), or below home."""
    if name.startswith("/"):
        place = name.replace("<change>", change).strip("/")
        yield from (place, f"{place}/*")
    elif name.startswith("backup."):
        place = str(backup.get(name.partition(".")[2]) or "").rpartition(":")[2]
        if place:
            yield f"{place.strip('/')}/*"
    else:
        yield from (f"{home}/{name}", f"{home}/{name}*/*", f"{home}/{name}-*", f"*/{name.rpartition('/')[2]}")


def changed_parts(world: World, run: Run) -> list[str]:
    """The places of the site's state that have changed since the run began, except by time alone."""
    return [
        path
        for path in differences(run.before, parts_of(world.state))
        if not any(
            path == other or path.startswith(f"{other}.") or other.startswith(f"{path}.")
            for other in run.changed_by_events
        )
    ]


def _site(run: Run) -> Site:
    return cast(Site, run.manifest.get("site") or {})


def changed_files(run: Run) -> list[tuple[str, str]]:
    """(host, path without its first slash) of files that were made, changed or removed, except our own records."""
    names = {key for key in {*run.files, *run.files_after} if run.files.get(key) != run.files_after.get(key)}
    kept = users.records_of(_site(run))
    return sorted(key for key in names if not key[1].startswith(f"{kept}/") and key[1] != f"{kept}.lock")


@rule("deleted-without-copy", "run", "no image and no file is deleted without a copy, unless the spec says so")
def deleted_without_copy(world: World, run: Run) -> Iterator[str]:
    if world.state["site"].get("old_images") == "delete":
        return
    now = {image["id"] for image in world.state["glance"]["undercloud"]["images"]}
    for image in run.before["glance"]["undercloud"]["images"]:
        if image["id"] not in now:
            yield f"{run.section} deleted the image {image['name']}"
    site = world.state["site"]
    images = str(site["undercloud"].get("images_dir") or f"{users.of_undercloud(site).home}/images").strip("/")
    for host, name in _files_without_copy(run, images):
        yield f"{run.section} deleted /{name} on {host}"


def _files_without_copy(run: Run, images: str) -> Iterator[tuple[str, str]]:
    """(host, path) of files that were the site's own, and whose content is nowhere on their host any more."""
    places = [name.strip("/") for kind, name in announced(run) if kind == "file"]
    records = f"{users.records_of(_site(run))}/"
    kept = {(host, digest) for (host, _), digest in run.files_after.items()}
    for (host, name), digest in run.files.items():
        ours = name.startswith((records, "var/tmp/", "var/lib/osp-runbook/", "var/backup/", "srv/")) or name in places
        gone = (host, name) not in run.files_after or name.startswith(f"{images}/")  # new ones have the old names
        if gone and not ours and (host, digest) not in kept:
            yield host, name
