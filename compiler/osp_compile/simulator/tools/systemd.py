"""systemctl, as systemd 219 has it: globs match loaded units alone, `show` has no --value."""

# ruff: noqa: E501  what a tool prints stands in one line here as it does there
# ruff: noqa: ARG001  handlers of one kind share a signature

from __future__ import annotations

import fnmatch
from typing import Any

from osp_compile.simulator.call import Call, Refused
from osp_compile.simulator.registry import event, tool
from osp_compile.simulator.world import World

from .power import answer, need_root

Units = dict[str, dict[str, Any]]
FLAGS = frozenset(
    {
        "--all",
        "-a",
        "--no-legend",
        "--no-pager",
        "--plain",
        "--quiet",
        "-q",
        "--full",
        "-l",
        "--failed",
        "--force",
        "-f",
        "--now",
    }
    | {"--no-block", "--no-wall", "--no-ask-password", "--system", "--runtime"}
)
VALUED = frozenset({"--state", "--type", "-t", "-p", "--property", "-n", "--lines", "-o", "--output"})


def parse(call: Call) -> tuple[str, list[str], set[str], dict[str, str]]:
    """(verb, arguments, flags, values); Refused for what 219 does not know."""
    flags: set[str] = set()
    values: dict[str, str] = {}
    rest: list[str] = []
    words = list(call.argv)
    while words:
        word = words.pop(0)
        name, separator, value = word.partition("=")
        if word == "--":
            rest += words
            break
        if name in VALUED:
            if not separator:
                if not words:
                    raise Refused(1, f"systemctl: option requires an argument -- '{word.lstrip('-')}'")
                value = words.pop(0)
            key = {"-t": "--type", "-p": "--property"}.get(name, name)
            values[key] = f"{values[key]},{value}" if key in values else value
        elif word[:2] in ("-p", "-t") and len(word) > 2 and not word.startswith("--"):
            values[{"-t": "--type", "-p": "--property"}[word[:2]]] = word[2:]
        elif word in FLAGS:
            flags.add(word)
        elif word.startswith("-") and word != "-":
            raise Refused(1, f"systemctl: unrecognized option '{word}'")
        else:
            rest.append(word)
    return (rest[0] if rest else "list-units"), rest[1:], flags, values


@tool("systemctl")
def systemctl(call: Call, world: World) -> int:
    verb, names, flags, values = parse(call)
    if verb in ("reboot", "poweroff", "halt"):
        need_root(call, "reboot")
        return answer(call, world, off=verb != "reboot")
    handler = VERBS.get(verb)
    if handler is None:
        raise Refused(1, f"Unknown operation '{verb}'.")
    entry = world.state["hosts"][call.host]
    return int(handler(call, world, entry, names, flags, values) or 0)


def full(name: str) -> str:
    return (
        name
        if "." in name.rsplit("@", 1)[-1] and name.endswith((".service", ".target", ".timer", ".socket", ".mount"))
        else f"{name}.service"
    )


def matching(units: Units, pattern: str) -> list[str]:
    """A glob matches loaded units, an exact name any unit there is."""
    if any(letter in pattern for letter in "*?["):
        wanted = pattern if pattern.endswith("*") or "." in pattern else f"{pattern}.service"
        return sorted(name for name, unit in units.items() if unit["loaded"] and fnmatch.fnmatchcase(name, wanted))
    return [full(pattern)] if full(pattern) in units else []


def list_units(  # noqa: C901  one branch an option or answer
    call: Call, world: World, entry: dict[str, Any], names: list[str], flags: set[str], values: dict[str, str]
) -> int:
    units: Units = entry["units"]
    states = set(values["--state"].split(",")) if "--state" in values else set()
    if "--failed" in flags:
        states.add("failed")
    kinds = values["--type"].split(",") if "--type" in values else []
    shown = []
    for name, unit in sorted(units.items()):
        if not unit["loaded"] or (kinds and name.rsplit(".", 1)[-1] not in kinds):
            continue
        if names and not any(name in matching(units, pattern) for pattern in names):
            continue
        if states and not states & {unit["active"], unit["sub"], "loaded"}:
            continue
        if not states and unit["active"] == "inactive" and not flags & {"--all", "-a"}:
            continue
        shown.append((name, unit))
    width = max((len(name) for name, _ in shown), default=4)
    if shown and "--no-legend" not in flags:
        call.stdout.write(f"  {'UNIT':<{width}} LOAD   ACTIVE   SUB     DESCRIPTION\n")
    for name, unit in shown:
        mark = "\u25cf " if unit["active"] == "failed" else "  "
        mark = "" if "--plain" in flags else mark
        call.stdout.write(
            f"{mark}{name:<{width}} loaded {unit['active']:<8} {unit['sub']:<7} {name.rsplit('.', 1)[0]}\n"
        )
    if "--no-legend" not in flags:
        call.stdout.write("\n" if shown else "")
        if shown:
            call.stdout.write("LOAD   = Reflects whether the unit definition was properly loaded.\n"
                              "ACTIVE = The high-level unit activation state, i.e. generalization of SUB.\n"
                              "SUB    = The low-level unit activation state, values depend on unit type.\n\n")  # fmt: skip
        call.stdout.write(f"{len(shown)} loaded units listed. Pass --all to see loaded but inactive units, too.\n"
                          "To show all installed unit files use 'systemctl list-unit-files'.\n")  # fmt: skip
    return 0


