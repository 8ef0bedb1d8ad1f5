"""Reads mistral's JSON, as the Newton client prints it, from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import json
import sys


def updated(document):
    """`openstack workflow env show`: when it was last written, or made; UTC, as `YYYY-MM-DD HH:MM:SS`."""
    yield "%s" % (document.get("Updated at") or document["Created at"])


if __name__ == "__main__":
    for line in {"updated": updated}[sys.argv[1]](json.load(sys.stdin)):
        print(line)
