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


def plain(value):
    """A value that cannot break the table: blanks for tabs and new lines, no control characters, - for nothing."""
    if value in (None, "", "None"):
        return NONE
    words = u"%s" % value
    return u" ".join(u"".join(sign if sign >= u" " and sign != u"\x7f" else u" " for sign in words).split()) or NONE


if __name__ == "__main__":
    for line in {"instances": instances, "instance": instance}[sys.argv[1]](json.load(sys.stdin)):
        print(line)
