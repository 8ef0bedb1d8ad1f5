"""The parsers of lib/ that the checks read with, on every Python that is here: a RHEL 7 undercloud has 2.7."""

from __future__ import annotations

import json
from pathlib import Path

from unit.runtime.parsers import parse

SECTION = """Loaded plugins: product-id, search-disabled-repos
Installed Packages
openvswitch.x86_64           2.9.0-56.el7fdp              @rhel-7-server-openstack-10-rpms
qemu-kvm-common-rhev.x86_64  10:2.10.0-21.el7_5.4
                                                          @rhel-7-server-openstack-10-rpms
qemu-kvm-tools-rhev-with-a-very-long-name.x86_64
                             10:2.9.0-16.el7_4.14         @rhel-7-server-openstack-10-rpms
Available Packages
qemu-img-rhev.x86_64         10:2.12.0-18.el7             rhel-7-server-openstack-10-rpms
"""


def test_yum_rows_that_wrap_are_whole_again(python: str) -> None:
    assert parse(python, "yum", "list", SECTION) == [
        "installed openvswitch 2.9.0-56.el7fdp",
        "installed qemu-kvm-common-rhev 10:2.10.0-21.el7_5.4",
        "installed qemu-kvm-tools-rhev-with-a-very-long-name 10:2.9.0-16.el7_4.14",
        "available qemu-img-rhev 10:2.12.0-18.el7",
    ]


def test_yum_tells_which_repository_has_what_is_available(python: str) -> None:
    assert parse(python, "yum", "channels", SECTION) == [
        "qemu-img-rhev 10:2.12.0-18.el7 rhel-7-server-openstack-10-rpms"
    ]


def test_yum_says_nothing_of_what_is_no_list(python: str) -> None:
    assert parse(python, "yum", "list", "Error: No matching Packages to list\n") == []


def test_haproxy_keeps_servers_by_the_headings_name(python: str) -> None:
    filler = ",".join(f"c{number}" for number in range(15))
    rows = [f"# pxname,svname,{filler},status,weight,", "mysql,FRONTEND,,,,,,,,,,,,,,,,OPEN,,"]
    rows += [
        "mysql,overcloud-controller-0,,,,,,,,,,,,,,,,UP,1,",
        "redis,overcloud-controller-1,,,,,,,,,,,,,,,,DOWN 1/2,1,",
    ]
    rows += ["mysql,BACKEND,,,,,,,,,,,,,,,,UP,1,"]
    assert parse(python, "haproxy", "servers", "\n".join(rows) + "\n") == [
        "mysql\tovercloud-controller-0\tUP",
        "redis\tovercloud-controller-1\tDOWN 1/2",
    ]


def test_services_say_a_dash_for_nothing_and_keep_japanese(python: str) -> None:
    rows = [
        {
            "Host": "c-0.localdomain",
            "Binary": "nova-compute",
            "Status": "disabled",
            "State": "up",
            "Disabled Reason": "ファン\t交換",
        },
        {
            "Host": "c-1.localdomain",
            "Binary": "nova-compute",
            "Status": "enabled",
            "State": "up",
            "Disabled Reason": None,
        },
        {"Host": "hostgroup", "Binary": "cinder-scheduler", "Status": "enabled", "State": "up"},
    ]
    assert parse(python, "services", "services", json.dumps(rows)) == [
        "c-0.localdomain\tnova-compute\tdisabled\tup\tファン 交換",
        "c-1.localdomain\tnova-compute\tenabled\tup\t-",
        "hostgroup\tcinder-scheduler\tenabled\tup\t-",
    ]


def test_agents_and_bare_metal_say_true_and_false(python: str) -> None:
    agent = {
        "Host": "c-0",
        "Agent Type": "L3 agent",
        "Alive": False,
        "State": "UP",
        "ID": "1",
        "Binary": "neutron-l3-agent",
    }
    assert parse(python, "services", "agents", json.dumps([agent])) == ["c-0\tL3 agent\tFalse\tUP"]
    spare = {
        "UUID": "b20f", "Name": None, "Instance UUID": None, "Power State": None, "Maintenance": True, "Provisioning State": "available"
    }  # fmt: skip
    assert parse(python, "services", "baremetal", json.dumps([spare])) == ["b20f\t-\t-\tTrue\tavailable"]


def server(name: str, networks: str, status: str = "ACTIVE") -> dict[str, str]:
    return {"ID": name, "Name": name, "Networks": networks, "Status": status, "Image Name": "overcloud-full"}


def test_mismatches_know_every_network_and_every_way_to_write_an_address(python: str, tmp_path: Path) -> None:
    nodes = tmp_path / "nodes.tsv"
    nodes.write_text(
        "# name\trole\taddress\tgroups\nc-0\tController\t192.0.2.10\tall\nc-1\tController\tFD00:0::1\tall\nc-2\tController\t192.0.2.12\tall\n",
        "utf-8",
    )
    live = [server("c-0", "storage=172.16.1.4; ctlplane=192.0.2.10"), server("c-1", "ctlplane=fd00::1, 192.0.2.11")]
    assert parse(python, "services", "mismatches", json.dumps(live), str(nodes)) == ["missing\tc-2\t192.0.2.12"]
    live = [
        server("c-0", "ctlplane=192.0.2.99"),
        server("c-1", "ctlplane=fd00::1", "SHUTOFF"),
        server("c-9", "ctlplane=192.0.2.12"),
    ]
    assert parse(python, "services", "mismatches", json.dumps([*live, live[0]]), str(nodes)) == [
        "extra\tc-9\tctlplane=192.0.2.12\tc-9",
        "double\tc-0\tACTIVE",
        "missing\tc-2\t192.0.2.12",
        "address\tc-0\tctlplane=192.0.2.99",
        "status\tc-1\tSHUTOFF",
    ]


def test_nodes_that_the_undercloud_has_not_deployed_are_not_looked_for(python: str, tmp_path: Path) -> None:
    nodes = tmp_path / "nodes.tsv"
    rows = ("LAB-C-0\tController\t192.0.2.10\tall", "c-1\tCompute\t192.0.2.11\tall,computes,deployed_server")
    nodes.write_text("# name\trole\taddress\tgroups\n" + "".join(f"{row}\n" for row in rows), "utf-8")
    live = json.dumps([server("LAB-C-0", "ctlplane=192.0.2.10"), server("other", "ctlplane=192.0.2.77")])
    wanted = ["extra\tother\tctlplane=192.0.2.77\tother"]
    assert parse(python, "services", "mismatches", live, str(nodes)) == wanted
    assert parse(python, "services", "servers", live, str(nodes)) == ["LAB-C-0\tLAB-C-0"]
    assert parse(python, "services", "servers", "[]", str(nodes)) == ["-\tLAB-C-0"]


def test_the_catalogue_is_its_types(python: str) -> None:
    rows = [{"Name": "keystone", "Type": "identity", "Endpoints": "r\n  publicURL: http://192.0.2.5:5000/v2.0\n"}]
    assert parse(python, "services", "catalogue", json.dumps(rows)) == ["identity"]


def test_ceph_says_how_full_it_is(python: str) -> None:
    document = {"stats": {"total_bytes": 1000, "total_used_bytes": 859, "total_avail_bytes": 141}, "pools": []}
    assert parse(python, "ceph", "used", json.dumps(document)) == ["85"]
