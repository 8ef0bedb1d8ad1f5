"""Reads heat's JSON, as the Newton client prints it, from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import json
import sys


def busy(document):
    """`openstack stack list`: `NAME STATUS` of the stacks that are being worked on."""
    for stack in document:
        if stack["Stack Status"].endswith("_IN_PROGRESS"):
            yield "%s %s" % (stack["Stack Name"], stack["Stack Status"])


def stack(document):
    """`openstack stack show`: one `word value` a line."""
    parameters = document.get("parameters") or {}
    yield "status %s" % document["stack_status"]
    yield "update_identifier %s" % parameters.get("UpdateIdentifier", "")


def hooks(document):
    """`openstack stack hook poll --nested-depth N`: `RESOURCE STACK` of each breakpoint before an update that waits."""
    for hook in document:
        if "pre-update" in hook.get("Resource Status Reason", "").lower():
            yield "%s %s" % (hook.get("Resource Name", "-"), hook.get("Stack Name", "-"))


if __name__ == "__main__":
    for line in {"busy": busy, "stack": stack, "hooks": hooks}[sys.argv[1]](json.load(sys.stdin)):
        print(line)
