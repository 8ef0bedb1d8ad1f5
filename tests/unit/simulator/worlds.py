"""A served world for the tests of the simulator, driven by its command line as everybody drives it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unit.waiting import LIMIT

COMPILER = Path(__file__).parents[3] / "compiler"
SITE = {
    "name": "tokyo-1",
    "change": "CHG0042137",
    "stack": "overcloud",
    "mongodb": "auto",
    "fencing": True,
    "env_files": ["/home/stack/templates/network-environment.yaml"],
    "deploy": {"templates": "/usr/share/openstack-tripleo-heat-templates"},
    "undercloud": {"user": "stack", "home": "/home/stack", "images_dir": "/home/stack/images"},
    "backup": {"directory": "/var/backup/osp", "copy_to": "backup@192.0.2.250:/srv/osp"},
    "nodes": [
        {"name": "overcloud-controller-0", "role": "Controller", "address": "192.0.2.10"},
        {"name": "overcloud-controller-1", "role": "Controller", "address": "192.0.2.11"},
        {"name": "overcloud-controller-2", "role": "Controller", "address": "fd00::12"},
        {"name": "overcloud-compute-0", "role": "Compute", "address": "192.0.2.20"},
        {"name": "overcloud-cephstorage-0", "role": "CephStorage", "address": "192.0.2.30"},
    ],
}
CONTROLLER, COMPUTE, CEPH = "heat-admin@192.0.2.10", "heat-admin@192.0.2.20", "heat-admin@192.0.2.30"


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Served:
    """A world whose server runs."""

    folder: Path

    def simulator(self, *words: str, stdin: str = "") -> Answer:
        env = {**os.environ, "PYTHONPATH": str(COMPILER)}
        line = [sys.executable, "-m", "osp_simulator", words[0], str(self.folder), *words[1:]]
        done = subprocess.run(line, input=stdin, capture_output=True, text=True, env=env, timeout=LIMIT, check=False)
        return Answer(done.returncode, done.stdout, done.stderr)

    def run(self, script: str, *options: str, stdin: str = "") -> Answer:
        """A bash script on the undercloud as stack, unless the options say otherwise."""
        return self.simulator("run", *options, "--", "bash", "-c", script, stdin=stdin)

    def root(self, script: str) -> Answer:
        return self.run(script, "--user", "root")

    def on(self, node: str, script: str) -> Answer:
        """A bash script as root on a node, by ssh and sudo."""
        return self.run(f"ssh {node} sudo bash -s <<'EOF'\n{script}\nEOF")

    def get(self, path: str) -> Any:
        text = self.simulator("get", path).out.rstrip("\n")
        try:
            return json.loads(text)
        except ValueError:
            return text

    def set(self, path: str, value: Any) -> None:
        answer = self.simulator("set", path, json.dumps(value))
        assert answer.status == 0, answer.err

    def fault(self, match: str, behaviour: str, *nth: str) -> None:
        assert self.simulator("fault", match, behaviour, *nth).status == 0

    def calls(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "calls.jsonl").read_text().splitlines()]


def up(folder: Path, site: dict[str, Any]) -> Served:
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"site": site}))
    world = Served(folder / "world")
    answer = world.simulator("up", "--manifest", str(folder / "manifest.json"))
    assert answer.status == 0, answer.err
    return world
