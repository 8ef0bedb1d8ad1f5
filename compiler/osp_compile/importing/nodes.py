"""A server and the origin of each fact about it; inference.py works out its role."""

from __future__ import annotations

from dataclasses import dataclass, field

from osp_compile.diagnostics import Span


@dataclass
class Server:
    """One node of the overcloud as the undercloud lists it; unknown texts are "".

    `profile` is from its machine's capabilities, `services` are the nova and neutron binaries that run on its host.
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
