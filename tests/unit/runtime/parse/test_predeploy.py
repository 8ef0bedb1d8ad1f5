"""What the client asks of flavors and nodes, and what keeps packages from yum."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from unit.runtime.parse.parsers import parse


def node(name: str, capabilities: str, maintenance: bool = False) -> dict[str, object]:
    return {
        "UUID": f"u-{name}",
        "Name": name,
        "Instance UUID": "i",
        "Power State": "power on",
        "Maintenance": maintenance,
        "Provisioning State": "active",
        "Driver Info": {"deploy_kernel": "k", "deploy_ramdisk": "r"},
        "Properties": {"capabilities": capabilities},
    }


NODES = [
    node("c-0", "profile:compute,boot_option:local"),
    node("c-1", "profile:compute", True),
    node("k-0", "profile:control,boot_option:local"),
]
LOCAL = "capabilities:boot_option='local'"
FLAVORS = [
    {"Name": "compute", "Properties": f"{LOCAL}, capabilities:profile='compute', cpu_arch='x86_64'"},
    {"Name": "control", "Properties": f"{LOCAL}, capabilities:profile='control'"},
    {"Name": "plain", "Properties": ""},
]


def test_nodes(python: str) -> None:
    rows = parse(python, "ironic", "nodes", json.dumps(NODES[:1]))
    assert rows == ["c-0\ti\tpower on\tFalse\tactive\tk\tr\tprofile:compute,boot_option:local\t-\t-"]


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ("--ntp-server=192.0.2.1", []),
        ("--control-flavor=control", []),
        ("--control-flavor=control --control-scale=0", []),
        ("--control-flavor=control --control-scale=1", []),
        ("--control-flavor=control --control-scale=2 --control-scale=1", []),
        ("--control-flavor=gone --control-scale=3", ["missing\tcontrol\tgone"]),
        ("--compute-flavor=compute --compute-scale=2", ["short\tcompute\tcompute\t1\t2"]),
        (
            "--compute-flavor=compute --compute-scale=1 --control-flavor=plain --control-scale=1",
            ["remote\tplain", "unprofiled\tplain"],
        ),
        ("--compute-flavor=plain --compute-scale=1", ["remote\tplain", "short\tplain\t-\t0\t1"]),
    ],
)
def test_flavors(python: str, tmp_path: Path, words: str, rows: list[str]) -> None:
    file = tmp_path / "nodes.tsv"
    file.write_text("\n".join(parse(python, "ironic", "nodes", json.dumps(NODES))) + "\n")
    assert parse(python, "predeploy", "flavors", json.dumps(FLAVORS), str(file), *words.split()) == rows


def test_what_the_client_only_warns_of(python: str, tmp_path: Path) -> None:
    """More nodes of a profile than are wanted, and nodes without one; a node counts for the first flavor alone."""
    file = tmp_path / "nodes.tsv"
    nodes = [*NODES, node("c-2", "profile:compute"), node("s-0", "boot_option:local"), node("s-1", "-")]
    file.write_text("\n".join(parse(python, "ironic", "nodes", json.dumps(nodes))) + "\n")
    words = ("--compute-flavor=compute", "--compute-scale=1")
    assert parse(python, "predeploy", "flavors", json.dumps(FLAVORS), str(file), *words) == [
        "surplus\tcompute\tcompute\t2\t1",
        "idle\ts-0, s-1",
    ]


def test_held(python: str) -> None:
    text = (
        "held\tlock\t/l\t0:openvswitch-2.6.1-16.el7ost.*\nheld\texclude\t/c\tqemu-*\nheld\texclude\t/c\ttuned\n"
        "Installed Packages\nbash.x86_64  4.2  @base\n"
    )
    assert parse(python, "yum", "held", text, "openvswitch", "qemu-img-rhev", "qemu-kvm-rhev") == [
        "lock\t/l\t0:openvswitch-2.6.1-16.el7ost.*\topenvswitch",
        "exclude\t/c\tqemu-*\tqemu-img-rhev, qemu-kvm-rhev",
        "exclude\t/c\ttuned\t-",
    ]
