"""systemctl's questions, answered by the exit status: is-active, is-failed, is-enabled, is-system-running."""

from __future__ import annotations

from osp_simulator.engine.call import Refused
from osp_simulator.state.hosts import Unit
from osp_simulator.tools.systemctl.request import Request
from osp_simulator.tools.systemctl.unit_names import full, named

STARTING_SECONDS = 20  # after a boot, unless the host says otherwise


def is_active(request: Request) -> int:
    """0 where one of the units is."""
    states = [_state(request, name) for name in named(request.units, request.names)]
    request.say("".join(f"{state}\n" for state in states))
    return 0 if "active" in states else 3


def is_failed(request: Request) -> int:
    states = [_state(request, full(name)) for name in request.names]
    request.say("".join(f"{state}\n" for state in states))
    return 0 if "failed" in states else 1


def _state(request: Request, name: str) -> str:
    unit = request.units.get(name)
    return unit["active"] if unit else "unknown"


def is_enabled(request: Request) -> int:
    good = False
    for name in request.names:
        unit = request.units.get(full(name))
        if unit is None:
            raise Refused(1, f"Failed to get unit file state for {full(name)}: No such file or directory")
        state = unit["enabled"] if unit["enabled"] != "bad" else _asked_of_chkconfig(request, full(name), unit)
        good = good or state in ("enabled", "static")
        request.say(f"{state}\n")
    return 0 if good else 1


def _asked_of_chkconfig(request: Request, name: str, unit: Unit) -> str:
    """An init script has no unit file; the redirection is told on stderr, quiet or not."""
    word = name.removesuffix(".service")
    request.call.stderr.write(
        f"{name} is not a native service, redirecting to /sbin/chkconfig.\nExecuting /sbin/chkconfig {word} --level=5\n"
    )
    return unit["chkconfig"]


def is_system_running(request: Request) -> int:
    entry = request.entry
    failed = any(unit["active"] == "failed" for unit in request.units.values())
    booting = request.world.state["clock"] - entry["booted_at"] < entry.get("starting_seconds", STARTING_SECONDS)
    found = "stopping" if entry.get("going_down") else "starting" if booting else "degraded" if failed else "running"
    state = entry["system_state"] or found
    request.call.stdout.write(f"{state}\n")
    return 0 if state == "running" else 1
