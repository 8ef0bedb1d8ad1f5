"""Makes the typed site from checked data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from ipaddress import ip_address
from types import MappingProxyType
from typing import Any, get_args, get_origin

from osp_compile.spec.model import Role, Site, fields_of, is_group
from osp_compile.spec.roles import capabilities

Data = Mapping[str, Any]


def build(data: Data, post_install_text: str | None = None) -> Site:
    """The site that `data` describes; `data` is complete and without errors.

    Each key of the spec becomes the field of its name; data that the model holds in another form is converted first.
    """
    names = [node["role"] for node in data["nodes"]]
    roles = {name: Role(name, words) for name, words in capabilities(data["roles"], names).items()}
    fields = {
        **data,
        **data["site"],
        "nodes": [
            {**node, "role": roles[node["role"]], "address": _as_hosts_write_it(node["address"])}
            for node in data["nodes"]
        ],
        "nfv": {**data["nfv"], "post_install_text": post_install_text} if data["nfv"] else None,
        "accepted_ceph": [_accepted(entry) for entry in data["accept"]["ceph"]],
        "require_signature": ["".join(one.split()).upper() for one in data["require_signature"]],
        "waivers": [{"step": step, "reason": reason} for step, reason in data["waive"].items()],
        "contacts": [{"who": who, "reach": reach} for who, reach in data["contacts"].items()],
    }
    site: Site = _made(Site, fields)
    return site


def _made(hint: Any, value: Any) -> Any:
    """`value` as the type `hint` of the model; values of that type stay as they are."""
    if value is None:
        return None
    if is_group(hint):
        if is_dataclass(value):
            return value
        return hint(**{key: _made(inner, value.get(key)) for key, inner, _ in fields_of(hint)})
    if get_origin(hint) is tuple:
        return tuple(_made(get_args(hint)[0], entry) for entry in value)
    return MappingProxyType(dict(value)) if get_origin(hint) is Mapping else value


def _as_hosts_write_it(address: str) -> str:
    """The one form of an address that has several, as known_hosts, nova and hiera have it; others have no such form."""
    found = ip_address(address)
    return str((found.version == 6 and found.ipv4_mapped) or found)


def _accepted(entry: str | Data) -> Data:
    return {"check": entry, "reason": ""} if isinstance(entry, str) else entry
