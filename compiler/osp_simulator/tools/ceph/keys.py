"""ceph config-key (Jewel 10.2)."""

from __future__ import annotations

import json

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.world import World
from osp_simulator.state.control_plane import Ceph


def key_put(call: Call, _world: World, state: Ceph, words: list[str], _form: str) -> int:
    if not words:
        raise Refused(22, "Invalid command:  missing required parameter key(<string>)\nError EINVAL: invalid command")
    value = words[1] if len(words) > 1 else call.stdin.read().decode() if "-i" in call.argv else ""
    state["config_keys"][words[0]] = value
    call.stderr.write("value stored\n")
    return 0


def key_get(call: Call, _world: World, state: Ceph, words: list[str], _form: str) -> int:
    if words[0] not in state["config_keys"]:
        raise Refused(2, f"Error ENOENT: error obtaining '{words[0]}': (2) No such file or directory")
    call.stdout.write(state["config_keys"][words[0]])
    call.stderr.write(f"obtained '{words[0]}'\n")
    return 0


def key_delete(call: Call, _world: World, state: Ceph, words: list[str], _form: str) -> int:
    state["config_keys"].pop(words[0], None)
    call.stderr.write("key deleted\n")
    return 0


def key_exists(call: Call, _world: World, state: Ceph, words: list[str], _form: str) -> int:
    if words[0] not in state["config_keys"]:
        raise Refused(2, f"Error ENOENT: key '{words[0]}' doesn't exist")
    call.stderr.write(f"key '{words[0]}' exists\n")
    return 0


def key_list(call: Call, _world: World, state: Ceph, _words: list[str], _form: str) -> int:
    call.stdout.write(json.dumps(sorted(state["config_keys"]), indent=4) + "\n")
    return 0
