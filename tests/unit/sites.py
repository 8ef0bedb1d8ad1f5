"""Sites for tests, small and whole, made without a spec file."""

from __future__ import annotations

from dataclasses import replace

from osp_compile.model import (
    Backup,
    Capability,
    ComputeReboot,
    Deploy,
    Disk,
    Hooks,
    Nfv,
    Node,
    Role,
    Services,
    Site,
    Ssh,
    Timeouts,
    Undercloud,
    Update,
)

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


NFV = Nfv("/var/lib/vhost_sockets", None, None, "cold-migrate", ())
SITE = Site(
    name="test-1",
    change="CHG1",
    stack="overcloud",
    language="en",
    undercloud=Undercloud("stack", "/home/stack", "/home/stack/images", "always"),
    ssh=Ssh("heat-admin", (), 16),
    backup=Backup("/var/backup/osp", None, 4, 24),
    nodes=nodes(),
    env_files=("/home/stack/templates/network-environment.yaml",),
    deploy=Deploy("/usr/share/openstack-tripleo-heat-templates", None, (), None, ()),
    mongodb="auto",
    services=Services("auto", "auto", "auto"),
    fencing=True,
    images="update",
    old_images="keep",
    nfv=None,
    update=Update("operator"),
    compute_reboot=ComputeReboot("scheduler", "fail", 1, {}),
    disk=Disk(80, 90),
    timeouts=Timeouts(1800, 300, 3600, 300, 600),
    not_after=None,
    hooks=Hooks(None, None, None),
    accepted_ceph=(),
    waivers=(),
)


def site(**changes: object) -> Site:
    return replace(SITE, **changes)  # type: ignore[arg-type]  # the tests name fields of Site
