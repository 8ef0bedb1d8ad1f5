"""pcs 0.9: the cluster's status, properties, daemons and resources."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable

from osp_simulator.engine import watching
from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, beginning, tool
from osp_simulator.engine.world import World
from osp_simulator.state.control_plane import Pacemaker
from osp_simulator.tools import pacemaker
from osp_simulator.tools.pcs.status import full_status, node_lines, resource_lines

NOT_RUNNING = "Error: cluster is not currently running on this node"
# what a command's words after its name come to: its exit status
Handler = Callable[[Call, World, Pacemaker, list[str]], int]


@tool("pcs", facts=Facts(reaches="site", inline=True, asks=beginning(r"(?:status|property show)\b")))
def pcs(call: Call, world: World) -> int:
    cluster = pacemaker.cluster_of(call, world, "pcs")
    if call.user != "root":
        raise Refused(1, "Error: Unable to read the known tokens file\nError: must be run as root")
    world.clock.advance(1)
    words = [word for word in call.argv if word not in ("--full", "--force", "--debug")]
    if words[:1] == ["--version"]:
        call.stdout.write("0.9.158\n")
        return 0
    for prefix, handler in PCS.items():
        if tuple(words[: len(prefix)]) == prefix:
            return handler(call, world, cluster, words[len(prefix) :])
    raise Refused(1, f"\nUsage: pcs [-f file] [-h] [commands]...\nError: unknown command {' '.join(words)}")


def need_running(call: Call, world: World) -> None:
    if not pacemaker.running(world.state, call.host):
        raise Refused(1, NOT_RUNNING)


def _names(words: list[str]) -> list[str]:
    return [word for word in words if not word.startswith("--")]


def status(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
    need_running(call, world)
    if words[:1] == ["resources"]:
        call.stdout.write(pacemaker.spelled(cluster, "\n".join(resource_lines(cluster)) + "\n"))
    elif words[:1] in (["nodes"], ["cluster"]):
        call.stdout.write(pacemaker.spelled(cluster, node_lines(cluster)))
    else:
        call.stdout.write(full_status(world, cluster))
    return 0


def property_show(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
    need_running(call, world)
    names = _names(words)
    call.stdout.write("Cluster Properties:\n")
    for name, value in sorted(cluster["properties"].items()):
        if not names or name in names:
            call.stdout.write(f" {name}: {value}\n")
    return 0


def property_set(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
    need_running(call, world)
    for word in words:
        name, separator, value = word.partition("=")
        if not separator:
            raise Refused(1, f"Error: invalid property format: '{word}'")
        known = name in cluster["properties"] or name in ("maintenance-mode", "stonith-enabled", "no-quorum-policy")
        if not known and "--force" not in call.argv:
            raise Refused(1, f"Error: unknown cluster property: '{name}', (use --force to override)")
        if value:
            cluster["properties"][name] = value
        else:
            cluster["properties"].pop(name, None)
    return 0


def property_unset(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
    need_running(call, world)
    for name in words:
        if name not in cluster["properties"] and "--force" not in call.argv:
            raise Refused(1, f"Error: can't remove property: '{name}' that doesn't exist")
        cluster["properties"].pop(name, None)
    return 0


def _nodes_meant(call: Call, cluster: Pacemaker, words: list[str]) -> list[str]:
    return list(cluster["nodes"]) if "--all" in words else _names(words) or [call.host]


def cluster_start(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
    names = _nodes_meant(call, cluster, words)
    for name in names:
        call.stdout.write("Starting Cluster...\n")
        if not pacemaker.running(world.state, name):
            pacemaker.start_node(world, name)
    return 0


def cluster_stop(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
    names = _nodes_meant(call, cluster, words)
    left = len([name for name in pacemaker.online(world.state) if name not in names])
    if "--all" not in words and left * 2 <= len(cluster["nodes"]) and "--force" not in call.argv:
        which = "node(s)" if words else "node"
        raise Refused(1, f"Error: Stopping the {which} will cause a loss of the quorum, use --force to override")
    call.stdout.write("Stopping Cluster (pacemaker)...\nStopping Cluster (corosync)...\n")
    for name in names:
        _stop_in_order(world, cluster, name)
    slow = any(world.state["hosts"][name].get("rabbit_stops_slowly") for name in names)
    world.clock.advance(190 if slow else 20)
    return 0


def _stop_in_order(world: World, cluster: Pacemaker, name: str) -> None:
    running = pacemaker.running(world.state, name)
    if running:
        watching.watch(world, "leave", name)
    pacemaker.stop_node(world, name)
    if running:
        cluster["nodes"][name]["left"] = True


def config(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
    """`config backup NAME`: a NAME.tar.bz2 with the CIB and corosync's files, whether the cluster runs or not."""
    if words[:1] != ["backup"]:
        need_running(call, world)
        shown = node_lines(cluster) + "\n".join(resource_lines(cluster)) + "\n"
        call.stdout.write(f"Cluster Name: tripleo_cluster\n{shown}")
        return 0
    if len(words) != 2:
        raise Refused(1, "\nUsage: pcs config [show]...\n    backup [filename]")
    target = words[1] if words[1].startswith("/") else f"{call.cwd.rstrip('/')}/{words[1]}"
    file = world.files.path(call.host, target if target.endswith(".tar.bz2") else f"{target}.tar.bz2")
    if not file.parent.is_dir():
        raise Refused(1, f"Error: unable to write '{words[1]}': No such file or directory")
    if file.exists() and "--force" not in call.argv:
        raise Refused(1, f"Error: '{words[1]}' already exists, use --force to overwrite")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:bz2") as archive:
        for name, text in (("version.txt", "1"), ("cib.xml", "<cib/>\n"), ("corosync.conf", "totem {\n}\n")):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(text), int(world.clock.now())
            archive.addfile(entry, io.BytesIO(text.encode()))
    file.write_bytes(packed.getvalue())
    file.chmod(0o600)
    return 0


