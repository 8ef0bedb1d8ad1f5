"""What systemctl shows of a unit: its properties, its status, its file."""

from __future__ import annotations

from osp_simulator.engine.call import Refused
from osp_simulator.state.hosts import Unit
from osp_simulator.tools.systemctl.request import Request
from osp_simulator.tools.systemctl.unit_names import full, named

NO_UNIT: Unit = {"active": "inactive", "sub": "dead", "enabled": "", "loaded": False}
FOLDER = "/usr/lib/systemd/system"


def show(request: Request) -> int:
    wanted = request.listed("--property")
    parts = []
    for name in request.names or ("-.mount",):
        known = _properties(full(name), request.units.get(full(name)))
        parts.append("".join(f"{key}={value}\n" for key, value in known.items() if not wanted or key in wanted))
    request.call.stdout.write("\n".join(parts))
    return 0


def _properties(name: str, found: Unit | None) -> dict[str, str]:
    unit = found or NO_UNIT
    return {
        "Id": name,
        "LoadState": "loaded" if found else "not-found",
        "ActiveState": unit["active"],
        "SubState": unit["sub"],
        "UnitFileState": unit["enabled"],
        "Names": name,
        "MainPID": "1234" if unit["active"] == "active" else "0",
    }


def status(request: Request) -> int:
    """3 for a unit that is not active, 4 for one that is not there; the last of these decides."""
    write = request.call.stdout.write
    if not request.names:
        failed = sum(unit["active"] == "failed" for unit in request.units.values())
        state = request.entry["system_state"] or ("degraded" if failed else "running")
        write(f"\u25cf {request.entry['fqdn']}\n    State: {state}\n     Jobs: 0 queued\n   Failed: {failed} units\n")
        return 0
    result = 0
    for name in named(request.units, request.names):
        unit = request.units.get(name)
        if unit is None:
            request.call.stderr.write(f"Unit {name} could not be found.\n")
            result = 4
            continue
        write(
            f"\u25cf {name} - {name}\n   Loaded: loaded ({FOLDER}/{name}; {unit['enabled']})\n"
            f"   Active: {unit['active']} ({unit['sub']})\n"
        )
        result = result if unit["active"] == "active" else 3
    return result


def cat(request: Request) -> int:
    for name in request.names:
        unit = request.units.get(full(name))
        if unit is None:
            raise Refused(1, f"No files found for {full(name)}.")
        text = unit.get("text") or f"[Unit]\nDescription={name}\n[Service]\nExecStart=/usr/bin/{name}\n"
        request.call.stdout.write(f"# {FOLDER}/{full(name)}\n{text}")
    return 0
