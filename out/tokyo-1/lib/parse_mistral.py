"""Reads mistral's JSON, as the Newton client prints it, from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import json
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import plain, show


def updated(document):
    """`openstack workflow env show`: when it was last written, or made; UTC, as `YYYY-MM-DD HH:MM:SS`.

    The client says <none> of one that was made and never written again.
    """
    written = document.get("Updated at")
    yield plain(written if written and written != "<none>" else document["Created at"])


if __name__ == "__main__":
    show({"updated": updated}[sys.argv[1]](json.load(sys.stdin)))
