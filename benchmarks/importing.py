"""Measures the import of 1,000 nodes beside the check of the spec that it makes: a ratio, since machines differ.

    .venv/bin/python benchmarks/importing.py [--rounds 5]

An import checks what it has written, so that what it takes by itself is what is above 1.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from run import COMPILE, pair, run

NODES = 1_000


def lay_out(folder: Path) -> None:
    """A deploy script and a list of servers."""
    servers = [
        {
            "ID": str(number),
            "Name": f"overcloud-{'controller' if number < 3 else 'compute'}-{number}",
            "Status": "ACTIVE",
            "Networks": f"ctlplane=10.0.{number // 250}.{number % 250 + 1}",
        }
        for number in range(NODES)
    ]
    (folder / "servers.json").write_text(json.dumps(servers, indent=2))
    (folder / "deploy.sh").write_text("openstack overcloud deploy --templates -e /home/stack/a.yaml\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how many pairs are timed (default 5)")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(folder)
        words = [*COMPILE, "import", "--deploy", "deploy.sh", "--servers", "servers.json", "--force"]
        run(words, folder)
        ours, theirs, ratio = pair(
            rounds, lambda: run(words, folder), lambda: run([*COMPILE, "check", "site.yaml"], folder)
        )
        print(f"import of {NODES} nodes / check of their spec   {ratio:6.2f}   ({ours:.2f} s, {theirs:.2f} s)")


if __name__ == "__main__":
    main()
