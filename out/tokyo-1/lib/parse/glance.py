"""Reads glance's JSON, as the Newton client prints it, from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import identity, read_list, show, words


def names(document):
    """`openstack image list`: `NAME ID`; blanks in a name are shown as underscores."""
    for image in document:
        yield words(image["Name"], identity(image["ID"]))


if __name__ == "__main__":
    show({"names": names}[sys.argv[1]](read_list(sys.stdin)))
