"""The lab in which the recorded outputs were made, as a world's state, and a replayer of the recorded command lines."""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO, cast

from osp_simulator.engine.call import Call
from osp_simulator.engine.registry import TOOLS, load_tools
from osp_simulator.engine.world import World
from osp_simulator.fast.reach import reach
from osp_simulator.seed.site import seed
from unit.waiting import LIMIT

RECORDED = Path(__file__).resolve().parents[3] / "data" / "recorded"
NOW = 1795351271.0  # 2026-11-22 12:41:11 UTC
DOMAIN = "localdomain"
PROJECT = "95503ae3c4bb4d3a8b9768d78e70efb8"
USER = "a3c391f0c616457698c3dbfa0250a034"
CIRROS = "a1c18f28-8616-445d-bc14-d3ee17c0f66d"
FLAVORS = (
    ("m1.small", "00e751af-8bb7-42dd-bfd3-81ae6010fdb0", 512, 1, 1),
    ("m1.medium", "453fd9e4-f80e-4e09-8f63-54c321bdfedf", 1024, 1, 2),
    ("baremetal", "a535af79-15bf-4122-9deb-93af3ffa16a7", 4096, 20, 2),
    ("m1.huge", "d536c141-b7e7-4f3c-9172-0d1705733d55", 900000, 1, 1),
)
SERVERS = (
    # name, id, status, compute, address, age (newest is listed first)
    ("vm-0", "ecbe3811-538c-49f3-9f2c-5abe66801df3", "ACTIVE", 0, "10.0.0.6", 9),
    ("vm-1", "7cad4130-48fd-4ae7-8190-6fb604b7a924", "ACTIVE", 1, "10.0.0.127", 8),
    ("vm-2", "8c5ba58d-c50b-42c4-b397-c8486dc1ea7c", "ACTIVE", 2, "10.0.0.48", 7),
    ("vm-3", "78786cf5-b747-4d26-859e-3e06b2e8cb3b", "ACTIVE", 0, "10.0.0.232", 6),
    ("vm-5", "7a8aeaf4-fb52-44f5-9308-6ccfac0f527e", "ACTIVE", 2, "10.0.0.21", 5),
    ("vm-4", "293da9f1-4e3b-4d9c-8268-abb9ce2a2274", "ACTIVE", 1, "10.0.0.95", 4),
    ("vm-stopped", "e43dc7c6-c03d-42a5-a1cf-1e1f53faf007", "SHUTOFF", 1, "10.0.0.108", 3),
    ("vm-error", "4b5e007d-7c6b-448f-89ff-d6917dd9256a", "ERROR", 2, "10.0.0.185", 2),
    ("vm-nohost", "f09a0936-d3d4-47a6-acd7-1615344d9ed8", "ERROR", None, None, 1),
)
NUMBERS = {"vm-1": 2, "vm-4": 5, "vm-stopped": 7}
NODES = (
    (
        "overcloud-controller-0",
        "ae81c6da-ee8c-42d6-b2a9-d1783d18ce6a",
        "74dd7a6e-18c9-49fe-9d75-8e77e99bdd17",
        "192.0.2.10",
    ),
    (
        "overcloud-controller-1",
        "d455b4e1-c2a6-48e4-ba68-f4d166eef5c0",
        "7ee5539c-7245-4fa4-bb8e-4cfb7cf75669",
        "192.0.2.11",
    ),
    (
        "overcloud-controller-2",
        "36fd818f-45ad-4d46-a8bf-8df3cb452022",
        "5606a06e-1cd7-4e1a-a6ae-b74f40f05316",
        "192.0.2.12",
    ),
    (
        "overcloud-compute-0",
        "5866f981-0f1f-47f1-bb21-acd9fdfe319e",
        "c9f77a1d-5c44-4cfb-9700-6ea268ad2605",
        "192.0.2.20",
    ),
    (
        "overcloud-compute-1",
        "a5d5af60-c095-4731-9429-aff1b4c46253",
        "72caffa3-f1d7-40c5-80e6-5ddebb4c26ef",
        "192.0.2.21",
    ),
    (
        "overcloud-compute-2",
        "222da553-ed62-479b-a043-dd98333af0ea",
        "15d72aa4-8ec8-43cd-9ff2-c49b1271f02e",
        "192.0.2.22",
    ),
)
IMAGES = (
    ("overcloud-full", "e5045121-274a-426c-a4da-c9c965e00268"),
    ("overcloud-full-initrd", "607b2c9c-75ba-449e-b4e5-7603af75270c"),
    ("bm-deploy-kernel", "5d4d4917-1684-457e-8676-54a6e03387d1"),
    ("overcloud-full-vmlinuz", "21e51441-bd58-47ea-a647-d8e3594c4882"),
    ("bm-deploy-ramdisk", "006d8b50-2de3-4957-a5e6-8f99c9ce9f9a"),
    ("cirros", CIRROS),
)
AGENTS = (
    "06db6302-9ecc-464b-ae24-46b50d23614f ovs overcloud-compute-2",
    "11b0d2c4-15b4-4549-9e41-b1e36e97ec23 metadata overcloud-controller-2",
    "169dc661-e953-4e9c-ad2f-e8fb65591245 ovs overcloud-compute-1",
    "1f604dcc-191d-4041-9013-e79e917cbb00 metadata overcloud-controller-0",
    "63c5ef45-01f0-499f-8c32-1a68ab5427a9 ovs overcloud-controller-0",
    "7eea25df-7673-4bd8-b0fc-c2987f6d2bcc l3 overcloud-controller-1",
    "84e6380b-731c-4bc8-876d-625add457623 dhcp overcloud-controller-1",
    "88f58612-a1e2-4269-a2bb-633539f18393 ovs overcloud-controller-2",
    "a414e1f0-d90d-4e9a-8114-44c48107d217 dhcp overcloud-controller-2",
    "a732cff0-898a-451d-af23-ba480d0e71a3 dhcp overcloud-controller-0",
    "bbb0f109-e010-4346-b3f5-2f78a3b5f67c ovs overcloud-controller-1",
    "c50be46b-1d80-4686-a1b3-8027d4576f68 l3 overcloud-controller-0",
    "ceffc4c7-d0f6-4ea2-896c-407b964766dc ovs overcloud-compute-0",
    "ec56fd5f-a041-453e-8b04-e9414a8a93bd l3 overcloud-controller-2",
    "f0f3ef87-7294-4086-a93a-4444bac1d49e ovs undercloud",
    "fe4f727f-f821-49a4-967d-6106ea2f9a65 metadata overcloud-controller-1",
)
KINDS = {
    "ovs": ("neutron-openvswitch-agent", "Open vSwitch agent", None),
    "metadata": ("neutron-metadata-agent", "Metadata agent", None),
    "l3": ("neutron-l3-agent", "L3 agent", "nova"),
    "dhcp": ("neutron-dhcp-agent", "DHCP agent", "nova"),
}
# Three of these are recorded; the others are such that a Python 2 dict of them has every recorded order.
DEPLOYMENTS = {
    "overcloud-controller-0": "e658069f-f877-4d0b-83f0-e6398c8f7f47",
    "overcloud-controller-1": "0a1eb9d1-2d65-4b23-b685-a059fd2cdaa7",
    "overcloud-controller-2": "a30f5d4f-be24-465f-b44d-8bb02efe4156",
    "overcloud-compute-0": "a8b9a5fd-602a-4292-8b6f-6bd00dfb3896",
    "overcloud-compute-1": "dcf18a3c-d6a6-45c6-b9ea-2be7c8296f93",
    "overcloud-compute-2": "0d4995b1-321a-4149-9d89-496e570a64e7",
}
STACK = "9e18a59f-0f23-4492-9c75-96348bf636c7"


