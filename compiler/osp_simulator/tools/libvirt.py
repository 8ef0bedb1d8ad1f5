"""virsh: nova's running servers on a host, and whatever else runs there."""

from __future__ import annotations

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.hosts import libvirt_xml
from osp_simulator.state import access
from osp_simulator.state.hosts import Host

NO_CONNECTION = "error: failed to connect to the hypervisor\nerror: "
NO_SOCKET = "Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory"
NO_AGENT = "authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'"
READ_ONLY = frozenset({"-r", "--readonly"})
RUNNING = ("ACTIVE", "MIGRATING", "PAUSED", "RESIZE")


@tool("virsh", facts=Facts(reaches="host", inline=True))
def virsh(call: Call, world: World) -> int:
    words = [word for word in call.argv if word not in {*READ_ONLY, "-q", "--quiet", "-c", "qemu:///system"}]
    entry = world.state["hosts"][call.host]
    _need_connection(call, entry)
    if words[:1] == ["dumpxml"] and len(words) == 2:
        call.stdout.write(libvirt_xml.description(world, call.host, words[1]) + "\n")
        return 0
    if words[:1] == ["domuuid"] and len(words) == 2:
        call.stdout.write(f"{libvirt_xml.identity(world, call.host, words[1])}\n\n")
        return 0
    if words[:1] != ["list"]:
        raise Refused(1, f"error: unknown command: '{words[0] if words else ''}'")
    flags = set(words[1:])
    found = _chosen(_domains(world, call.host, entry), flags)
    call.stdout.write(_names(found) if "--name" in flags else _table(found))
    return 0


def _need_connection(call: Call, entry: Host) -> None:
    """Refused where libvirtd does not run, or the caller may not use it."""
    if not access.is_active(entry, "libvirtd.service"):
        raise Refused(1, NO_CONNECTION + NO_SOCKET)
    if call.user != "root" and not READ_ONLY & set(call.argv):
        raise Refused(1, NO_CONNECTION + NO_AGENT)


def _domains(world: World, host: str, entry: Host) -> list[tuple[str, str]]:
    """(name, state) of every domain defined on the host."""
    found: list[tuple[str, str]] = [(name, "running") for name in entry["domains"]]
    for server in access.servers(world.state, "overcloud"):
        if libvirt_xml.is_at(server.get("host"), host):
            state = "running" if server["status"] in RUNNING and not server.get("went_down") else "shut off"
            found.append((server.get("instance_name", server["name"]), state))
    return found


def _chosen(found: list[tuple[str, str]], flags: set[str]) -> list[tuple[str, str]]:
    if "--state-shutoff" in flags:
        return [one for one in found if one[1] != "running"]
    return found if "--all" in flags else [one for one in found if one[1] == "running"]


def _names(found: list[tuple[str, str]]) -> str:
    return "".join(f"{name}\n" for name, _ in found) + "\n"


def _table(found: list[tuple[str, str]]) -> str:
    heading = f" Id    Name                           State\n{'-' * 52}\n"
    rows = (
        f" {index if state == 'running' else '-':<5} {name:<30} {state}\n"
        for index, (name, state) in enumerate(found, 1)
    )
    return heading + "".join(rows) + "\n"
