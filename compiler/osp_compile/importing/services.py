"""`openstack compute service list` and `network agent list` of the overcloud: what runs on which host."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from osp_compile.assets import section_number
from osp_compile.diagnostics import Diagnostic, quoted
from osp_compile.importing import kinds
from osp_compile.importing.nodes import Server
from osp_compile.importing.tables import Row
from osp_compile.importing.text import Text, said

BINARY = re.compile(r"(?:nova|neutron|cinder)-[a-z0-9-]+")
STATES = ("status", "state", "alive", "admin state up")
# what the clients say of a service that does not answer; `XXX` is `neutron agent-list`'s
DOWN = frozenset(("down", "false", "xxx"))
COMPUTE = "nova-compute"


def read(text: Text, servers: Sequence[Server], others: frozenset[str] = frozenset()) -> list[Diagnostic]:
    """Adds to each server the binaries that the list has for its host; a diagnostic for what is off or elsewhere.

    `others` are hosts, in lower case, that no list of the undercloud has.
    """
    found = kinds.rows_of(text, "services", _is_row)
    if isinstance(found, Diagnostic):
        return [found]
    by_host = {server.name.lower(): server for server in servers}
    return [problem for row in found for problem in _take(row, by_host, others)]


def _take(row: Row, by_host: Mapping[str, Server], others: frozenset[str]) -> Iterator[Diagnostic]:
    """Adds the binary of the row to the server of its host."""
    words = row.words or (row.text("host"), row.text("binary"))
    binary = next(filter(BINARY.fullmatch, words), "")
    on = [by_host[host] for host in map(_host, words) if binary and host in by_host]
    for server in on:
        server.services.add(binary)
        yield from _off(row, binary, server)
    if not on and binary == COMPUTE and _host(row.text("host")) not in others:
        yield from _elsewhere(row)


def _host(word: str) -> str:
    """The name of a host without its domain, as servers are called."""
    return word.split(".")[0].lower()


def _off(row: Row, binary: str, server: Server) -> Iterator[Diagnostic]:
    """A diagnostic of a service that is disabled or does not answer."""
    values = row.words or [row.cells.get(column) for column in STATES]
    states = {str(value).lower() for value in values}
    if "disabled" in states:
        section = section_number("reboot-computes")
        help = f"{section} never enables what others have disabled: `openstack compute service set --enable` if it is"
        help += " to run"
        yield said(f"{binary} of {quoted(server.name)} is disabled", row.span, help, "service-status")
    if states & DOWN:
        sections = f"{section_number('preflight')} and {section_number('validate-overcloud')}"
        help = f"see to it on the host before the window: sections {sections} look at it too"
        yield said(f"{binary} of {quoted(server.name)} is down", row.span, help, "service-status")


def _elsewhere(row: Row) -> Iterator[Diagnostic]:
    """A diagnostic of nova-compute on a host that is not among the servers, where the list says which."""
    host = row.text("host")
    if host:
        help = "`openstack compute service delete` for a host that is gone; else add it, with `deployed_server: true`"
        yield said(f"{COMPUTE} is on {quoted(host)}, which is not among the servers", row.span, help, "service-status")


def _is_row(row: Row) -> bool:
    """Whether words without headings are a service's: one of them is its program."""
    return any(map(BINARY.fullmatch, row.words))
