"""The options that all of ceph's commands share, and its JSON."""

from __future__ import annotations

import json
from typing import Any

from osp_simulator.engine.call import Call, Refused


def option(call: Call, name: str) -> str:
    for index, word in enumerate(call.argv):
        if word == name and index + 1 < len(call.argv):
            return call.argv[index + 1]
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return ""


def form_and_words(call: Call) -> tuple[str, list[str]]:
    form, rest, words = "plain", [], list(call.argv)
    while words:
        word = words.pop(0)
        if word in ("-f", "--format"):
            form = words.pop(0) if words else "plain"
        elif word.startswith("--format="):
            form = word.partition("=")[2]
        elif word in ("--connect-timeout", "--cluster", "-c", "--conf", "--id", "-n", "--name", "-k"):
            words = words[1:]
        elif word.startswith(("--connect-timeout=", "--cluster=")):
            continue
        else:
            rest.append({"-s": "status", "--status": "status"}.get(word, word))
    if form not in ("plain", "json", "json-pretty", "xml", "xml-pretty"):
        raise Refused(22, f"ceph: error: argument -f/--format: invalid choice: '{form}'")
    return form, rest


def emit(call: Call, data: Any, form: str) -> int:
    call.stdout.write(
        "\n" + (json.dumps(data, indent=4) if form == "json-pretty" else json.dumps(data, separators=(",", ":"))) + "\n"
    )
    return 0
