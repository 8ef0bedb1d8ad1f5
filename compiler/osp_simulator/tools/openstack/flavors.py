"""openstack flavor and aggregate: what servers are made of, and the groups of hosts they may lie on."""

from __future__ import annotations

from typing import Any

from osp_simulator.tools.openstack.format import Record, Table
from osp_simulator.tools.openstack.servers import properties
from osp_simulator.tools.openstack.session import Answer, ClientError, Session, command


@command("flavor list")
def flavor_list(session: Session) -> Answer:
    session.need("nova", "/flavors/detail")
    columns: tuple[str, ...] = ("ID", "Name", "RAM", "Disk", "Ephemeral", "VCPUs", "Is Public")
    flavors = session.part("nova")["flavors"]
    rows: list[tuple[Any, ...]] = [
        (one["id"], one["name"], one["ram"], one["disk"], one["ephemeral"], one["vcpus"], one["public"])
        for one in flavors
    ]
    if session.arguments.flag("--long"):
        columns += ("Swap", "RXTX Factor", "Properties")
        more = [("", 1.0, properties(one.get("properties", {}))) for one in flavors]
        rows = [(*row, *rest) for row, rest in zip(rows, more, strict=True)]
    return Table(columns, tuple(rows))


@command("flavor show")
def flavor_show(session: Session) -> Answer:
    session.need("nova", "/flavors")
    wanted = session.arguments.text("<flavor>")
    for flavor in session.part("nova")["flavors"]:
        if wanted in (flavor["id"], flavor["name"]):
            fields: dict[str, Any] = {"disk": flavor["disk"], "id": flavor["id"], "name": flavor["name"]}
            fields |= {"ram": flavor["ram"], "vcpus": flavor["vcpus"]}
            fields |= {"OS-FLV-DISABLED:disabled": False, "OS-FLV-EXT-DATA:ephemeral": flavor["ephemeral"]}
            fields |= {
                "os-flavor-access:is_public": flavor["public"],
                "properties": properties(flavor.get("properties", {})),
            }
            fields |= {"rxtx_factor": 1.0, "swap": ""}
            return Record(tuple(sorted(fields.items())))
    raise ClientError(f"No flavor with a name or ID of '{wanted}' exists.")


@command("aggregate list")
def aggregate_list(session: Session) -> Answer:
    session.need("nova", "/os-aggregates")
    rows = [(entry["id"], entry["name"], entry.get("zone")) for entry in session.part("nova").get("aggregates", ())]
    return Table(("ID", "Name", "Availability Zone"), tuple(rows))
