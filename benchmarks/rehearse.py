"""How long a rehearsal takes, and what it holds: the reference site first and again, and 200 nodes for the first time.

    benchmarks/rehearse.py [--nodes 200] [--skip-large]

Prints seconds beside the change window that they stand for, and the most memory a world's server has held.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def rehearse(spec: Path, folder: Path, *options: str) -> tuple[float, dict[str, dict[str, float]], int]:
    """(seconds, outcomes by trial, exit status)"""
    started = time.monotonic()
    command = [sys.executable, "-m", "osp_compile", "rehearse", str(spec), *options]
    ended = subprocess.run(
        [*command, "--keep", str(folder), "-o", f"{folder}.report"],
        stdout=subprocess.DEVNULL,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "compiler")},
    )
    outcomes = {path.stem: json.loads(path.read_text()) for path in (folder / "outcomes").glob("*.json")}
    return time.monotonic() - started, outcomes, ended.returncode


def large_site(folder: Path, nodes: int) -> Path:
    """3 controllers, a tenth of the nodes for Ceph, the rest computes that are rebooted ten at a time."""
    ceph = nodes // 10
    rows = [f"- {{name: overcloud-controller-{n}, role: Controller, address: 10.0.0.{10 + n}}}" for n in range(3)]
    rows += [f"- {{name: overcloud-cephstorage-{n}, role: CephStorage, address: 10.0.1.{10 + n}}}" for n in range(ceph)]
    rows += [
        f"- {{name: overcloud-compute-{n}, role: Compute, address: 10.0.{2 + n // 200}.{10 + n % 200}}}"
        for n in range(nodes - 3 - ceph)
    ]
    spec = folder / "large.yaml"
    spec.write_text(
        "version: 1\nsite: {name: large, change: CHG1}\nbackup: {copy_to: 'backup@192.0.2.250:/srv/osp'}\n"
        "update: {breakpoints: guarded}\ncompute_reboot: {batch: 10}\n"
        "env_files: [/home/stack/templates/network-environment.yaml]\nnodes:\n" + "\n".join(rows) + "\n"
    )
    return spec


def tell(name: str, seconds: float, outcomes: dict[str, dict[str, float]], status: int) -> None:
    window = sum(one["window"] for trial, one in outcomes.items() if trial.startswith("first-"))
    memory = max((one["memory"] for one in outcomes.values()), default=0)
    print(
        f"{name:32} {seconds:7.1f} s for a window of {window / 3600:5.1f} h   {memory:5.0f} MiB   exit {status}",
        flush=True,
    )
    for trial, one in sorted(outcomes.items()):
        if trial.startswith("first-"):
            print(f"    {trial[6:]}  {one['real']:7.1f} s   {one['calls']:6} calls")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=200)
    parser.add_argument("--skip-large", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tell("tokyo-1, first and second runs", *rehearse(ROOT / "specs/examples/tokyo-1.yaml", folder / "reference"))
        if not given.skip_large:
            spec = large_site(folder, given.nodes)
            # the last section alone is asked for: the first runs are the way to it, and no other is run a second time
            tell(f"{given.nodes} nodes, first runs", *rehearse(spec, folder / "large", "--section", "2.14"))


if __name__ == "__main__":
    main()
