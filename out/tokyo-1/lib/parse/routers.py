"""Reads neutron's routers and their agents (`-f json`) from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import identity, read_list, show

ALIVE = (":-)", True)


def ids(document):
    """`neutron router-list`: the id of each router."""
    return [identity(row["id"]) for row in document]


def verdict(document, node):
    """`neutron l3-agent-list-hosting-router ROUTER`: `well`, or what would happen to the router if `node` went down; the rows are its agents: host, alive, ha_state."""
    here = [row for row in document if is_on(row["host"], node)]
    elsewhere = [row for row in document if not is_on(row["host"], node)]
    if not here or not elsewhere:
        # this node's reboot does not affect it, or its owner chose to do without high availability
        return ["well"]
    if not any(row["alive"] in ALIVE for row in elsewhere):
        return ["has no living L3 agent but the one on %s" % node]
    states = [row.get("ha_state") for row in document]
    if any(states) and not any(row.get("ha_state") == "active" and row["alive"] in ALIVE for row in document):
        return ["is not active on any living L3 agent"]
    return ["well"]


def hosted(document, node):
    """`neutron l3-agent-list-hosting-router ROUTER`: `yes` where one of its agents is on `node`, else `no`."""
    return ["yes" if any(is_on(row["host"], node) for row in document) else "no"]


def is_on(host, node):
    host, node = host.lower(), node.lower()
    return host == node or host.startswith(node + ".")


if __name__ == "__main__":
    show({"ids": ids, "verdict": verdict, "hosted": hosted}[sys.argv[1]](read_list(sys.stdin), *sys.argv[2:]))
