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


def agents(document):
    """`network agent list`: HOST, TYPE, True or False (alive), UP or DOWN (what the administrator wants)."""
    for row in document:
        yield line(row["Host"], row["Agent Type"], row["Alive"], row["State"])


def services(document):
    """`compute service list --long`, `volume service list --long`: HOST, BINARY, STATUS, STATE, REASON."""
    for row in document:
        yield line(row["Host"], row["Binary"], row["Status"], row["State"], row.get("Disabled Reason"))


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
    """`server list` of the undercloud against lib/nodes.tsv: WORD, NAME, DETAIL.

    WORD: missing (in the spec alone), extra (in the cloud alone), double, address (the spec's is not one of its own), status (not ACTIVE).
    """
    live = {}
    for row in document:
        if row["Name"] in live:
            yield line("double", row["Name"], row["Status"])
        live[row["Name"]] = row
    wanted = dict(spec_nodes(nodes))
    for name in sorted(set(wanted) - set(live)):
        yield line("missing", name, wanted[name])
    for name in sorted(set(live) - set(wanted)):
        yield line("extra", name, live[name]["Networks"])
    for name in sorted(set(live) & set(wanted)):
        if canonical(wanted[name]) not in addresses(live[name]["Networks"]):
            yield line("address", name, live[name]["Networks"])
        if live[name]["Status"] != "ACTIVE":
            yield line("status", name, live[name]["Status"])


def spec_nodes(path):
    with io.open(path, encoding="utf-8") as rows:
        for row in rows:
            if not row.startswith("#"):
                name, _role, address = row.rstrip("\n").split("\t")[:3]
                yield name, address


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
    "baremetal": baremetal,
    "stacks": stacks,
    "instances": instances,
    "mismatches": mismatches,
}

if __name__ == "__main__":
    show(WORDS[sys.argv[1]](json.load(sys.stdin), *sys.argv[2:]))
