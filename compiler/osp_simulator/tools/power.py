"""reboot and the like: a host goes down, and comes back on its default kernel with what is installed, or does not."""

from __future__ import annotations

import select

from osp_simulator.engine import events, watching
from osp_simulator.engine.call import Call, Killed, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.seed import hosts

SHUTDOWN = 2  # seconds between a clean answer and the host's end, unless the host says otherwise


def reboot_host(world: World, host: str, off: bool = False) -> None:
    """Start the host's shutdown; "closed" hosts take the connections of whoever asked with them at once."""
    entry = world.state["hosts"][host]
    if not entry["up"] or entry.get("going_down"):
        return
    watching.watch(world, "reboot", host)
    entry["going_down"] = True
    entry["reboots_asked"] = entry.get("reboots_asked", 0) + 1
    if entry["reboot_ssh"] == "closed":
        world.fire(events.host_down, host=host, off=off)
    else:
        world.clock.after(entry.get("shutdown_seconds", SHUTDOWN), events.host_down, host=host, off=off)


@events.host_down.first_handler
def host_down(world: World, host: str, off: bool = False) -> None:
    """Everything on the host ends; it returns after its boot unless it is off or never comes back."""
    entry = world.state["hosts"][host]
    entry["up"] = False
    entry.pop("going_down", None)
    entry["units_before"] = [name for name, unit in entry["units"].items() if unit["active"] == "active"]
    for unit in entry["units"].values():
        unit["active"], unit["sub"] = "inactive", "dead"
    entry["domains_before"], entry["domains"] = entry["domains"], []
    if entry["returns"] and not off:
        world.clock.after(entry["reboot_seconds"], events.host_up, host=host)
    if world.served is not None:
        world.served.runner.host_down(host)


@events.host_up.first_handler
def host_up(world: World, host: str) -> None:
    """A new boot: the default kernel, the installed openvswitch, enabled units started, an empty /run."""
    entry = world.state["hosts"][host]
    entry["up"] = True
    entry["boots"] += 1
    entry["booted_at"] = world.state["clock"]
    entry["boot_id"] = hosts.boot_id(host, entry["boots"])
    if not entry.get("keeps_kernel"):
        entry["kernel"]["running"] = entry["kernel"]["default"]
    if entry["openvswitch"] is not None and "openvswitch" in entry["packages"]:
        entry["openvswitch"]["running"] = entry["packages"]["openvswitch"][-1].split("-")[0]
    stays_down = entry.get("broken_units", [])
    for name, unit in entry["units"].items():
        unit["loaded"] = unit["loaded"] or unit["enabled"] == "enabled"
        if name in stays_down:
            unit["active"], unit["sub"] = "failed", "failed"
        elif unit["enabled"] in ("enabled", "static") or name in entry.get("units_before", []):
            unit["active"], unit["sub"] = "active", "running"
    entry.pop("units_before", None)
    entry.pop("domains_before", None)
    world.files.tell_boot(host)


def need_root(call: Call, name: str) -> None:
    if call.user != "root":
        raise Refused(
            1,
            "Failed to set wall message, ignoring: Interactive authentication required.\n"
            f"Failed to {name} system via logind: Interactive authentication required.",
        )


@tool("reboot", facts=Facts(reaches="site", inline=False))
def reboot(call: Call, world: World) -> int:
    if any(word not in ("-f", "--force", "--reboot", "-w", "--no-wall") for word in call.argv):
        raise Refused(1, f"reboot: unrecognized option '{call.argv[0]}'")
    need_root(call, "reboot")
    return answer(call, world, off=False)


@tool("poweroff", "halt", facts=Facts(reaches="site", inline=False))
def poweroff(call: Call, world: World) -> int:
    need_root(call, "power off")
    return answer(call, world, off=True)


def answer(call: Call, world: World, off: bool) -> int:
    """What the caller sees: nothing more, or a status of 0 just before the end."""
    with world.lock:
        reboot_host(world, call.host, off)
        up = world.state["hosts"][call.host]["up"]
    if up:
        return 0
    if call.connection is not None:
        select.select([call.connection], [], [], 5)  # real time: the session's end is on its way to this client
    raise Killed(9)


@tool("shutdown", facts=Facts(reaches="site", inline=False))
def shutdown(call: Call, world: World) -> int:
    """`shutdown [-r|-h|-P] now|+M`: at once, or after minutes of world time; -c cancels."""
    need_root(call, "reboot")
    words = list(call.argv)
    if "-c" in words:
        world.clock.cancel(events.scheduled_reboot, host=call.host)
        return 0
    off = not ({"-r", "--reboot"} & set(words))
    when = next((word for word in words if not word.startswith("-")), "+1")
    if when in ("now", "+0"):
        return answer(call, world, off)
    if not when.startswith("+") or not when[1:].isdigit():
        raise Refused(1, f"Failed to parse time specification: {when}")
    world.clock.after(int(when[1:]) * 60, events.scheduled_reboot, host=call.host, off=off)
    call.stderr.write("Shutdown scheduled, use 'shutdown -c' to cancel.\n")
    return 0


@events.scheduled_reboot.handler
def scheduled_reboot(world: World, host: str, off: bool) -> None:
    reboot_host(world, host, off)
