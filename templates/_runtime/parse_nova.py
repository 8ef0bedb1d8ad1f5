"""Reads nova's instances (`server list --long`, `server show`, both `-f json`) from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import json
import sys

NONE = "-"


def instances(document):
    """ID, STATUS, TASK (or -), POWER, HOST (or -), NAME, joined by tabs: one instance a line."""
    for row in document:
        cells = (row["ID"], row["Status"], row["Task State"], row["Power State"], row["Host"], row["Name"])
        yield "\t".join(plain(cell) for cell in cells)


def instance(document):
    """The same line of `server show -f json`."""
    keys = ("id", "status", "OS-EXT-STS:task_state", "OS-EXT-STS:power_state", "OS-EXT-SRV-ATTR:host", "name")
    yield "\t".join(plain(document[key]) for key in keys)


def description(document):
    """`server show -f json`: what a copy has to have in common with it, one `word value` a line; flavor as its id."""
    yield "id %s" % plain(document["id"])
    yield "name %s" % plain(document["name"])
    yield "flavor %s" % plain(document["flavor"]).rpartition("(")[2].rstrip(")")
    for word, key in (("key", "key_name"), ("zone", "OS-EXT-AZ:availability_zone")):
        if plain(document[key]) != NONE:
            yield "%s %s" % (word, plain(document[key]))


def volumes(document):
    """`server show -f json`: the ids of the volumes that are attached, one a line."""
    for volume in document["os-extended-volumes:volumes_attached"]:
        yield plain(volume["id"])


def plain(value):
    """A value that cannot break the table: blanks for tabs and new lines, no control characters, - for nothing."""
    if value in (None, "", "None"):
        return NONE
    words = u"%s" % value
    return u" ".join(u"".join(sign if sign >= u" " and sign != u"\x7f" else u" " for sign in words).split()) or NONE


if __name__ == "__main__":
    for line in {"instances": instances, "instance": instance, "description": description, "volumes": volumes}[sys.argv[1]](json.load(sys.stdin)):
        print(line)
