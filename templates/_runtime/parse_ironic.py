"""Reads ironic's JSON, as the Newton client prints it, from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import json
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import show, words

# Provision states in which ironic is at work on a node, by the names its API gives them.
AT_WORK = frozenset(
    "deploying wait-call-back deploywait cleaning clean-wait cleanwait inspecting deleting rebuilding verifying adopting".split()
)


def busy(document):
    """`openstack baremetal node list`: `NAME STATE` of the nodes that ironic is working on."""
    for node in document:
        state = (node.get("Provisioning State") or "available").replace(" ", "-")
        if state in AT_WORK:
            yield words(node.get("Name") or node["UUID"], state)


def boot(document):
    """`openstack baremetal node list --fields uuid driver_info`: `UUID KERNEL RAMDISK`, the deploy images' ids, - for none."""
    for node in document:
        info = node.get("Driver Info") or {}
        yield words(node["UUID"], info.get("deploy_kernel"), info.get("deploy_ramdisk"))


if __name__ == "__main__":
    show({"busy": busy, "boot": boot}[sys.argv[1]](json.load(sys.stdin)))