def at(clock: str) -> float:
    """Epoch seconds of an hour:minute:second of the recording's day."""
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    return NOW - (12 * 3600 + 41 * 60 + 11) + hours * 3600 + minutes * 60 + seconds


def state() -> dict[str, Any]:
    """The lab before anything was done to it."""
    images = [
        {
            "name": name,
            "id": number,
            "status": "active",
            "size": 53,
            "created": NOW - 9000 - age,
            "visibility": "public",
        }
        for age, (name, number) in enumerate(IMAGES)
    ]
    network = {"agents": [_agent(line) for line in AGENTS], "networks": _networks(), "ports": []}
    keys = {
        "region": "regionOne",
        "user": "admin",
        "project": "admin",
        "project_id": PROJECT,
        "user_id": USER,
        "password": "secret",
    }
    return seed({"name": "lab", "nodes": []}) | {
        "clock": NOW,
        "keystone": {
            "overcloud": {"auth_url": "http://127.0.0.1:5000/v3", **keys},
            "undercloud": {"auth_url": "http://127.0.0.1:15000/v3", **keys, "password": "below"},
        },
        "nova": {"overcloud": _nova(), "undercloud": _undercloud_nova()},
        "neutron": {"overcloud": network},
        "cinder": {"overcloud": _cinder()},
        "glance": {"overcloud": {"images": images}, "undercloud": {"images": [dict(image) for image in images]}},
        "ironic": {"undercloud": {"nodes": _ironic()}},
        "heat": {
            "undercloud": {
                "stacks": [_stack()],
                "timing": {"node": 3, "breakpoints": 4, "finish": 0},
                "prompt": "later",
            }
        },
        "mistral": {"undercloud": {"environments": []}},
        "swift": {},
    }


