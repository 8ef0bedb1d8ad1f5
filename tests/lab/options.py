#!/usr/bin/env python3
"""specs/deploy-options.json, made from the parsers of Newton's own clients; says whether what is there is theirs.

    tests/lab/options.py [--write]

Needs the clients as the lab has them (`tests/run lab` fetches them, where there is a Python 2.7). Ends with 1 where
they differ, with 3 where there are none.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "compiler"))

from lab import newton

TOP = Path(__file__).resolve().parents[2]
FILE = TOP / "specs" / "deploy-options.json"
ABOUT = (
    "Options of `openstack overcloud deploy` as the parsers of openstackclient 3.2.1 with its plugins (application) "
    "and python-tripleoclient 5.4.6 (command) have them, made by tests/lab/options.py. The application's parser reads "
    "the whole line first."
)
# Python 2.7, with the clients
DUMP = """
import json
from openstackclient import shell
from tripleoclient.v1 import overcloud_deploy
app = shell.OpenStackShell()
app.options = None
def told(parser):
    options = []
    for one in parser._actions:
        if one.option_strings:
            found = {"names": one.option_strings, "value": "optional" if one.nargs == "?" else one.nargs != 0}
            if one.choices:
                found["choices"] = sorted(one.choices)
            if one.type is int:
                found["number"] = True
            options.append(found)
    pairs = [[max(one.option_strings, key=len) for one in group._group_actions]
             for group in parser._mutually_exclusive_groups]
    return {"exclusive": pairs, "options": options}
command = overcloud_deploy.DeployOvercloud(app, None).get_parser("openstack overcloud deploy")
print(json.dumps({"application": told(app.parser), "command": told(command)}))
"""


def of_the_clients() -> dict[str, Any]:
    """{parser: {exclusive, options}} of the clients that the lab has fetched; SystemExit where there are none."""
    place = newton.place()
    if not place.exists():
        print("no clients of Newton's: tests/run lab fetches them, where pyenv has a Python 2.7", file=sys.stderr)
        raise SystemExit(3)
    surroundings = {"LD_LIBRARY_PATH": f"{place}/lib", "PYTHONHOME": str(place), "PYTHONWARNINGS": "ignore"}
    words = [f"{place}/bin/python2.7", "-B", "-c", DUMP]
    ended = subprocess.run(words, env=surroundings, capture_output=True, text=True, check=True, timeout=120)
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def worded(found: dict[str, Any]) -> str:
    """The file, an option a line."""
    parts = [f' "about": {json.dumps(ABOUT)}']
    for name, parser in found.items():
        options = ",\n".join(f"   {json.dumps(one)}" for one in parser["options"])
        parts.append(
            f' "{name}": {{\n  "exclusive": {json.dumps(parser["exclusive"])},\n  "options": [\n{options}\n  ]\n }}'
        )
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> int:
    text = worded(of_the_clients())
    if "--write" in sys.argv[1:]:
        FILE.write_text(text, "utf-8")
    same = json.loads(FILE.read_text("utf-8")) == json.loads(text)
    print(f"{FILE.relative_to(TOP)} {'has the options of the clients' if same else 'differs from the clients'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
