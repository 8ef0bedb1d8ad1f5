"""`openstack server list` and `nova list` of the undercloud: names, ids and ctlplane addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from osp_compile.assets import section_number
from osp_compile.diagnostics import Diagnostic, error, quoted
from osp_compile.importing import kinds
from osp_compile.importing.nodes import Server
from osp_compile.importing.tables import UUID, Row
from osp_compile.importing.text import Text, said

# a name is not longer, so that any other text is read in one go
NETWORK = re.compile(r"(?<![\w.-])(?P<network>[\w.-]{1,255})=(?P<addresses>[0-9A-Fa-f:.]+(?:,\s*[0-9A-Fa-f:.]+)*)")
CTLPLANE = "ctlplane"
NETWORKS = frozenset(("networks", "addresses"))
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
STATUS = re.compile(r"[A-Z][A-Z_]{2,}")


def read(text: Text) -> tuple[list[Server], list[Diagnostic]]:
    """The servers of the list, each with its place, and what is wrong with some of them."""
    found = kinds.rows_of(text, "servers", _is_row)
    if isinstance(found, Diagnostic):
        return [], [found]
    if not found:
        help = f"{kinds.COMMANDS['servers']}: it is the undercloud's"
        return [], [error("empty-list", "the list has no servers", text.whole(), help)]
    if not any(map(_may_have_networks, found)):
        message = "this list has no networks, and so no addresses"
        return [], [kinds.refused(message, found[0], "servers")]
    servers = [_server(row) for row in found]
    problems = [problem for server in servers for problem in _problems(server)]
    return [server for server in servers if server.name], [*problems, *_twice(servers)]


def _is_row(row: Row) -> bool:
    """Whether words without headings are a server's: they have its id or its networks, or are a name alone."""
    written = [word for word in row.words if word]
    if any(map(UUID.fullmatch, written)) or _has_networks(row):
        return True
    return len(written) == 1 and NAME.fullmatch(written[0]) is not None


def _may_have_networks(row: Row) -> bool:
    """Whether the row has a column of networks, empty or not, or words that are one."""
    return not NETWORKS.isdisjoint(row.cells) or _has_networks(row)


def _has_networks(row: Row) -> bool:
    """Whether there is a network with an address among the words, and not only a text such as `port=5000`."""
    found = NETWORK.finditer(" ".join(row.words))
    return any("." in one["addresses"] or ":" in one["addresses"] for one in found)


def _twice(servers: Sequence[Server]) -> Iterator[Diagnostic]:
    """A diagnostic for each name that another server before it has."""
    first: dict[str, Server] = {}
    for server in servers:
        other = first.setdefault(server.name, server)
        if other is not server and server.name:
            message = f"{quoted(server.name)} is in the list twice, first on line {other.span.line}"
            yield error("server", message, server.span, "give the list with each server once")


def _server(row: Row) -> Server:
    if row.words:
        return _of_words(row)
    server = Server(row.text("name"), row.span, row.text("id"), status=row.text("status"))
    server.flavor = row.text("flavor", "flavor name")
    server.address, server.address_problem = _address(row.cells.get("networks") or row.cells.get("addresses"))
    return server


def _of_words(row: Row) -> Server:
    """A server from a line of `-f value`, whose cells are not quoted and whose columns are unknown."""
    line = " ".join(row.words)
    words = [word for word in NETWORK.sub("", line).split() if word.strip(";,")]
    name, *rest = [word for word in words if not UUID.fullmatch(word)] or [""]
    server = Server(name, row.span, next(filter(UUID.fullmatch, words), ""))
    server.status = next(filter(STATUS.fullmatch, rest), "")
    server.address, server.address_problem = _address(line)
    return server


def _in_words(networks: Any) -> str:
    """`ctlplane=192.0.2.10; external=...`, as a table has the networks, of what json has in their place."""
    if not isinstance(networks, dict):
        return str(networks or "")
    return "; ".join(f"{name}={_addresses_of(found)}" for name, found in networks.items())


def _addresses_of(found: Any) -> str:
    """`192.0.2.10, 192.0.2.11` of a network's addresses, which nova's own answers have as mappings."""
    if not isinstance(found, list):
        return str(found)
    return ", ".join(str(one.get("addr", "") if isinstance(one, dict) else one) for one in found)


def _address(networks: Any) -> tuple[str, str | None]:
    """The ctlplane address, or the reason why none can be chosen."""
    by_network = {
        found["network"]: [one.strip() for one in found["addresses"].split(",")]
        for found in NETWORK.finditer(_in_words(networks))
    }
    addresses = by_network.get(CTLPLANE)
    if addresses is None:
        others = ", ".join([*by_network][:6]) or "no network at all"
        return "", f"it has no address on `{CTLPLANE}` ({others})"
    if len(addresses) > 1:
        shown = ", ".join(addresses[:4]) + (", ..." if len(addresses) > 4 else "")
        return "", f"it has {len(addresses)} addresses on `{CTLPLANE}`: {shown}"
    return addresses[0], None


def _problems(server: Server) -> list[Diagnostic]:
    if not server.name:
        return [error("server", "this server has no name", server.span, "give the list with its column Name")]
    found = []
    if not NAME.fullmatch(server.name):
        message = f"{quoted(server.name)} is not a host name"
        found.append(error("server", message, server.span, "give the undercloud's list, not the overcloud's"))
    if server.address_problem:
        help = "give the list with its column Networks, of the undercloud; or write the address into the spec"
        found.append(
            error("unresolved", f"the address of {quoted(server.name)}: {server.address_problem}", server.span, help)
        )
    if server.status not in {"", "ACTIVE"}:
        message = f"{quoted(server.name)} is {server.status}, not ACTIVE"
        help = f"section {section_number('preflight')} will stop at it"
        found.append(said(message, server.span, help, "server-status"))
    return found
