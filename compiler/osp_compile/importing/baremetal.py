"""`openstack baremetal node list` (best with `--fields name instance_uuid properties`), and instackenv.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from osp_compile.assets import section_number
from osp_compile.diagnostics import Diagnostic, Span, error, quoted
from osp_compile.importing import kinds
from osp_compile.importing.nodes import Server
from osp_compile.importing.tables import UUID, Row
from osp_compile.importing.text import Text, said

CAPABILITY = re.compile(r"(?:^|[,'\"\s])(?P<name>profile|node):(?P<value>[\w.-]+)")
STATES = re.compile(r"power (on|off)")


@dataclass(frozen=True)
class Machine:
    """A machine as ironic knows it: `instance` is the id of the server on it, `profile` its tag."""

    name: str
    instance: str
    profile: str
    maintenance: bool
    span: Span


def read(text: Text) -> tuple[list[Machine], list[Diagnostic]]:
    found = kinds.rows_of(text, "baremetal", _is_row)
    if isinstance(found, Diagnostic):
        return [], [found]
    return [_machine(row) for row in found], []


def _is_row(row: Row) -> bool:
    """Whether words without headings are a machine's: it has an id, or the server on it has."""
    return any(map(UUID.fullmatch, row.words))


def _machine(row: Row) -> Machine:
    if row.words:
        return _of_words(row)
    maintenance = str(row.cells.get("maintenance", "")).lower() == "true"
    profile = _profile(row.cells.get("properties")) or _profile(row.cells.get("instance info"))
    return Machine(row.text("name"), row.text("instance uuid"), profile, maintenance, row.span)


def _of_words(row: Row) -> Machine:
    """A line of `-f value`: uuid, name, instance, power state (two words), state, maintenance; or name and instance."""
    words = STATES.sub("power", " ".join(row.words)).split()
    ids = [word for word in words[1:] if UUID.fullmatch(word)]
    name = words[UUID.fullmatch(words[0]) is not None] if len(words) > 1 else ""
    name = "" if name == "None" else name
    return Machine(name, ids[0] if ids else "", _profile(" ".join(row.words)), words[-1] == "True", row.span)


def _profile(properties: Any) -> str:
    """`control` of `{'capabilities': 'profile:control,boot_option:local'}`, as data or as Python prints it."""
    if isinstance(properties, dict):
        properties = properties.get("capabilities", "")
        if isinstance(properties, dict):
            return str(properties.get("profile", ""))
    found = {match["name"]: match["value"] for match in CAPABILITY.finditer(str(properties or ""))}
    return found.get("profile", "") or re.sub(r"-?\d+$", "", found.get("node", ""))


def instackenv(text: Text) -> tuple[list[Machine], list[Diagnostic]]:
    """The machines of instackenv.json; passwords in it are not read."""
    try:
        data = json.loads(text.all)
    except (ValueError, RecursionError) as problem:
        span = text.at(problem.lineno, problem.colno) if isinstance(problem, json.JSONDecodeError) else text.whole()
        # the line itself may hold a password
        place = Span(span.file, span.line, span.column, 1)
        return [], [error("list-form", "this is not JSON", place, "give the file that was imported into ironic")]
    nodes = data.get("nodes") if isinstance(data, dict) else data
    if not isinstance(nodes, list):
        message = "this JSON has no list of nodes"
        return [], [error("list-form", message, text.whole(), "give the file that was imported into ironic")]
    found = [
        Machine(str(one.get("name") or ""), "", _profile(one.get("capabilities")), False, text.whole())
        for one in nodes
        if isinstance(one, dict)
    ]
    return found, []


def are_among(machines: Sequence[Machine], servers: Sequence[Server]) -> bool:
    """Whether a machine is one of the servers, by its instance or its name."""
    ids, names = {server.id for server in servers if server.id}, {server.name for server in servers}
    return any(machine.instance in ids or machine.name in names for machine in machines)


def tag(servers: Sequence[Server], machines: Sequence[Machine]) -> list[Diagnostic]:
    """Sets the profile of each server from its machine, found by the instance on it, else by the same name."""
    by_instance = {machine.instance: machine for machine in machines if machine.instance}
    by_name = {machine.name: machine for machine in machines if machine.name}
    problems: list[Diagnostic] = []
    for server in servers:
        machine = by_instance.get(server.id) or by_name.get(server.name)
        if machine is not None:
            server.profile = machine.profile or server.profile
        problems += _problems(server, machine, bool(by_instance))
    return problems


def _problems(server: Server, machine: Machine | None, has_instances: bool) -> Iterator[Diagnostic]:
    """What is wrong with the server's machine; that it has none is known where the list has the machines' instances."""
    if machine is not None and machine.maintenance:
        message = f"the machine of `{server.name}` is in maintenance"
        sections = f"{section_number('preflight')} and {section_number('update-overcloud')}"
        yield said(message, machine.span, f"{sections} need it out of maintenance", "server-status")
    if machine is None and has_instances and UUID.fullmatch(server.id):
        help = "see that both lists are of one day, and whether the machine was deleted in ironic"
        yield said(f"no machine has {quoted(server.name)} on it", server.span, help, "server-status")
