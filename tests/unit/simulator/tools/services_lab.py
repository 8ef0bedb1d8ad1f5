"""The labs in which the recordings of the services were made, as one world, asked on its one controller as root."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO, cast

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import TOOLS
from osp_simulator.seed.services import resource
from osp_simulator.seed.site import seed
from unit.simulator.tools.openstack_lab import Answer, Lab, Unflushed

HOST = "overcloud-controller-0"
SITE = {
    "name": "lab",
    "fencing": False,
    "nodes": [
        {"name": HOST, "role": "Controller", "address": "127.0.0.1"},
        {"name": "overcloud-cephstorage-0", "role": "CephStorage", "address": "192.0.2.30"},
    ],
}
# A recording's first words: the function that turned a tool to the lab's own port or file.
LAB_S_OWN = re.compile(r"^(redis-cli|ceph)\(\) \{ command [^}]*\}; |^rabbit (?=rabbitmqctl)")


def state() -> dict[str, Any]:
    """One controller, one node of Ceph with three OSDs, and the data that the recordings speak of."""
    found = seed(SITE)
    cluster = found["pacemaker"]
    cluster["properties"] |= {"stonith-enabled": "false"}
    cluster["resources"] = [
        resource("haproxy", "primitive", "ocf::heartbeat:Dummy", [HOST], {HOST: "Started"}),
        resource("redis-master", "master", "ocf::pacemaker:Stateful", [HOST], {HOST: "Master"}),
        resource("ip-192.0.2.5", "primitive", "ocf::heartbeat:Dummy", [HOST], {HOST: "Started"}),
    ]
    found["ceph"] |= {
        "fsid": "156d07b0-bea0-4eaf-9807-a8d12938ae5d", "num_pgs": 33, "scrubbing": 0,
        "pools": {"metrics": 0, "vms": 0}, "used": 110745, "total": 402653184,
    }  # fmt: skip
    found["redis"] |= {"password": "s3cret", "lastsave": 1795351661, "bgsave_seconds": 0.5}
    found["haproxy"] |= {
        "password": "sekret",
        "vip": "127.0.0.1",
        "services": {
            "keystone_public": {"overcloud-controller-0": "UP", "overcloud-controller-1": "DOWN"},
            "mysql": {"overcloud-controller-0": "UP"},
            "nosuch": {"overcloud-controller-0": "DOWN", "overcloud-controller-1": "no check"},
        },
    }
    found["hosts"][HOST]["hiera"] |= {
        "controller_node_ips": ["172.16.2.10", "172.16.2.11"],
        "enabled": True,
        "redis::requirepass": "s3cret",
        "snmpd::user": None,
    }
    return found


class ServicesLab(Lab):
    """A world to type command lines into as root of its controller."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, state())

    def call(self, words: list[str], env: Mapping[str, str], stdin: bytes = b"", user: str = "root") -> Answer:
        """(exit status, stdout, stderr) of one command."""
        out, err = Unflushed(), Unflushed()
        null = self.descriptor()
        call = Call(
            words[0], tuple(words[1:]), HOST, "root", "/root", env, io.BytesIO(stdin),
            cast(TextIO, out), cast(TextIO, err), (null, null, null),
        )  # fmt: skip
        try:
            status = TOOLS[words[0]](call, self.world)
        except Refused as refused:
            status = refused.status
            err.write(f"{refused.text}\n" if refused.text else "")
        finally:
            os.close(null)
        return status, out.getvalue(), err.getvalue()

    def ask(self, line: str) -> Answer:
        """The answer to a recorded line; the lab's own port and files stand for the site's."""
        line = LAB_S_OWN.sub("", line).replace("<lab>/hiera/hiera.yaml", "/etc/hiera.yaml")
        return self.script(line, {})
