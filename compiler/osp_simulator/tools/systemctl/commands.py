"""systemctl, as systemd 219 has it: each of its verbs by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.tools.power import answer, need_root
from osp_simulator.tools.systemctl.changes import change, enable, reset_failed
from osp_simulator.tools.systemctl.lists import list_unit_files, list_units
from osp_simulator.tools.systemctl.request import Request, parse
from osp_simulator.tools.systemctl.shows import cat, show, status
from osp_simulator.tools.systemctl.states import is_active, is_enabled, is_failed, is_system_running


@tool("systemctl", facts=Facts(reaches="host", inline=True))
def systemctl(call: Call, world: World) -> int:
    request = parse(call, world)
    if request.verb in ("reboot", "poweroff", "halt"):
        need_root(call, "reboot")
        return answer(call, world, off=request.verb != "reboot")
    handler = VERBS.get(request.verb)
    if handler is None:
        raise Refused(1, f"Unknown operation '{request.verb}'.")
    return handler(request)


def daemon_reload(_request: Request) -> int:
    return 0


VERBS: Mapping[str, Callable[[Request], int]] = {
    "list-units": list_units,
    "list-unit-files": list_unit_files,
    "is-active": is_active,
    "is-failed": is_failed,
    "is-enabled": is_enabled,
    "is-system-running": is_system_running,
    "start": change,
    "stop": change,
    "restart": change,
    "try-restart": change,
    "reload": change,
    "reload-or-restart": change,
    "enable": enable,
    "disable": enable,
    "mask": enable,
    "unmask": enable,
    "reset-failed": reset_failed,
    "show": show,
    "status": status,
    "cat": cat,
    "daemon-reload": daemon_reload,
}
