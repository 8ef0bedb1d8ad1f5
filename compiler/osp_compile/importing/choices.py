"""What no file of a site says: the keys of a spec that a person decides, as lines to uncomment, with where to look."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from osp_compile.spec import schema

# keys that an import fills, from the command line, the lists, the roles file, the deploy command and its files
FILLED = frozenset(("version", "site", "undercloud", "roles", "nodes", "env_files", "deploy", "nfv"))
HEAD = (
    "What no file of the site says, and a person decides. Without a line below, what its key does by default holds;",
    "`osp-compile schema` describes all of them. To decide otherwise, take the `# ` before the key away.",
)


@dataclass(frozen=True)
class Choice:
    """A key of the spec, an example of its value as YAML, and what to decide and where to look."""

    key: str
    value: str
    why: Sequence[str]


CHOICES: Sequence[Choice] = (
    Choice(
        "ssh", '{options: ["Port=2222"]}',
        ("The way to the nodes, if it is not port 22 of heat-admin: see ~/.ssh/config of the undercloud's user,",
         "which is not read."),
    ),
    Choice(
        "backup", '{directory: /var/backup/osp, copy_to: "backup@192.0.2.250:/srv/osp"}',
        ("A safe place away from the undercloud; without it the operator copies the backups and acknowledges.",
         "`df -h` on the undercloud says where there is room."),
    ),
    Choice(
        "mongodb", "true",
        ("Whether the controllers run MongoDB; without it they are asked: `sudo systemctl status mongod` on one.",),
    ),
    Choice(
        "services", "{neutron_agents: false}",
        ("What the site does without: neutron's agents with Contrail, Nuage and others, cinder (`volumes`), HAProxy",
         "with an external load balancer. `openstack network agent list` and `openstack volume service list` show it."),
    ),
    Choice(
        "fencing", "true",
        ("Whether fencing must be on after the update: `sudo pcs property show stonith-enabled` on a controller.",),
    ),
    Choice("images", "skip", ("The undercloud's images are updated, unless the upgrade to 13 follows at once.",)),
    Choice("old_images", "delete", ("The old images in glance are kept: `openstack image list` shows what is there.",)),
    Choice(
        "update", "{breakpoints: guarded}",
        ("The operator answers each breakpoint of the update, or the script does once the cluster is healthy.",),
    ),
    Choice(
        "compute_reboot", "{migrate: scheduler, stuck: stop, batch: 1}",
        ("How computes are emptied, and what happens to instances that cannot move live: with PCI devices, huge pages,",
         "local disks. `openstack server list --all-projects --host COMPUTE` shows them, flavors and volumes say why."),
    ),
    Choice("disk", "{warn: 80, fail: 90}", ("From how full on, in per cent, a file system is reported.",)),
    Choice("timeouts", "{reboot: 3600}", ("In seconds: how long the slowest node takes to boot.",)),
    Choice("not_after", '"05:30"', ("Start nothing disruptive after this: the end of the window, on the ticket.",)),
    Choice(
        "hooks", "{before_node: /home/stack/bin/silence-alarms, after_node: /home/stack/bin/restore-alarms}",
        ("Programs on the undercloud that silence a node's alarms while it is away.",),
    ),
    Choice(
        "accept", '{ceph: [{check: TOO_MANY_PGS, reason: "so since 2016, RFC 1234"}]}',
        ("What `ceph health detail` shows that may stay, and why.",),
    ),
    Choice(
        "require_signature", '["0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567"]',
        ("Who may sign the bundle: fingerprints, as `gpg --fingerprint` prints them.",),
    ),
    Choice("waive", '{"2.12/8": "the test project was removed, RFC 1234"}', ("Checks that may fail, and why.",)),
    Choice("contacts", '{"Storage on call": "+81 3 5550 0101"}', ("Whom to call: shown on the page of the change.",)),
)  # fmt: skip
# what the spec's other keys hold when they are left out: {key: what to decide}
WITHIN = (
    "Within keys above: `site: {language: ja}` for the runbook in Japanese, `undercloud: {reboot: needed}`,",
    "`undercloud: {images_dir: ...}` if the images are not in ~/images, `deployed_server: true` at nodes that the",
    "undercloud did not deploy, `dpdk: true` at a role whose Open vSwitch uses DPDK, and `nfv: true` with it.",
)
INSTANCES = (
    "With `strategy: snapshot`, each instance with an OVS-DPDK port is listed, and the rc file of its project:",
    "`nfv: {strategy: snapshot, instances: [{server: ID, rc_file: /home/stack/PROJECT.rc}]}`. On an OVS-DPDK compute,",
    "`sudo ovs-vsctl find Interface type=dpdkvhostuser` shows them (vm-uuid); `openstack server show ID` the project.",
)


def lines(decided: Collection[str]) -> list[str]:
    """The lines, to be written as comments, for the keys that are not among those decided already."""
    found = [*HEAD, *WITHIN]
    for choice in _all():
        if choice.key not in decided:
            found += ["", *choice.why, f"{choice.key}: {choice.value}"]
    return found


def _all() -> list[Choice]:
    """The choices in the schema's order; of a key that is not described here, the schema's own words."""
    described = {choice.key: choice for choice in CHOICES}
    properties = schema.load()["properties"]
    return [
        described.get(key) or Choice(key, json.dumps(part["examples"][0]), textwrap.wrap(part["description"], 115))
        for key, part in properties.items()
        if key not in FILLED
    ]
