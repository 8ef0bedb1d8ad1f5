"""systemctl list-units and list-unit-files."""

from __future__ import annotations

import fnmatch

from osp_simulator.state.hosts import Unit
from osp_simulator.tools.systemctl.request import Request
from osp_simulator.tools.systemctl.unit_names import full, matching

LEGEND = (
    "LOAD   = Reflects whether the unit definition was properly loaded.\n"
    "ACTIVE = The high-level unit activation state, i.e. generalization of SUB.\n"
    "SUB    = The low-level unit activation state, values depend on unit type.\n\n"
)
COUNT = (
    "{0} loaded units listed. Pass --all to see loaded but inactive units, too.\n"
    "To show all installed unit files use 'systemctl list-unit-files'.\n"
)


def list_units(request: Request) -> int:
    shown = [(name, unit) for name, unit in sorted(request.units.items()) if _wanted(request, name, unit)]
    width = max((len(name) for name, _ in shown), default=4)
    legend = "--no-legend" not in request.flags
    write = request.call.stdout.write
    if shown and legend:
        write(f"  {'UNIT':<{width}} LOAD   ACTIVE   SUB     DESCRIPTION\n")
    for name, unit in shown:
        description = name.rsplit(".", 1)[0]
        state = f"loaded {unit['active']:<8} {unit['sub']:<7}"
        write(f"{_mark(request, unit)}{name:<{width}} {state} {description}\n")
    if legend:
        write(f"\n{LEGEND}" if shown else "")
        write(COUNT.format(len(shown)))
    return 0


def _wanted(request: Request, name: str, unit: Unit) -> bool:
    """Loaded units only; those that are not active where a state or all are asked for."""
    kinds = request.listed("--type")
    if not unit["loaded"] or (kinds and name.rsplit(".", 1)[-1] not in kinds):
        return False
    if request.names and not any(name in matching(request.units, pattern) for pattern in request.names):
        return False
    states = {*request.listed("--state"), *(["failed"] if "--failed" in request.flags else [])}
    if states:
        return bool(states & {unit["active"], unit["sub"], "loaded"})
    return unit["active"] != "inactive" or bool(request.flags & {"--all", "-a"})


def _mark(request: Request, unit: Unit) -> str:
    if "--plain" in request.flags:
        return ""
    return "\u25cf " if unit["active"] == "failed" else "  "


def list_unit_files(request: Request) -> int:
    for name, unit in sorted(request.units.items()):
        wanted = (fnmatch.fnmatchcase(name, pattern) or name == full(pattern) for pattern in request.names)
        if not request.names or any(wanted):
            request.call.stdout.write(f"{name:<50} {unit['enabled']}\n")
    return 0
