"""`openstack compute service list` and `network agent list` of the overcloud: what runs on which host."""

from __future__ import annotations

import re
from collections.abc import Sequence

from osp_compile.diagnostics import Diagnostic
from osp_compile.importing import kinds
from osp_compile.importing.nodes import Server
from osp_compile.importing.tables import Row
from osp_compile.importing.text import Text

BINARY = re.compile(r"(?:nova|neutron|cinder)-[a-z0-9-]+")


def read(text: Text, servers: Sequence[Server]) -> list[Diagnostic]:
    """Adds to each server the binaries that the list has for its host."""
    found = kinds.rows_of(text, "services", _is_row)
    if isinstance(found, Diagnostic):
        return [found]
    by_host = {server.name.lower(): server for server in servers}
    for row in found:
        words = row.words or (row.text("host"), row.text("binary"))
        binary = next((word for word in words if BINARY.fullmatch(word)), None)
        for word in words:
            server = by_host.get(word.split(".")[0].lower())
            if server is not None and binary is not None:
                server.services.add(binary)
    return []


def _is_row(row: Row) -> bool:
    """Whether words without headings are a service's: one of them is its program."""
    return any(map(BINARY.fullmatch, row.words))
