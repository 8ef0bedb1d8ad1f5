"""ovs-vsctl and ovs-appctl: Open vSwitch and its interfaces; a restart runs the installed version."""

from __future__ import annotations

import re

from osp_simulator.engine import events
from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.hosts.libvirt_xml import is_at
from osp_simulator.state import access
from osp_simulator.state.hosts import Host
from osp_simulator.state.neutron import Port

OPTIONS = re.compile(r"--(timeout|no-wait|if-exists|columns|bare|format|no-headings|data|db)")
NO_DATABASE = "ovs-vsctl: unix:/var/run/openvswitch/db.sock: database connection failed ({0})"
COLUMNS = "name,type,external_ids"  # that are shown where none are named
BRIDGE = {"name": "br-int", "type": "internal", "iface-id": ""}


@tool("ovs-vsctl", facts=Facts(reaches="host", inline=True))
def ovs_vsctl(call: Call, world: World) -> int:
    entry = world.state["hosts"][call.host]
    if entry["openvswitch"] is None:
        raise Refused(127, "bash: ovs-vsctl: command not found")
    if call.argv in (("--version",), ("-V",)):
        call.stdout.write(_client_version(entry))
        return 0
    if call.user != "root":
        raise Refused(1, NO_DATABASE.format("Permission denied"))
    if not access.is_active(entry, "openvswitch.service"):
        raise Refused(1, NO_DATABASE.format("No such file or directory"))
    options = [word for word in call.argv if OPTIONS.match(word)]
    words = [word for word in call.argv if not OPTIONS.match(word)]
    call.stdout.write(_answer(world, call.host, words, options, entry["openvswitch"]["running"]))
    return 0


def _client_version(entry: Host) -> str:
    version = installed(entry)
    return f"ovs-vsctl (Open vSwitch) {version}\nDB Schema 7.{'15.1' if version >= '2.9' else '14.0'}\n"


def _answer(world: World, host: str, words: list[str], options: list[str], running: str) -> str:
    match words:
        case ["get", "Open_vSwitch", ".", "ovs_version"]:
            return f'"{running}"\n'
        case ["get", "Open_vSwitch", ".", column]:
            raise Refused(1, f'ovs-vsctl: Open_vSwitch does not contain a column whose name matches "{column}"')
        case ["show", *_]:
            return f'b9f0b1f0-8c1c-4d5e-9a43-1d2f0c6c5b11\n    ovs_version: "{running}"\n'
        case ["list" | "find", "Interface" | "interface", *_]:
            return _records(ports(world, host), words, options)
        case ["get", table, name, column] if table.lower() == "interface":
            return _one_column(ports(world, host), name, column, options)
    raise Refused(1, f"ovs-vsctl: unknown command '{words[0] if words else ''}'; use --help for help")


def ports(world: World, host: str) -> list[dict[str, str]]:
    """The bridge's own interface, and one for each neutron port that is plugged on the host, or was left there."""
    found = [dict(BRIDGE)]
    for port in access.ports(world.state, "overcloud"):
        mode, server = _mode_at(port, host), port.get("server")
        if mode is not None and server:
            kind = mode if mode.startswith("dpdk") else ""
            name = f"{'vhu' if kind else 'qvo'}{port['id'][:11]}"
            found.append({"name": name, "type": kind, "iface-id": port["id"], "vm-uuid": server})
    return found


def _mode_at(port: Port, host: str) -> str | None:
    """The mode in which a port is plugged on the host, or was left there; None where it is neither."""
    left = port.get("left")
    if left is not None and is_at(left["host"], host):
        return left["mode"]
    return port.get("mode", "") if is_at(port.get("host"), host) and port.get("plugged", True) else None


def _one_column(found: list[dict[str, str]], name: str, column: str, options: list[str]) -> str:
    for port in found:
        if port["name"] == name:
            return port[column] + "\n"
    if "--if-exists" in options:
        return ""
    raise Refused(1, f'ovs-vsctl: no row "{name}" in table Interface')


def _records(found: list[dict[str, str]], words: list[str], options: list[str]) -> str:
    """The interfaces that `list Interface NAME...` or `find Interface COLUMN=VALUE...` asks for."""
    asked = _named(found, words[2:]) if words[0] == "list" else _matching(found, words[2:])
    columns = next((word.partition("=")[2] for word in options if word.startswith("--columns=")), COLUMNS).split(",")
    bare = "--bare" in options or "--no-headings" in options
    line = "{1}\n" if bare else "{0:<20}: {1}\n"
    return "\n".join("".join(line.format(name, _cell(port, name)) for name in columns) for port in asked)


def _named(found: list[dict[str, str]], names: list[str]) -> list[dict[str, str]]:
    return [port for port in found if not names or port["name"] in names]


def _matching(found: list[dict[str, str]], conditions: list[str]) -> list[dict[str, str]]:
    for condition in conditions:
        key, _, value = condition.partition("=")
        key = "iface-id" if key in ("external_ids:iface-id", "external-ids:iface-id") else key
        found = [port for port in found if port.get(key) == value.strip('"')]
    return found


def _cell(port: dict[str, str], column: str) -> str:
    """As ovs-vsctl prints it: quotes round whatever is more than letters, `_`, `-` and `.`."""
    if column.startswith("external"):
        return _external_ids(port)
    value = port.get(column, "")
    return value if re.fullmatch(r"[A-Za-z_][A-Za-z_.-]*", value) else f'"{value}"'


def _external_ids(port: dict[str, str]) -> str:
    """What neutron's agent and nova note on a port: `{iface-id="...", vm-uuid="..."}`, nothing on a bridge's own."""
    return "{" + ", ".join(f'{key}="{port[key]}"' for key in ("iface-id", "vm-uuid") if port.get(key)) + "}"


@tool("ovs-appctl", facts=Facts(reaches="host", inline=False))
def ovs_appctl(call: Call, world: World) -> int:
    entry = world.state["hosts"][call.host]
    if entry["openvswitch"] is None:
        raise Refused(127, "bash: ovs-appctl: command not found")
    if call.user != "root":
        raise Refused(1, 'ovs-appctl: cannot connect to "/var/run/openvswitch/ovs-vswitchd.ctl" (Permission denied)')
    words = list(call.argv)
    if words[:1] in (["-t"], ["--target"]):
        words = words[2:]
    if words != ["version"]:
        raise Refused(
            2, f'"{" ".join(words)}" is not a valid command\novs-appctl: ovs-vswitchd: server returned an error'
        )
    call.stdout.write(f"ovs-vswitchd (Open vSwitch) {entry['openvswitch']['running']}\n")
    return 0


def installed(entry: Host) -> str:
    """The version of the newest package openvswitch on a host."""
    return entry["packages"]["openvswitch"][-1].split("-")[0]


@events.unit_changed.handler
def openvswitch_restarts(world: World, host: str, unit: str, active: str) -> None:
    """A restarted daemon is the installed one."""
    entry = world.state["hosts"][host]
    if unit.startswith("openvswitch") and active == "active" and entry["openvswitch"]:
        entry["openvswitch"]["running"] = installed(entry)