def _networks() -> list[dict[str, Any]]:
    named = (
        ("ctlplane", "283561fd-3986-4ffb-b9fb-cd7b026b761f", "aa46aba3-cc2a-498b-b8bf-3164ddbc66cc"),
        ("private", "d6cf4545-4644-4326-b328-1e8fce97af9a", "d413df6c-a66c-4b23-bb5f-8e57d3cf8830"),
    )
    return [{"name": name, "id": number, "subnets": [subnet]} for name, number, subnet in named]


def _agent(line: str) -> dict[str, Any]:
    number, short, node = line.split()
    kind, title, zone = KINDS[short]
    return {"id": number, "type": title, "binary": kind, "host": f"{node}.{DOMAIN}", "node": node, "zone": zone}


def _nova() -> dict[str, Any]:
    services = [
        _service(2, "nova-scheduler", "overcloud-controller-0"),
        _service(3, "nova-conductor", "overcloud-controller-0"),
    ]
    services += [_service(4 + n, "nova-compute", f"overcloud-compute-{c}") for n, c in enumerate((0, 2, 1))]
    servers = []
    for name, number_id, status, compute, address, age in SERVERS:
        host = None if compute is None else f"overcloud-compute-{compute}.{DOMAIN}"
        made = at("12:37:08") - age
        server: dict[str, Any] = {
            "name": name,
            "id": number_id,
            "status": status,
            "host": host,
            "flavor": "m1.small" if host else "m1.huge",
            "image": "cirros",
            "image_id": CIRROS,
            "networks": {"private": [address]} if address else {},
            "created": made,
            "updated": made + 8,
            "launched": made + 8 if host else None,
            "instance_name": f"instance-{NUMBERS.get(name, 1):08x}",
        }
        servers.append(server)
    flavors = [
        {
            "name": name,
            "id": number,
            "ram": ram,
            "disk": disk,
            "ephemeral": 0,
            "vcpus": cpus,
            "public": True,
            "too_big": ram > 9000,
        }
        for name, number, ram, disk, cpus in FLAVORS
    ]
    timing = {
        "live_migration": 4,
        "cold_migration": 1,
        "confirm": 1,
        "stop": 4,
        "start": 1,
        "snapshot": 2,
        "build": 1,
        "delete": 1,
    }
    return {"services": services, "servers": servers, "flavors": flavors, "migrations": [], "timing": timing}


def _service(number: int, binary: str, node: str) -> dict[str, Any]:
    zone = "nova" if binary == "nova-compute" else "internal"
    entry = {"name": f"{binary}@{node}", "id": number, "binary": binary, "host": f"{node}.{DOMAIN}", "node": node}
    return {**entry, "zone": zone, "enabled": True, "reason": None}