def resource_cleanup(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
    need_running(call, world)
    names = _names(words)
    cluster["failed"] = [one for one in cluster["failed"] if names and one["resource"] not in names]
    pacemaker.place(world)
    call.stdout.write(
        "Cleaned up all resources on all nodes\n" if not names else f"Cleaned up {names[0]} on {call.host}\n"
    )
    return 0


def resource_switch(disabled: bool) -> Handler:
    def switch(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
        need_running(call, world)
        names = _names(words)
        for name in names:
            found = [
                one
                for one in cluster["resources"]
                if name in (one["id"], one["id"].removesuffix("-clone").removesuffix("-master"))
            ]
            if not found:
                raise Refused(1, f"Error: bundle/clone/group/master/resource '{name}' does not exist")
            found[0]["disabled"] = disabled
        pacemaker.place(world)
        if any(word.startswith("--wait") for word in words):
            for one in cluster["resources"]:
                if one["id"] in names:
                    nodes = (
                        f"running on node '{', '.join(one['state'])}'" if one["state"] else "not running on any node"
                    )
                    call.stdout.write(f"resource '{one['id']}' is {nodes}\n")
        return 0

    return switch


def resource_show(call: Call, world: World, cluster: Pacemaker, _words: list[str]) -> int:
    return status(call, world, cluster, ["resources"])


PCS: dict[tuple[str, ...], Handler] = {
    ("status",): status, ("property", "show"): property_show, ("property", "list"): property_show,
    ("property", "set"): property_set,
    ("property", "unset"): property_unset, ("cluster", "start"): cluster_start, ("cluster", "stop"): cluster_stop,
    ("cluster", "status"): status, ("config",): config, ("resource", "cleanup"): resource_cleanup,
    ("resource", "disable"): resource_switch(True),
    ("resource", "enable"): resource_switch(False), ("resource", "show"): resource_show,
}  # fmt: skip
