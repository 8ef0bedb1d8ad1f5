"""What the tools of RHEL 7.3 to 7.9 and OSP 10 print, in tests/data/rhel7, and what must be read out of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.runtime.parse.parsers import parse

SAMPLES = Path(__file__).resolve().parents[3] / "data/rhel7"
CONTROLLERS = ["node overcloud-controller-0 online", "node overcloud-controller-1 online"]
CLONES = ["clone haproxy overcloud-controller-0,overcloud-controller-1 0", "clone galera overcloud-controller-0 0"]
GALERA = "trouble galera_monitor_10000 on overcloud-controller-1 ended with not running"
FENCE = "stonith-overcloud-controller-0"


@pytest.mark.parametrize(
    ("sample", "asked", "lines"),
    [
        (
            "ceph-s-jewel.json",
            ("ceph", "status"),
            ["health HEALTH_WARN", "monitors 3", "in_quorum 3", "osds 18", "osds_up 18", "pgs 1144", "pgs_clean 1144",
             "states 1142 active+clean, 2 active+clean+scrubbing+deep"],
        ),
        # its overall_status is there to be mistaken for the status
        (
            "ceph-s-luminous.json",
            ("ceph", "status"),
            ["health HEALTH_WARN", "monitors 3", "in_quorum 3", "osds 6", "osds_up 6", "pgs 64", "pgs_clean 64",
             "states 64 active+clean"],
        ),
        ("ceph-df-jewel.json", ("ceph", "used"), ["45"]),
        ("ceph-osd-dump-jewel.json", ("ceph", "flags"), ["noout", "norebalance", "sortbitwise", "require_jewel_osds"]),
        ("ceph-config-key-list-jewel.json", ("ceph", "keys", "osp-runbook/CHG0042137/"), ["noout"]),
        # both are stopped on purpose, which 1.1.15 does not print
        (
            "crm_mon-1.1.15.xml",
            ("pacemaker", "status"),
            ["unsaid openstack-cinder-volume", f"unsaid {FENCE}", *CONTROLLERS, "node overcloud-controller-2 standby",
             "quorum with", *CLONES, "trouble openstack-cinder-volume is stopped", f"trouble {FENCE} is stopped", GALERA,
             f"fence_device {FENCE}"],
        ),
        (
            "crm_mon-1.1.23.xml",
            ("pacemaker", "status"),
            [*CONTROLLERS, "node overcloud-controller-2 standby", "quorum with", *CLONES, GALERA, f"fence_device {FENCE}"],
        ),
        (
            "crm_mon-1.1.20.xml",
            ("pacemaker", "status"),
            ["node controller-0 online", "node controller-1 offline", "quorum with", "clone lnet controller-1 0"],
        ),
        # made, and never written again
        ("workflow-env-show-2.1.2.json", ("mistral", "updated"), ["2018-04-05 10:23:41"]),
        # rows that are broken at 80 columns
        (
            "yum-list-3.4.3.txt",
            ("yum", "list"),
            ["installed openvswitch 2.9.0-56.el7fdp", "installed qemu-kvm-common-rhev 10:2.10.0-21.el7_5.4",
             "available qemu-img-rhev 10:2.12.0-18.el7"],
        ),
    ],
)  # fmt: skip
def test_old_releases(python: str, sample: str, asked: tuple[str, ...], lines: list[str]) -> None:
    text = (SAMPLES / sample).read_text(encoding="utf-8")
    assert parse(python, *asked[:2], text, *asked[2:]) == lines
