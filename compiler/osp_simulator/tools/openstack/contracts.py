"""The Newton clients' recorded contracts: each client's commands, what they take, and their usage texts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any


@cache
def data(name: str) -> dict[str, Any]:
    """One of the simulator's JSON files by its name."""
    text = resources.files("osp_simulator").joinpath("data").joinpath(name).read_text(encoding="utf-8")
    return dict(json.loads(text))


@cache
def contracts(client: str) -> dict[str, dict[str, Any]]:
    """The client's commands ("openstack", "nova", ...) and what each takes: recorded, and a few by hand."""
    found = dict(data("newton-cli-more.json").get(client, {}))
    found.update(data("newton-cli.json").get(client, {}))
    return found


def usage(client: str, command: str) -> str:
    """The usage text that goes before an error; the recorded one, else one made from the contract."""
    known = data("newton-usage.json")["usage"].get(command if client == "openstack" else client)
    if known:
        return str(known)
    parts = ["[-h]"]
    for names, entry in contracts(client)[command].get("options", {}).items():
        name = names.split(",")[0]
        parts.append(f"[{name} <{name.lstrip('-')}>]" if entry["takes_value"] else f"[{name}]")
    marks = {None: "{0}", "?": "[{0}]", "*": "[{0} [{0} ...]]", "+": "{0} [{0} ...]"}
    parts += [
        marks[item.get("nargs")].format(item["name"]) for item in contracts(client)[command].get("positionals", ())
    ]
    return wrap(f"usage: {client} {command}", parts)


def wrap(lead: str, parts: Sequence[str], width: int = 78) -> str:
    """Lines of a usage text, continued under the first part."""
    lines, line = [], lead
    for part in parts:
        if len(line) + 1 + len(part) > width and line.strip():
            lines.append(line)
            line = " " * len(lead)
        line += " " + part
    return "\n".join([*lines, line]) + "\n"
