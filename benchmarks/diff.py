"""What `osp-compile diff` costs beside a compile: two bundles of the example that differ in one policy, timed in turns.

.venv/bin/python benchmarks/diff.py [--rounds 5]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "specs/examples/tokyo-1.yaml"
COMMAND = (sys.executable, "-m", "osp_compile")


def seconds(*words: str, status: int = 0) -> float:
    """Wall seconds of the command, which has to end with `status`."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "compiler")}
    # as it is installed: compiled once
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    ended = subprocess.run(
        [*COMMAND, *words], env=environment, capture_output=True, text=True, check=False, timeout=600
    )  # fmt: skip
    if ended.returncode != status:
        raise SystemExit(ended.stderr[-500:])
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how many pairs are timed (default 5)")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        changed = folder / "changed.yaml"
        changed.write_text(EXAMPLE.read_text("utf-8") + "compute_reboot: {stuck: stop}\n", "utf-8")
        old, new = folder / "old", folder / "new"
        seconds(str(EXAMPLE), "-o", str(old))
        seconds(str(changed), "-o", str(new))
        pairs = [
            (
                seconds("diff", str(old / "tokyo-1"), str(new / "tokyo-1"), status=1),
                seconds(str(EXAMPLE), "-o", str(old)),
            )
            for _ in range(rounds)
        ]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"diff of two bundles / whole compile, lint cached   {ratio:6.2f}   ({ours:.2f} s, {theirs:.2f} s)")


if __name__ == "__main__":
    main()
