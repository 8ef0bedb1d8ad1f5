"""Rule: a section that ends well has reached its goals. The world itself is checked, not what the script says."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osp_simulator.engine.watching import rule
from osp_simulator.hosts import users
from osp_simulator.hosts.packages import left
from osp_simulator.safety.journals import is_whole
from osp_simulator.state.access import is_active
from osp_simulator.state.places import differing

if TYPE_CHECKING:
    from osp_simulator.engine.run import Run
    from osp_simulator.engine.world import World
    from osp_simulator.state import Parts
    from osp_simulator.state.heat import Stack

ARCHIVES = "usr/share/rhosp-director-images"
# {file of the archives: its name in glance}.
IMAGES: Mapping[str, str] = {
    "overcloud-full": "overcloud-full.qcow2",
    "overcloud-full-vmlinuz": "overcloud-full.vmlinuz",
    "overcloud-full-initrd": "overcloud-full.initrd",
    "bm-deploy-kernel": "ironic-python-agent.kernel",
    "bm-deploy-ramdisk": "ironic-python-agent.initramfs",
}


@rule("work-not-done", "run", "a section that ends well has done what it is for")
def work_not_done(world: World, run: Run) -> Iterator[str]:
    """Goals that a run of the whole section has missed; with --step, --node or an attested step nothing is judged."""
    goals = [
        goal for one in run.manifest.get("sections", ()) if one["id"] == run.section for goal in one.get("goal", ())
    ]
    if run.status == 0 and goals and is_whole(world, run.section):
        yield from (f"{run.section} ended well, and {fault}" for goal in goals for fault in missed(world, goal))


def missed(world: World, goal: Mapping[str, Any]) -> Iterator[str]:
    """Lines on each unmet goal of the bundle's manifest: {is: NAME, nodes: [NODE]} or {then: {path: value}}."""
    name = goal.get("is")
    if name is None:
        yield from differing(world.state, goal["then"])
    elif name in OF_A_NODE:
        for node in goal["nodes"]:
            yield from OF_A_NODE[name](world, node)
    elif name in OF_THE_SITE:
        yield from OF_THE_SITE[name](world)
    else:
        yield f"this simulator cannot judge its goal {name}"


def undercloud_backed_up(world: World) -> Iterator[str]:
    yield from _backup_faults(world, "undercloud", ("undercloud-all-databases.sql", "undercloud-backup-*.tar"))


def control_plane_backed_up(world: World) -> Iterator[str]:
    state = world.state
    pieces = ["openstack_databases-*.sql", "openstack_databases_grants-*.sql"]
    pieces += [
        f"{name}-filesystem-*.tar.gz" for name, host in state["hosts"].items() if "controller" in host["capabilities"]
    ]
    pieces += ["redis-*.rdb"] if state.get("redis") else []
    pieces += ["mongo_backup-*.tar"] if state.get("mongo") else []
    yield from _backup_faults(world, "control_plane", tuple(pieces))
    yield from _database_faults(world)
    yield from _redis_faults(world)


def _database_faults(world: World) -> Iterator[str]:
    """What the dump and the grants lack, and what of the server itself they hold: its schema mysql, root's grants."""
    galera, place = world.state.get("galera"), _place(world)
    dumps = {name: sorted(place.glob(f"control_plane-*/openstack_databases{name}-2*.sql")) for name in ("", "_grants")}
    if not galera or not all(dumps.values()):
        return
    dump, grants = (_text(found[-1]) for found in dumps.values())
    yield from (f"the dump lacks the schema {name}" for name in galera["schemas"] if f"`{name}`" not in dump)
    if "CREATE DATABASE /*!32312 IF NOT EXISTS*/ `mysql`" in dump:
        yield "the dump holds the schema mysql, with the accounts of this server"
    for user, host in galera["users"]:
        yield from _grant_faults(user, host, there=f"'{user}'@'{host}'" in grants)


def _grant_faults(user: str, host: str, *, there: bool) -> Iterator[str]:
    if user == "root" and there:
        yield f"the grants hold those of root at {host}, with the password of this server"
    if user not in ("", "root") and not there:
        yield f"the grants lack those of {user} at {host}"


def _redis_faults(world: World) -> Iterator[str]:
    """Faults of the redis dumps; a replica's file may be as old as its last promotion."""
    redis = world.state.get("redis")
    if not redis:
        return
    file = f"{redis['dir']}/{redis.get('dbfilename', 'dump.rdb')}"
    if "saved at" not in _saved(world.files.path(redis["master"], file)):
        return
    pieces = sorted(_place(world).glob("control_plane-*/redis-*.rdb"))
    if pieces and "saved at" not in _saved(pieces[-1]):
        yield "the dump of redis is not that of its master, which has saved since"


def _place(world: World) -> Path:
    site = world.state["site"]
    return world.files.root("undercloud") / str(site["backup"]["directory"]).strip("/") / str(site["change"])


def _text(file: Path) -> str:
    return file.read_text("utf-8", errors="replace")


def _saved(file: Path) -> str:
    return file.read_bytes().decode("latin-1") if file.exists() else ""


def _backup_faults(world: World, kind: str, pieces: tuple[str, ...]) -> Iterator[str]:
    sets = sorted(_place(world).glob(f"{kind}-*"))
    if not sets:
        yield f"there is no backup of the {kind}"
        return
    sums = dict(_sums(sets[-1] / "SHA256SUMS"))
    for pattern in pieces:
        found = sorted(sets[-1].glob(pattern))
        if not found:
            yield f"the backup lacks {pattern}"
        for file in found:
            if sums.get(file.name) != hashlib.sha256(file.read_bytes()).hexdigest():
                yield f"the checksum of {file.name} is not that on record"
            if file.suffix == ".sql" and "grants" not in file.name and not _is_dump(file):
                yield f"{file.name} is not a whole dump"


