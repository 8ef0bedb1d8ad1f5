"""Reads the lists of the OpenStack clients (`-f json`) from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import io
import json
import socket
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import row as line
from lines import show

# the group of nodes that neither nova nor ironic of the undercloud knows
DEPLOYED = "deployed_server"


def agents(document):
    """`network agent list`: HOST, TYPE, True or False (alive), UP or DOWN (what the administrator wants)."""
    for row in document:
        yield line(row["Host"], row["Agent Type"], row["Alive"], row["State"])


def services(document):
    """`compute service list --long`, `volume service list --long`: HOST, BINARY, STATUS, STATE, REASON."""
    for row in document:
        yield line(row["Host"], row["Binary"], row["Status"], row["State"], row.get("Disabled Reason"))


def catalogue(document):
    """`catalog list`: TYPE of each service that keystone knows."""
    for row in document:
        yield line(row["Type"])


def baremetal(document):
    """`baremetal node list`: NAME, INSTANCE, POWER, MAINTENANCE, PROVISIONING."""
    for row in document:
        name = row["Name"] or row["UUID"]
        yield line(name, row["Instance UUID"], row["Power State"], row["Maintenance"], row["Provisioning State"])


def stacks(document):
    """`stack list`: NAME, STATUS."""
    for row in document:
        yield line(row["Stack Name"], row["Stack Status"])


def instances(document):
    """`server list --long`: ID, NAME, STATUS, HOST."""
    for row in document:
        yield line(row["ID"], row["Name"], row["Status"], row["Host"])


def mismatches(document, nodes):
    """`server list` of the undercloud against lib/nodes.tsv: WORD, NAME, DETAIL, ID (of extra ones).

    WORD: missing (in the spec alone), extra (in the cloud alone), double, address (the spec's is not one of its own), status (not ACTIVE).
    """
    live = {}
    wanted = dict((name, address) for name, address, words in spec_nodes(nodes) if DEPLOYED not in words)
    elsewhere = set(name for name, _, words in spec_nodes(nodes) if DEPLOYED in words)
    for row in document:
        if row["Name"] not in wanted and row["Name"] not in elsewhere:
            yield line("extra", row["Name"], row["Networks"], row["ID"])
        if row["Name"] in live and row["Name"] in wanted:
            yield line("double", row["Name"], row["Status"])
        live[row["Name"]] = row
    for name in sorted(set(wanted) - set(live)):
        yield line("missing", name, wanted[name])
    for name in sorted(set(live) & set(wanted)):
        if canonical(wanted[name]) not in addresses(live[name]["Networks"]):
            yield line("address", name, live[name]["Networks"])
        if live[name]["Status"] != "ACTIVE":
            yield line("status", name, live[name]["Status"])


def servers(document, nodes):
    """`server list` of the undercloud: ID, NAME of each node of the spec that this undercloud has deployed; - where there is no such server."""
    ids = dict((row["Name"], row["ID"]) for row in document)
    for name, _, words in spec_nodes(nodes):
        if DEPLOYED not in words:
            yield line(ids.get(name), name)


def spec_nodes(path):
    """NAME, ADDRESS and the groups of every node."""
    with io.open(path, encoding="utf-8") as rows:
        for row in rows:
            if not row.startswith("#"):
                name, _role, address, words = row.rstrip("\n").split("\t")[:4]
                yield name, address, words.split(",")


def addresses(networks):
    """`ctlplane=192.0.2.10, fd00::10; storage=172.16.1.10` as a set of addresses."""
    found = set()
    for network in networks.split(";"):
        found.update(canonical(address.strip()) for address in network.partition("=")[2].split(","))
    return found


def canonical(address):
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            return socket.inet_ntop(family, socket.inet_pton(family, str(address)))
        except (socket.error, ValueError):
            continue
    return address


WORDS = {
    "agents": agents,
    "services": services,
    "catalogue": catalogue,
    "baremetal": baremetal,
    "stacks": stacks,
    "instances": instances,
    "mismatches": mismatches,
    "servers": servers,
}

if __name__ == "__main__":
    show(WORDS[sys.argv[1]](json.load(sys.stdin), *sys.argv[2:]))