def list_unit_files(
    call: Call, world: World, entry: dict[str, Any], names: list[str], flags: set[str], values: dict[str, str]
) -> int:
    for name, unit in sorted(entry["units"].items()):
        if not names or any(fnmatch.fnmatchcase(name, pattern) or name == full(pattern) for pattern in names):
            call.stdout.write(f"{name:<50} {unit['enabled']}\n")
    return 0


def is_active(
    call: Call, world: World, entry: dict[str, Any], names: list[str], flags: set[str], values: dict[str, str]
) -> int:
    found = False
    for pattern in names:
        for name in matching(entry["units"], pattern) or [full(pattern)]:
            state = entry["units"].get(name, {"active": "unknown"})["active"]
            found = found or state == "active"
            if not flags & {"--quiet", "-q"}:
                call.stdout.write(f"{state}\n")
    return 0 if found else 3


def is_failed(
    call: Call, world: World, entry: dict[str, Any], names: list[str], flags: set[str], values: dict[str, str]
) -> int:
    states = [entry["units"].get(full(name), {"active": "unknown"})["active"] for name in names]
    if not flags & {"--quiet", "-q"}:
        call.stdout.write("".join(f"{state}\n" for state in states))
    return 0 if "failed" in states else 1


def is_enabled(
    call: Call, world: World, entry: dict[str, Any], names: list[str], flags: set[str], values: dict[str, str]
) -> int:
    good = False
    for name in names:
        unit = entry["units"].get(full(name))
        if unit is None:
            raise Refused(1, f"Failed to get unit file state for {full(name)}: No such file or directory")
        good = good or unit["enabled"] in ("enabled", "static")
        if not flags & {"--quiet", "-q"}:
            call.stdout.write(f"{unit['enabled']}\n")
    return 0 if good else 1


def is_system_running(call: Call, world: World, entry: dict[str, Any], *_: Any) -> int:
    failed = any(unit["active"] == "failed" for unit in entry["units"].values())
    booting = world.state["clock"] - entry["booted_at"] < entry.get("starting_seconds", 20)
    state = entry["system_state"] or ("starting" if booting else "degraded" if failed else "running")
    call.stdout.write(f"{state}\n")
    return 0 if state == "running" else 1


def change(
    call: Call, world: World, entry: dict[str, Any], names: list[str], flags: set[str], values: dict[str, str]
) -> int:
    """start, stop, restart, reload and their kin; what a unit's state means elsewhere is an event's business."""
    verb = call_verb(call)
    if call.user != "root":
        raise Refused(1, f"Failed to {verb} {full(names[0]) if names else ''}: Interactive authentication required.\n"
                         "See system logs and 'systemctl status' for details.")  # fmt: skip
    if not names:
        raise Refused(1, "Too few arguments.")
    status = 0
    for pattern in names:
        chosen = matching(entry["units"], pattern)
        if not chosen and not any(letter in pattern for letter in "*?["):
            call.stderr.write(f"Failed to {verb} {full(pattern)}: Unit not found.\n")
            status = 5
        for name in chosen:
            status = switch(world, call.host, name, verb, call) or status
    return status


def switch(world: World, host: str, name: str, verb: str, call: Call | None = None) -> int:
    unit = world.state["hosts"][host]["units"][name]
    before = unit["active"]
    if verb == "stop":
        unit["active"], unit["sub"] = "inactive", "dead"
        if unit["enabled"] != "enabled":
            unit["loaded"] = name.startswith(("corosync", "pacemaker", "ceph"))
    elif verb == "try-restart" and before != "active":
        return 0
    elif name in world.state["hosts"][host].get("broken_units", []):
        unit["active"], unit["sub"] = "failed", "failed"
        if call is not None:
            call.stderr.write(f"Job for {name} failed because the control process exited with error code. "
                              f'See "systemctl status {name}" and "journalctl -xe" for details.\n')  # fmt: skip
        return 1
    else:
        unit["active"], unit["sub"], unit["loaded"] = "active", "running", True
    world.advance(1)
    if unit["active"] != before:
        world.fire("unit_changed", host=host, unit=name, active=unit["active"])
    return 0