def _sums(file: Path) -> Iterator[tuple[str, str]]:
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        digest, _, name = line.partition("  ")
        yield name, digest


def _is_dump(file: Path) -> bool:
    lines = file.read_text("utf-8", errors="replace").splitlines()
    return bool(lines) and lines[-1].startswith("-- Dump completed")


def undercloud_updated(world: World) -> Iterator[str]:
    yield from rebooted(world, "undercloud")
    yield from _old_packages(world, "undercloud")


def rebooted(world: World, name: str) -> Iterator[str]:
    """Why the host still needs a reboot; empty if a reboot would not help."""
    host = world.state["hosts"][name]
    if not host["up"] or host.get("going_down"):
        yield f"{name} is down"
    if host["kernel"]["running"] != host["kernel"]["default"]:
        yield f"{name} still runs the kernel {host['kernel']['running']}"
    installed = host["packages"].get("openvswitch")
    runs = is_active(host, "openvswitch.service")
    if host["openvswitch"] and installed and runs and host["openvswitch"]["running"] != installed[-1].split("-")[0]:
        yield f"{name} still runs openvswitch {host['openvswitch']['running']}"


def _old_packages(world: World, name: str) -> Iterator[str]:
    names = sorted(left(world, name))
    if names:
        yield f"{name} lacks {', '.join(names)}"


def images_updated(world: World) -> Iterator[str]:
    if world.state["site"].get("images") == "skip":
        return
    wanted = dict(_packaged(world.files.root("undercloud") / ARCHIVES))
    images = {image["name"]: image for image in world.state["glance"]["undercloud"]["images"]}
    for name, file in IMAGES.items():
        if name not in images or images[name]["checksum"] != wanted.get(file):
            yield f"glance's {name} is not {file} as packaged"
    for node in world.state["ironic"]["undercloud"]["nodes"]:
        for key, name in (("deploy_kernel", "bm-deploy-kernel"), ("deploy_ramdisk", "bm-deploy-ramdisk")):
            if name in images and node["driver_info"].get(key) != images[name]["id"]:
                yield f"{node['name']} does not boot glance's {name}"


def _packaged(folder: Path) -> Iterator[tuple[str, str]]:
    for archive in sorted(folder.glob("*.tar")):
        with tarfile.open(archive) as files:
            for member in files:
                content = files.extractfile(member)
                if content is not None:
                    yield member.name, hashlib.md5(content.read()).hexdigest()  # glance's own sums


def overcloud_updated(world: World) -> Iterator[str]:
    site = world.state["site"]
    for stack in world.state["heat"]["undercloud"]["stacks"]:
        if stack["name"] == site.get("stack", "overcloud"):
            yield from _stack_faults(stack)
    for node in site["nodes"]:
        yield from _old_packages(world, node["name"])
    cluster = world.state.get("pacemaker")
    if site.get("fencing") and cluster and str(cluster["properties"].get("stonith-enabled", "true")) == "false":
        yield "fencing is off"


def _stack_faults(stack: Stack) -> Iterator[str]:
    if not stack["status"].endswith("_COMPLETE"):
        yield f"the stack is {stack['status']}"
    update = stack.get("update")
    if not update or not update["nodes"]:
        yield "no node is updated"
        return
    yield from (f"{name} is {node['state']}" for name, node in update["nodes"].items() if node["state"] != "completed")


def nfv_files_installed(world: World) -> Iterator[str]:
    """Lines on files that are missing where the deploy command names them: the bundle's two, and the site's own."""
    bundle = world.state.get("bundle")
    if not bundle:
        return
    home = users.of_undercloud(world.state["site"]).home
    site_has_its_own = bool((world.state["site"].get("nfv") or {}).get("post_install"))
    names = ["nfv-environment.yaml", "nfv-post-install.yaml", *["nfv-site-post-install.yaml"] * site_has_its_own]
    for file in (Path(bundle, "files", name) for name in names):
        there = world.files.path("undercloud", f"{home}/templates/osp-runbook/{file.name}")
        if not there.is_file() or there.read_bytes() != file.read_bytes():
            yield f"{file.name} is not installed as it was compiled"


def ports_renewed(world: World) -> Iterator[str]:
    """Lines on ports that were not renewed; an instance that somebody else has moved is his to confirm."""
    servers = {one["id"]: one for one in world.state["nova"]["overcloud"]["servers"]}
    for port in world.state["neutron"]["overcloud"].get("ports", []):
        server = servers.get(port.get("server") or "")
        if port.get("mode") == "dpdkvhostuser" and server and port.get("plugged") is not False:
            yield f"{server['name']} still has a dpdkvhostuser port"
    others = _unconfirmed(world.state["initial_site"])
    for number in _unconfirmed(world.state):
        if number not in others:
            yield f"the move of {servers[number]['name']} is not confirmed"


def _unconfirmed(site: Parts) -> list[str]:
    """The ids of the instances that have moved, and whose move waits to be confirmed."""
    return [one["id"] for one in site["nova"]["overcloud"]["servers"] if one["status"] == "VERIFY_RESIZE"]


# The goals by their names in a section.yaml: see section.schema.json.
OF_THE_SITE: Mapping[str, Callable[[World], Iterator[str]]] = {
    one.__name__: one
    for one in (
        undercloud_backed_up, control_plane_backed_up, undercloud_updated, images_updated, overcloud_updated,
        nfv_files_installed, ports_renewed,
    )
}  # fmt: skip
OF_A_NODE: Mapping[str, Callable[[World, str], Iterator[str]]] = {rebooted.__name__: rebooted}
