"""Reads the lists of the OpenStack clients (`-f json`) from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import io
import re
import socket
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

import spec_lines
from lines import read_list
from lines import row as line
from lines import show

# the group of nodes that the undercloud's nova and ironic do not know
DEPLOYED = "deployed_server"
# an endpoint in `catalog list`, as identity v2 and v3 have it; <none> is the lack of one
PUBLIC = re.compile(r"^ +public(URL)?: [^\s<]", re.MULTILINE)


def agents(document):
    """`network agent list`: HOST, TYPE, True or False (alive), UP or DOWN (as the administrator has set it)."""
    for row in document:
        yield line(row["Host"], row["Agent Type"], row["Alive"], row["State"])


def services(document):
    """`compute service list --long`, `volume service list --long`: HOST, BINARY, STATUS, STATE, REASON."""
    for row in document:
        yield line(row["Host"], row["Binary"], row["Status"], row["State"], row.get("Disabled Reason"))


def catalogue(document):
    """`catalog list`: TYPE of each service that has a public endpoint. A client finds no other: the entry is left of a service that is gone."""
    for row in document:
        if PUBLIC.search(row["Endpoints"]):
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


def mismatches(document, nodes, roles):
    """`server list` of the undercloud against lib/nodes.tsv: WORD, NAME, DETAIL, ID (of extra ones, else -), LINES.

    LINES are of site.yaml, a column each (spec_lines.py). `roles` is a file with heat.py's rows of `resources`. WORD:
    missing (in the spec alone), extra (in the cloud alone), double, address (the spec's is not one of its own), role
    (heat made it for another), status (not ACTIVE).
    """
    spec = list(spec_nodes(nodes))
    wanted = dict((name, (role, address)) for name, role, address, words in spec if DEPLOYED not in words)
    known = set(name for name, _, _, _ in spec)
    of_spec = set(role for _, role, _, _ in spec)
    made = roles_of(roles)
    live, doubled = {}, set()
    for row in document:
        if row["Name"] not in known:
            lines = spec_lines.to_add(row["Name"], made.get(row["ID"]), on_ctlplane(row["Networks"]), of_spec)
            yield line("extra", row["Name"], row["Networks"], row["ID"], *lines)
        if row["Name"] in live and row["Name"] in wanted:
            doubled.add(row["Name"])
            yield line("double", row["Name"], row["Status"])
        live[row["Name"]] = row
    for name in sorted(set(wanted) - set(live)):
        yield line("missing", name, wanted[name][1], None, *spec_lines.to_remove(name, *wanted[name]))
    for name in sorted(set(live) & set(wanted)):
        for found in differences(live[name], wanted[name], made.get(live[name]["ID"]), of_spec, name in doubled):
            yield found


def differences(live, wanted, made, of_spec, doubled):
    """The rows of one server that the spec names. The first has the corrected LINES; with two servers of this name no row has any."""
    role, address = wanted
    has_address = canonical(address) in addresses(live["Networks"])
    has_role = made in (None, role)
    new = (role if has_role else made, [address] if has_address else on_ctlplane(live["Networks"]))
    lines = []
    if not doubled and not (has_address and has_role):
        lines = list(spec_lines.to_change(live["Name"], (role, [address]), new, of_spec))
    if not has_address:
        yield line("address", live["Name"], live["Networks"], None, *lines)
        lines = []
    if not has_role:
        yield line("role", live["Name"], made, None, *lines)
    if live["Status"] != "ACTIVE":
        yield line("status", live["Name"], live["Status"])


def servers(document, nodes):
    """`server list` of the undercloud: ID, NAME of each node of the spec that this undercloud has deployed; - where there is no such server."""
    ids = dict((row["Name"], row["ID"]) for row in document)
    for name, _, _, words in spec_nodes(nodes):
        if DEPLOYED not in words:
            yield line(ids.get(name), name)


def spec_nodes(path):
    """NAME, ROLE, ADDRESS and the groups of every node."""
    with io.open(path, encoding="utf-8") as rows:
        for row in rows:
            if not row.startswith("#"):
                name, role, address, words = row.rstrip("\n").split("\t")[:4]
                yield name, role, address, words.split(",")


def roles_of(path):
    """{ID: ROLE} of what has a role that a spec could have."""
    with io.open(path, encoding="utf-8") as rows:
        pairs = [row.split() for row in rows]
    return dict((pair[0], pair[1]) for pair in pairs if len(pair) == 2 and spec_lines.ROLE.match(pair[1]))


def on_ctlplane(networks):
    """The addresses that a spec could have: of the network that the undercloud deploys by."""
    parts = [network.partition("=") for network in networks.split(";")]
    listed = [addresses for name, _, addresses in parts if name.strip() == "ctlplane"]
    found = [read_address(address.strip()) for addresses in listed for address in addresses.split(",")]
    return [address for address in found if address is not None]


def addresses(networks):
    """`ctlplane=192.0.2.10, fd00::10; storage=172.16.1.10` as a set of addresses."""
    found = set()
    for network in networks.split(";"):
        found.update(canonical(address.strip()) for address in network.partition("=")[2].split(","))
    return found


def canonical(address):
    """As the system writes it; what is not an address stays as it is."""
    return read_address(address) or address


def read_address(text):
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            return socket.inet_ntop(family, socket.inet_pton(family, str(text)))
        except (socket.error, ValueError):
            continue
    return None


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
    show(WORDS[sys.argv[1]](read_list(sys.stdin), *sys.argv[2:]))