@event("unit_changed")
def openvswitch_restarts(world: World, host: str, unit: str, active: str) -> None:
    """A restarted daemon is the installed one."""
    entry = world.state["hosts"][host]
    if unit.startswith("openvswitch") and active == "active" and entry["openvswitch"]:
        entry["openvswitch"]["running"] = entry["packages"]["openvswitch"][-1].split("-")[0]


def enable(
    call: Call, world: World, entry: dict[str, Any], names: list[str], flags: set[str], values: dict[str, str]
) -> int:
    verb = call_verb(call)
    if call.user != "root":
        raise Refused(1, f"Failed to {verb} unit: Interactive authentication required.")
    for name in names:
        unit = entry["units"].get(full(name))
        if unit is None:
            raise Refused(1, "Failed to execute operation: No such file or directory")
        unit["enabled"] = {"enable": "enabled", "disable": "disabled", "mask": "masked", "unmask": "disabled"}[verb]
    return 0


def reset_failed(call: Call, world: World, entry: dict[str, Any], names: list[str], *_: Any) -> int:
    for name, unit in entry["units"].items():
        if unit["active"] == "failed" and (not names or name in [full(one) for one in names]):
            unit["active"], unit["sub"] = "inactive", "dead"
    return 0


def show(
    call: Call, world: World, entry: dict[str, Any], names: list[str], flags: set[str], values: dict[str, str]
) -> int:
    wanted = values.get("--property", "").split(",") if "--property" in values else []
    for index, name in enumerate(names or ["-.mount"]):
        unit = entry["units"].get(full(name))
        known = {
            "Id": full(name), "LoadState": "loaded" if unit else "not-found", "ActiveState": unit["active"] if unit else "inactive",
            "SubState": unit["sub"] if unit else "dead", "UnitFileState": unit["enabled"] if unit else "",
            "Names": full(name), "MainPID": "1234" if unit and unit["active"] == "active" else "0",
        }  # fmt: skip
        if index:
            call.stdout.write("\n")
        for key in known:
            if not wanted or key in wanted:
                call.stdout.write(f"{key}={known[key]}\n")
    return 0


def status(call: Call, world: World, entry: dict[str, Any], names: list[str], *_: Any) -> int:
    if not names:
        failed = sum(unit["active"] == "failed" for unit in entry["units"].values())
        state = entry["system_state"] or ("degraded" if failed else "running")
        call.stdout.write(
            f"\u25cf {entry['fqdn']}\n    State: {state}\n     Jobs: 0 queued\n   Failed: {failed} units\n"
        )
        return 0
    result = 0
    for pattern in names:
        for name in matching(entry["units"], pattern) or [full(pattern)]:
            unit = entry["units"].get(name)
            if unit is None:
                call.stderr.write(f"Unit {name} could not be found.\n")
                result = 4
                continue
            call.stdout.write(
                f"\u25cf {name} - {name}\n   Loaded: loaded (/usr/lib/systemd/system/{name}; {unit['enabled']})\n   Active: {unit['active']} ({unit['sub']})\n"
            )
            result = result if unit["active"] == "active" else 3
    return result


def cat(call: Call, world: World, entry: dict[str, Any], names: list[str], *_: Any) -> int:
    for name in names:
        if full(name) not in entry["units"]:
            raise Refused(1, f"No files found for {full(name)}.")
        text = (
            entry["units"][full(name)].get("text")
            or f"[Unit]\nDescription={name}\n[Service]\nExecStart=/usr/bin/{name}\n"
        )
        call.stdout.write(f"# /usr/lib/systemd/system/{full(name)}\n{text}")
    return 0


def nothing(*_: Any) -> int:
    return 0


def call_verb(call: Call) -> str:
    return next(word for word in call.argv if word in VERBS)


VERBS: dict[str, Any] = {
    "list-units": list_units, "list-unit-files": list_unit_files, "is-active": is_active, "is-failed": is_failed, "is-enabled": is_enabled,
    "is-system-running": is_system_running, "start": change, "stop": change, "restart": change, "try-restart": change, "reload": change,
    "reload-or-restart": change, "enable": enable, "disable": enable, "mask": enable, "unmask": enable, "reset-failed": reset_failed, "show": show,
    "status": status, "cat": cat, "daemon-reload": nothing,
}  # fmt: skip
