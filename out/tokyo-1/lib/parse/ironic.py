"""Reads ironic's JSON, as the Newton client prints it, from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import identity, read_list, row, show, words

# Provision states in which ironic is at work on a node, by the names its API gives them.
AT_WORK = frozenset(
    "deploying wait-call-back deploywait cleaning clean-wait cleanwait inspecting deleting rebuilding verifying adopting".split()
)


def busy(document):
    """`openstack baremetal node list`: `NAME STATE` of the nodes that ironic is working on."""
    for node in document:
        state = (node["Provisioning State"] or "available").replace(" ", "-")
        if state in AT_WORK:
            yield words(node.get("Name") or node["UUID"], state)


def boot(document):
    """`openstack baremetal node list --fields uuid driver_info`: `UUID KERNEL RAMDISK`, the deploy images' ids, - for none."""
    for node in document:
        info = node.get("Driver Info") or {}
        yield words(identity(node["UUID"]), info.get("deploy_kernel"), info.get("deploy_ramdisk"))


def nodes(document):
    """`baremetal node list --fields` of what the client's own checks read: NAME, INSTANCE, POWER, MAINTENANCE, PROVISIONING, KERNEL, RAMDISK,
    CAPABILITIES, REASON (of its maintenance), ERROR (the last one)."""
    for node in document:
        info = node.get("Driver Info") or {}
        properties = node.get("Properties") or {}
        yield row(
            node.get("Name") or node["UUID"],
            node.get("Instance UUID"),
            node.get("Power State"),
            node.get("Maintenance"),
            node.get("Provisioning State"),
            info.get("deploy_kernel"),
            info.get("deploy_ramdisk"),
            properties.get("capabilities"),
            node.get("Maintenance Reason"),
            node.get("Last Error"),
        )


if __name__ == "__main__":
    show({"busy": busy, "boot": boot, "nodes": nodes}[sys.argv[1]](read_list(sys.stdin)))
