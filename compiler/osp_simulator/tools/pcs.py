"""pcs 0.9: the cluster's status, properties, daemons and resources."""

# ruff: noqa: E501  what a tool prints stands in one line here as it does there

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.clocktext import ctime
from osp_simulator.engine.registry import tool
from osp_simulator.engine.world import World
from osp_simulator.safety import registry as safety
from osp_simulator.state.control_plane import Pacemaker, Resource
from osp_simulator.tools import pacemaker

NOT_RUNNING = "Error: cluster is not currently running on this node"
# what a command's words after its name come to: its exit status
Handler = Callable[[Call, World, Pacemaker, list[str]], int]


@tool("pcs")
def pcs(call: Call, world: World) -> int:
    cluster = pacemaker.cluster_of(call, world, "pcs")
    if call.user != "root":
        raise Refused(1, "Error: Unable to read the known tokens file\nError: must be run as root")
    world.advance(1)
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


def status(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
    need_running(call, world)
    if words and words[0] in ("resources", "nodes", "cluster"):
        text = "\n".join(_resources(cluster)) + "\n" if words[0] == "resources" else _nodes(cluster)
        call.stdout.write(pacemaker.spelled(cluster, text))
        return 0
    quorum = "partition with quorum" if pacemaker.quorate(world.state) else "partition WITHOUT quorum"
    dc = next(iter(pacemaker.online(world.state)), "NONE")

    def say(text: str) -> None:
        call.stdout.write(pacemaker.spelled(cluster, text))

    say(
        f"Cluster name: tripleo_cluster\nStack: corosync\nCurrent DC: {dc} (version {cluster['properties']['dc-version']}) - {quorum}\n"
        f"Last updated: {ctime(world.now())}\nLast change: {ctime(world.now() - 3600)} by root via cibadmin on {dc}\n\n"
        f"{len(cluster['nodes'])} nodes configured\n{sum(len(r['nodes']) if r['kind'] in ('clone', 'master') else 1 for r in cluster['resources'])} resources configured\n\n"
    )
    if pacemaker.in_maintenance(cluster):
        call.stdout.write(
            "              *** Resource management is DISABLED ***\n  The cluster will not attempt to start, stop or recover services\n\n"
        )
    say(_nodes(cluster) + "\nFull list of resources:\n\n" + "\n".join(_resources(cluster)) + "\n")
    if cluster["failed"]:
        heading = "Failed Actions:" if cluster["properties"]["dc-version"] < "1.1.20" else "Failed Resource Actions:"
        call.stdout.write(f"\n{heading}\n")
        for one in cluster["failed"]:
            call.stdout.write(
                f"* {one['resource']}_{one.get('operation', 'monitor')}_10000 on {one['node']} '{one.get('text', 'not running')}' (7): call=42, status=complete, exitreason='none',\n"
                f"    last-rc-change='{ctime(world.now() - 600)}', queued=0ms, exec=0ms\n"
            )
    call.stdout.write(
        "\nDaemon Status:\n  corosync: active/enabled\n  pacemaker: active/enabled\n  pcsd: active/enabled\n"
    )
    return 0


def _nodes(cluster: Pacemaker) -> str:
    standby = [name for name, node in cluster["nodes"].items() if node["online"] and node["standby"]]
    up = [name for name, node in cluster["nodes"].items() if node["online"] and not node["standby"]]
    down = [name for name, node in cluster["nodes"].items() if not node["online"]]
    text = "".join(f"Node {name}: standby\n" for name in standby)
    text += f"Online: [ {' '.join(sorted(up))} ]\n" if up else ""
    return text + (f"OFFLINE: [ {' '.join(sorted(down))} ]\n" if down else "")


def _resources(cluster: Pacemaker) -> list[str]:
    mark = " (unmanaged)" if pacemaker.in_maintenance(cluster) else ""
    lines = []
    for resource in cluster["resources"]:
        name, state = resource["id"], resource["state"]
        head = f" {name}\t({resource['agent']}):\t"
        node, role = next(iter(state.items()), ("", "Stopped"))
        if resource["kind"] in ("clone", "master"):
            lines += _instances(resource, mark)
        elif role != "Stopped":
            lines.append(f"{head}{role} {node}{mark}")
        else:
            marks = (("disabled", resource["disabled"] and not state), ("unmanaged", mark))
            words = ", ".join(word for word, there in marks if there)
            lines.append(f"{head}Stopped ({words})" if words else f"{head}Stopped")
    return lines


def _instances(resource: Resource, mark: str) -> list[str]:
    """A clone's lines: its nodes by role; those of an unmanaged or failed instance one by one."""
    name, state = resource["id"], resource["state"]
    inner = name.removesuffix("-clone").removesuffix("-master")
    lines = [f" {'Clone' if resource['kind'] == 'clone' else 'Master/Slave'} Set: {name} [{inner}]{mark}"]
    for node, role in state.items():
        if role == "FAILED" or (mark and role != "Stopped"):
            lines.append(f"     {inner}\t({resource['agent']}):\t{role} {node}{mark}")
    for role, heading in (("Master", "Masters"), ("Slave", "Slaves"), ("Started", "Started")):
        nodes = sorted(node for node, what in state.items() if what == role)
        if nodes and not mark:
            lines.append(f"     {heading}: [ {' '.join(nodes)} ]")
    stopped = sorted(node for node in resource["nodes"] if state.get(node, "Stopped") == "Stopped")
    return [*lines, f"     Stopped: [ {' '.join(stopped)} ]"] if stopped else lines


def property_show(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
    need_running(call, world)
    names = [word for word in words if not word.startswith("--")]
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


def cluster_start(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
    names = (
        list(cluster["nodes"])
        if "--all" in words
        else [word for word in words if not word.startswith("--")] or [call.host]
    )
    for name in names:
        call.stdout.write("Starting Cluster...\n")
        if not pacemaker.running(world.state, name):
            pacemaker.start_node(world, name)
    return 0


def cluster_stop(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
    names = (
        list(cluster["nodes"])
        if "--all" in words
        else [word for word in words if not word.startswith("--")] or [call.host]
    )
    left = len([name for name in pacemaker.online(world.state) if name not in names])
    if "--all" not in words and left * 2 <= len(cluster["nodes"]) and "--force" not in call.argv:
        which = "node(s)" if words else "node"
        raise Refused(1, f"Error: Stopping the {which} will cause a loss of the quorum, use --force to override")
    call.stdout.write("Stopping Cluster (pacemaker)...\nStopping Cluster (corosync)...\n")
    for name in names:
        leaves_in_order = pacemaker.running(world.state, name)
        if leaves_in_order:
            safety.watch(world, "leave", name)
        pacemaker.stop_node(world, name)
        if leaves_in_order:
            cluster["nodes"][name]["left"] = True
    slow = any(world.state["hosts"][name].get("rabbit_stops_slowly") for name in names)
    world.advance(190 if slow else 20)
    return 0


def config(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
    """`config backup NAME`: a NAME.tar.bz2 with the CIB and corosync's files, whether the cluster runs or not."""
    if words[:1] != ["backup"]:
        need_running(call, world)
        call.stdout.write("Cluster Name: tripleo_cluster\n" + _nodes(cluster) + "\n".join(_resources(cluster)) + "\n")
        return 0
    if len(words) != 2:
        raise Refused(1, "\nUsage: pcs config [show]...\n    backup [filename]")
    target = words[1] if words[1].startswith("/") else f"{call.cwd.rstrip('/')}/{words[1]}"
    file = world.path(call.host, target if target.endswith(".tar.bz2") else f"{target}.tar.bz2")
    if not file.parent.is_dir():
        raise Refused(1, f"Error: unable to write '{words[1]}': No such file or directory")
    if file.exists() and "--force" not in call.argv:
        raise Refused(1, f"Error: '{words[1]}' already exists, use --force to overwrite")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:bz2") as archive:
        for name, text in (("version.txt", "1"), ("cib.xml", "<cib/>\n"), ("corosync.conf", "totem {\n}\n")):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(text), int(world.now())
            archive.addfile(entry, io.BytesIO(text.encode()))
    file.write_bytes(packed.getvalue())
    file.chmod(0o600)
    return 0


def resource_cleanup(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
    need_running(call, world)
    names = [word for word in words if not word.startswith("--")]
    cluster["failed"] = [one for one in cluster["failed"] if names and one["resource"] not in names]
    pacemaker.place(world)
    call.stdout.write(
        "Cleaned up all resources on all nodes\n" if not names else f"Cleaned up {names[0]} on {call.host}\n"
    )
    return 0


def resource_switch(disabled: bool) -> Handler:
    def switch(call: Call, world: World, cluster: Pacemaker, words: list[str]) -> int:
        need_running(call, world)
        names = [word for word in words if not word.startswith("--")]
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


PCS: dict[tuple[str, ...], Handler] = {
    ("status",): status, ("property", "show"): property_show, ("property", "list"): property_show, ("property", "set"): property_set,
    ("property", "unset"): property_unset, ("cluster", "start"): cluster_start, ("cluster", "stop"): cluster_stop,
    ("cluster", "status"): status, ("config",): config, ("resource", "cleanup"): resource_cleanup, ("resource", "disable"): resource_switch(True),
    ("resource", "enable"): resource_switch(False), ("resource", "show"): lambda c, w, k, _words: status(c, w, k, ["resources"]),
}  # fmt: skip
