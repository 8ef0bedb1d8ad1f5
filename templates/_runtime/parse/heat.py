"""Reads heat's JSON, as the Newton client prints it, from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import json
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import plain, show, words


def busy(document):
    """`openstack stack list`: `NAME STATUS` of the stacks that are being worked on."""
    for stack in document:
        if stack["Stack Status"].endswith("_IN_PROGRESS"):
            yield words(stack["Stack Name"], stack["Stack Status"])


def stack(document):
    """`openstack stack show`: one `word value` a line."""
    parameters = document.get("parameters") or {}
    yield "status %s" % plain(document["stack_status"])
    identifier = parameters.get("UpdateIdentifier")
    yield "update_identifier %s" % (plain(identifier) if identifier else "")


def resources(document):
    """`openstack stack resource list --nested-depth N`: the ids of all that the stack is made of, one a line."""
    for resource in document:
        if resource.get("physical_resource_id"):
            yield words(resource["physical_resource_id"])


def hooks(document):
    """`openstack stack hook poll --nested-depth N`: `RESOURCE STACK` of each breakpoint before an update that waits."""
    for hook in document:
        if "pre-update" in hook.get("Resource Status Reason", "").lower():
            yield words(hook.get("Resource Name"), hook.get("Stack Name"))


if __name__ == "__main__":
    show({"busy": busy, "stack": stack, "hooks": hooks, "resources": resources}[sys.argv[1]](json.load(sys.stdin)))