def _undercloud_nova() -> dict[str, Any]:
    servers = [
        {
            "name": name,
            "id": server,
            "status": "ACTIVE",
            "host": "undercloud.localdomain",
            "image": "cirros",
            "image_id": CIRROS,
            "networks": {"ctlplane": [address]},
            "created": NOW - 3600 + number,
        }
        for number, (name, _, server, address) in enumerate(NODES)
    ]
    return {"services": [], "servers": servers, "flavors": []}


def _cinder() -> dict[str, Any]:
    pairs = (("cinder-volume", "hostgroup@tripleo_ceph"), ("cinder-scheduler", "hostgroup"))
    return {"services": [{"binary": kind, "host": host, "node": "", "zone": "nova"} for kind, host in pairs]}


def _ironic() -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = [
        {"name": name, "uuid": number, "instance": server, "power_state": "power on"}
        for name, number, server, _ in NODES
    ]
    spare = {"name": "spare-0", "uuid": "b20fe73c-bec5-415f-b1c5-93ca5f46de14", "instance": None, "power_state": None}
    return [*nodes, {**spare, "provision_state": "available"}]


def _stack() -> dict[str, Any]:
    begun, done = at("12:38:13"), at("12:38:14")
    return {
        "name": "overcloud",
        "id": STACK,
        "status": "CREATE_COMPLETE",
        "status_reason": "Stack CREATE completed successfully",
        "created": begun,
        "updated": None,
        "parameters": {},
        "outputs": {"EndpointMap": "lab"},
        "stack_user_project_id": "0fd31bb6993746629634169aceb92713",
        "events": [
            {"time": begun, "resource": None, "status": "CREATE_IN_PROGRESS", "reason": "Stack CREATE started"},
            {"time": done, "resource": "ControllerA", "status": "CREATE_IN_PROGRESS", "reason": "state changed"},
            {"time": done, "resource": "ControllerA", "status": "CREATE_COMPLETE", "reason": "state changed"},
            {
                "time": done,
                "resource": None,
                "status": "CREATE_COMPLETE",
                "reason": "Stack CREATE completed successfully",
            },
        ],
        "resources": [
            {
                "name": "ControllerA",
                "physical_id": "overcloud-ControllerA-rjimukbszacc",
                "type": "OS::Heat::TestResource",
                "status": "CREATE_COMPLETE",
                "updated": done,
            }
        ],
        "nodes": {name: {"deployment": DEPLOYMENTS[name], "server": server} for name, _, server, _ in NODES},
        "update": None,
    }


def credentials(name: str) -> dict[str, str]:
    """The environment after sourcing an rc file: over, under or none."""
    if name == "none":
        return {}
    cloud = state()["keystone"]["overcloud" if name == "over" else "undercloud"]
    return {
        "OS_AUTH_URL": cloud["auth_url"],
        "OS_USERNAME": "admin",
        "OS_PASSWORD": cloud["password"],
        "OS_PROJECT_NAME": "admin",
        "OS_REGION_NAME": "regionOne",
    }


Answer = tuple[int, str, str]


class Unflushed(io.StringIO):
    """A stream that is not a terminal."""


