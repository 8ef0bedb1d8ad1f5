"""Reads nova's instances, ports, flavors and hypervisors (`-f json`) from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import re
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import NONE, identity, plain, read_list, read_object, row, show
from lines import words as columns


def instances(document):
    """ID, STATUS, TASK (or -), POWER, HOST (or -), NAME, joined by tabs: one instance per line."""
    for one in document:
        yield row(identity(one["ID"]), one["Status"], one["Task State"], one["Power State"], one["Host"], one["Name"])


def instance(document):
    """The same line of `server show -f json`."""
    keys = ("status", "OS-EXT-STS:task_state", "OS-EXT-STS:power_state", "OS-EXT-SRV-ATTR:host", "name")
    yield row(identity(document["id"]), *(document[key] for key in keys))


def description(document):
    """`server show -f json`: what a copy has to share with it, one `word value` per line; flavor as its id."""
    yield "id %s" % identity(document["id"])
    yield "name %s" % plain(document["name"])
    yield "flavor %s" % identity(plain(document["flavor"]).rpartition("(")[2].rstrip(")"))
    for word, key in (("key", "key_name"), ("zone", "OS-EXT-AZ:availability_zone")):
        if plain(document[key]) != NONE:
            yield "%s %s" % (word, plain(document[key]))


def volumes(document):
    """`server show -f json`: the ids of the volumes that are attached, one per line."""
    for volume in document["os-extended-volumes:volumes_attached"]:
        yield identity(volume["id"])


def port(document):
    """`port show -f json`: NETWORK MAC GROUPS ADDRESSES NAMED; several are joined by commas, - for nothing, NAMED is yes or no."""
    groups = document["security_groups"] if "security_groups" in document else document["security_group_ids"]
    found = re.findall(r"[\w.:-]+", groups if is_text(groups) else " ".join(groups or ()))
    ips = document["fixed_ips"]
    addresses = re.findall(r"ip_address='([^']+)'", ips) if is_text(ips) else [ip["ip_address"] for ip in ips or ()]
    named = "no" if plain(document["name"]) == NONE else "yes"
    yield columns(document["network_id"], document["mac_address"], ",".join(sorted(found)), ",".join(addresses), named)


def needs(document):
    """`flavor show -f json`: VCPUS RAM: the CPUs it takes for itself alone (0 where they are shared) and its memory in MiB."""
    dedicated = "hw:cpu_policy='dedicated'" in plain(document["properties"])
    yield "%d %d" % (int(document["vcpus"]) if dedicated else 0, int(document["ram"]))


def room(document):
    """`hypervisor show -f json`: VCPUS RAM that are free, or nothing where it does not say."""
    if all(key in document for key in ("vcpus", "vcpus_used", "memory_mb", "memory_mb_used")):
        processors = int(document["vcpus"]) - int(document["vcpus_used"])
        yield "%d %d" % (processors, int(document["memory_mb"]) - int(document["memory_mb_used"]))


def is_text(value):
    return isinstance(value, (str, type(u"")))


if __name__ == "__main__":
    if sys.argv[1] == "instances":
        show(instances(read_list(sys.stdin)))
    else:
        words = (instance, description, volumes, port, needs, room)
        show({word.__name__: word for word in words}[sys.argv[1]](read_object(sys.stdin)))
