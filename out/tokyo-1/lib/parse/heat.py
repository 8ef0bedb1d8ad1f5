"""Reads heat's JSON, as the Newton client prints it, from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import re
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import plain, read_list, read_object, show, words


def busy(document):
    """`openstack stack list`: `NAME STATUS` of the stacks that are being worked on."""
    for stack in document:
        if stack["Stack Status"].endswith("_IN_PROGRESS"):
            yield words(stack["Stack Name"], stack["Stack Status"])


def stack(document):
    """`openstack stack show`: one `word value` per line."""
    parameters = document.get("parameters") or {}
    yield "status %s" % plain(document["stack_status"])
    identifier = parameters.get("UpdateIdentifier")
    yield "update_identifier %s" % (plain(identifier) if identifier else "")


def resources(document, stack):
    """`openstack stack resource list --nested-depth N STACK`: `ID ROLE` of all that the stack is made of.

    The role of a server is known: heat calls the nested stack that it is in STACK-ROLE-ID-NUMBER-ID. Others have -.
    """
    nested = re.compile(r"%s-([A-Za-z][A-Za-z0-9_-]*)-[a-z2-7]{12}-[0-9]+-[a-z2-7]{12}\Z" % re.escape(stack))
    for resource in document:
        if resource.get("physical_resource_id"):
            found = nested.match(plain(resource.get("stack_name")))
            is_server = plain(resource.get("resource_type")).endswith("Server")
            yield words(resource["physical_resource_id"], found.group(1) if found and is_server else None)


def hooks(document):
    """`openstack stack hook poll --nested-depth N`: `RESOURCE STACK` of each breakpoint before an update that waits."""
    for hook in document:
        if "pre-update" in plain(hook["Resource Status Reason"]).lower():
            yield words(hook.get("Resource Name"), hook.get("Stack Name"))


if __name__ == "__main__":
    WORDS = {"busy": busy, "stack": stack, "hooks": hooks, "resources": resources}
    read = read_object if sys.argv[1] == "stack" else read_list
    show(WORDS[sys.argv[1]](read(sys.stdin), *sys.argv[2:]))
