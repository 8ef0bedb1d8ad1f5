"""What is known of one server, and where from; the roles are told apart in inference.py."""

from __future__ import annotations

from dataclasses import dataclass, field

from osp_compile.diagnostics import Span


@dataclass
class Server:
    """One node of the overcloud as the undercloud lists it; texts are "" where nothing says them.

    `profile` is of its machine's capabilities, `services` are binaries of nova and neutron that its host runs.
    """

    name: str
    span: Span
    id: str = ""
    address: str = ""
    address_problem: str | None = None
    status: str = ""
    flavor: str = ""
    profile: str = ""
    services: set[str] = field(default_factory=set)
