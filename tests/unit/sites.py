"""Sites for tests, small and whole, made without a spec file."""

from __future__ import annotations

from dataclasses import replace

from osp_compile.spec import schema
from osp_compile.spec.build import build
from osp_compile.spec.model import Capability, Node, Role, Site

CONTROLLER: tuple[Capability, ...] = ("controller", "pacemaker", "ceph_mon")


def node(name: str, role: str, address: str, *capabilities: Capability) -> Node:
    return Node(name, Role(role, frozenset(capabilities)), address)


def nodes(computes: int = 2) -> tuple[Node, ...]:
    """Three controllers, one Ceph node and `computes` computes."""
    return (
        *(node(f"overcloud-controller-{i}", "Controller", f"192.0.2.{10 + i}", *CONTROLLER) for i in range(3)),
        node("overcloud-cephstorage-0", "CephStorage", "192.0.2.30", "ceph_osd"),
        *(
            node(f"overcloud-compute-{i}", "Compute", f"10.{i // 65536}.{i // 256 % 256}.{i % 256}", "compute")
            for i in range(1, computes + 1)
        ),
    )


def of_spec(**spec: object) -> Site:
    """The site of a spec that says this, beside what each has to say; its nodes are those of `nodes`."""
    least = {"version": 1, "site": {"name": "test-1", "change": "CHG1"}, "nodes": [], "env_files": [ENV_FILE]}
    return replace(build(schema.fill({**least, **spec}, schema.load())), nodes=nodes())


ENV_FILE = "/home/stack/templates/network-environment.yaml"
NFV = of_spec(nfv=True).nfv
SITE = of_spec(fencing=True)


def site(**changes: object) -> Site:
    return replace(SITE, **changes)
