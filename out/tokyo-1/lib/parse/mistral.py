"""Reads mistral's JSON, as the Newton client prints it, from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import json
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import json_of, plain, read_object, show


def updated(document):
    """`openstack workflow env show`: when it was last written, or made; UTC, as `YYYY-MM-DD HH:MM:SS`.

    The client says <none> for one that was never written again after it was made.
    """
    written = document.get("Updated at")
    yield plain(written if written and written != "<none>" else document["Created at"])


def environments(document):
    """The same: the path of each environment file that the plan has, a line each; nothing for a plan that was emptied."""
    for entry in json_of(document["Variables"]).get("environments") or ():
        yield plain(entry.get("path"))


def file(document):
    """The same as the JSON that `openstack workflow env update` reads, in one line: name and variables."""
    yield json.dumps({"name": document["Name"], "variables": json_of(document["Variables"])}, sort_keys=True)


if __name__ == "__main__":
    show({"updated": updated, "environments": environments, "file": file}[sys.argv[1]](read_object(sys.stdin)))
