"""Whose part of the state is looked at after a call."""

from __future__ import annotations

import pytest

from osp_simulator.engine.registry import load_tools
from osp_simulator.fast.reach import EVERYWHERE, reach


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("date +%s", None),
        ("systemctl restart httpd", "node-0"),
        ("pcs property set stonith-enabled=true", EVERYWHERE),
        ("pcs property show", None),
        ("rabbitmqctl node_health_check", None),
        ("rabbitmqctl stop_app", EVERYWHERE),
        ("ceph --connect-timeout 30 -s --format json", None),
        ("ceph osd set noout", EVERYWHERE),
        ("ceph --connect-timeout 30 config-key put osp-runbook-noout 1", EVERYWHERE),
        ("openstack server list --host node-0", None),
        ("openstack network agent list -f json", None),
        ("openstack baremetal node console show node-0", None),
        ("openstack compute service set node-0 nova-compute --disable", EVERYWHERE),
        ("openstack server stop web-list", EVERYWHERE),
        ("openstack server stop show", EVERYWHERE),
        ("openstack --os-region-name r server list", EVERYWHERE),
        ("openstack", EVERYWHERE),
        ("nova list", None),
        ("neutron agent-list", None),
        ("nova live-migration show", EVERYWHERE),
        ("nova", EVERYWHERE),
    ],
)
def test_reach(line: str, found: str | None) -> None:
    load_tools()
    tool, *argv = line.split()
    assert reach(tool, argv, "node-0") == found
