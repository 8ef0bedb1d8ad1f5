"""systemctl start, stop, enable and the like; the effects of a unit's state elsewhere are handled by events."""

from __future__ import annotations

from dataclasses import replace

from osp_simulator.engine import events
from osp_simulator.engine.call import Refused
from osp_simulator.engine.world import World
from osp_simulator.tools.systemctl.request import Request
from osp_simulator.tools.systemctl.unit_names import full, is_glob, matching

ENABLED = {"enable": "enabled", "disable": "disabled", "mask": "masked", "unmask": "disabled"}
NOW = {"enable": "start", "disable": "stop", "mask": "stop"}  # what `--now` does beside
STAY_LOADED = ("corosync", "pacemaker", "ceph")  # what others depend on, though it is not enabled itself
NOT_ALLOWED = "Interactive authentication required."


def change(request: Request) -> int:
    verb, names = request.verb, request.names
    if request.call.user != "root":
        raise Refused(
            1,
            f"Failed to {verb} {full(names[0]) if names else ''}: {NOT_ALLOWED}\n"
            "See system logs and 'systemctl status' for details.",
        )
    if not names:
        raise Refused(1, "Too few arguments.")
    status = 0
    for pattern in names:
        chosen = matching(request.units, pattern)
        if not chosen and not is_glob(pattern):
            request.call.stderr.write(f"Failed to {verb} {full(pattern)}: Unit not found.\n")
            status = 5
        for name in chosen:
            if not _switch(request.world, request.call.host, name, verb):
                request.call.stderr.write(
                    f"Job for {name} failed because the control process exited with error code. "
                    f'See "systemctl status {name}" and "journalctl -xe" for details.\n'
                )
                status = 1
    return status


def _switch(world: World, host: str, name: str, verb: str) -> bool:
    """Whether the unit did as told."""
    entry = world.state["hosts"][host]
    unit = entry["units"][name]
    before = unit["active"]
    if verb == "stop":
        unit["active"], unit["sub"] = "inactive", "dead"
        if unit["enabled"] != "enabled":
            unit["loaded"] = name.startswith(STAY_LOADED)
    elif verb == "try-restart" and before != "active":
        return True
    elif name in entry.get("broken_units", []):
        unit["active"], unit["sub"] = "failed", "failed"
        return False
    else:
        unit["active"], unit["sub"], unit["loaded"] = "active", "running", True
    world.clock.advance(1)
    if unit["active"] != before:
        world.fire(events.unit_changed, host=host, unit=name, active=unit["active"])
    return True


def enable(request: Request) -> int:
    if request.call.user != "root":
        raise Refused(1, f"Failed to {request.verb} unit: {NOT_ALLOWED}")
    for name in request.names:
        unit = request.units.get(full(name))
        if unit is None:
            raise Refused(1, "Failed to execute operation: No such file or directory")
        unit["enabled"] = ENABLED[request.verb]
    if "--now" in request.flags and request.verb in NOW:
        return change(replace(request, verb=NOW[request.verb]))
    return 0


def reset_failed(request: Request) -> int:
    for name, unit in request.units.items():
        if unit["active"] == "failed" and (not request.names or name in map(full, request.names)):
            unit["active"], unit["sub"] = "inactive", "dead"
    return 0