class Lab:
    """A world to type command lines into, without any sandbox."""

    def __init__(self, folder: Path, found: dict[str, Any] | None = None) -> None:
        load_tools()
        self.world = World(folder, found or state())
        self.typed: list[str] = []
        self.cwd = "/home/stack"

    def descriptor(self) -> int:
        """What a call finds at its descriptors 0, 1 and 2."""
        return os.open(os.devnull, os.O_RDWR)

    def call(self, words: list[str], env: Mapping[str, str], stdin: bytes = b"", user: str = "stack") -> Answer:
        """(exit status, stdout, stderr) of one command."""
        out, err = Unflushed(), Unflushed()
        null = self.descriptor()
        self.looked_at()
        try:
            call = Call(
                words[0], tuple(words[1:]), "undercloud", user, self.cwd, env, io.BytesIO(stdin),
                cast(TextIO, out), cast(TextIO, err), (null, null, null),
            )  # fmt: skip
            status = TOOLS[words[0]](call, self.world)
        finally:
            os.close(null)
        # whoever is believed only to tell is not looked at again in a rehearsal
        assert not self.looked_at() or reach(words[0], words[1:], "undercloud") is not None, words
        return status, out.getvalue(), err.getvalue()

    def looked_at(self) -> bool:
        """Whether anything in the world is other than when it was last looked at."""
        self.world.changes.suspect()
        return self.world.changes.changed()

    def run(self, line: str, rc: str = "over", stdin: bytes = b"", user: str = "stack") -> Answer:
        return self.script(line, dict(credentials(rc)), stdin, user)

    def script(self, line: str, env: dict[str, str], stdin: bytes = b"", user: str = "stack") -> Answer:
        """A recorded line: commands in a row, loops, `echo "exit $?"`, sleep, unset, settings in front."""
        status, out, err = 0, "", ""
        for part in split(line):
            loop = re.fullmatch(r"for \w+ in ([\d ]+); do (.*); done", part, re.DOTALL)
            if loop:
                for _ in loop.group(1).split():
                    status, more, wrong = self.script(loop.group(2), env, stdin, user)
                    out, err = out + more, err + wrong
                continue
            if part.startswith("sleep "):
                self.world.clock.advance(float(part[6:]))
                status = 0
            elif part.startswith("echo"):
                out += part[5:].strip('"').replace("$?", str(status)) + "\n"
                status = 0
            elif part.startswith("unset "):
                for name in list(env):
                    if part[6:] in (name, "${!OS_@}"):
                        del env[name]
            else:
                status, more, wrong = self.pipeline(part, env, stdin, user)
                out, err = out + more, err + wrong
        return status, out, err

    def pipeline(self, line: str, env: dict[str, str], stdin: bytes, user: str) -> Answer:
        """Commands joined by pipes: ours by their handlers, the others (printf, grep, od ...) by bash."""
        status, out, err = 0, "", ""
        for number, part in enumerate(line.split(" | ")):
            given = out.encode() if number else stdin
            words = shlex.split(re.sub(r"</dev/null|>/dev/null", "", part))
            here = dict(env)
            while "=" in words[0]:
                name, _, value = words.pop(0).partition("=")
                here[name] = value
            if words[0] in TOOLS:
                status, out, wrong = self.call(words, here, given, user)
                err += wrong
            else:
                done = subprocess.run(
                    ["bash", "-c", part], input=given, capture_output=True, check=False, timeout=LIMIT
                )
                status, out = done.returncode, done.stdout.decode()
        return status, out, err


def split(line: str) -> list[str]:
    """The commands of a line, at semicolons outside quotes and loops."""
    parts, depth, quote, part = [], 0, "", ""
    for word in re.split(r"(;|\"|'|\bfor\b|\bdone\b)", line):
        if word in ('"', "'"):
            quote = "" if quote == word else quote or word
        depth += (word == "for" and not quote) - (word == "done" and not quote)
        if word == ";" and not quote and not depth:
            parts.append(part.strip())
            part = ""
        else:
            part += word
    return [found for found in [*parts, part.strip()] if found]


def recorded(name: str) -> tuple[str, int, str, str]:
    """(command, exit status, stdout, stderr) of a recorded file."""
    text = (RECORDED / f"{name}.txt").read_text("utf-8")
    command, status, rest = text.split("\n", 2)
    out, _, err = rest.partition("--- stderr\n")
    return command, int(status.split()[1]), out, err


def plain(text: str) -> str:
    """A text without what differs in each run: request ids, object addresses, times of reports."""
    text = re.sub(r"req-[0-9a-f-]{36}", "req-ID", text)
    text = re.sub(r"(No image found with ID) [0-9a-f-]{36}", r"\1 UUID", text)
    text = re.sub(r"object at 0x[0-9a-f]+", "object at 0x0", text)
    text = re.sub(r"2026-11-22T\d\d:\d\d:\d\d", "TIME", text)
    return re.sub(r"2026-11-22 \d\d:\d\d:\d\d", "TIME", text)
