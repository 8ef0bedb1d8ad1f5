"""Reads HAProxy's statistics (`/;csv`) from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import csv
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import row as line
from lines import show


def servers(lines):
    """`PROXY<tab>SERVER<tab>STATUS` for each server; the rows of front ends and back ends are left out."""
    rows = csv.reader(lines)
    heading = [name.lstrip("# ") for name in next(rows)]
    proxy, server, status = (heading.index(name) for name in ("pxname", "svname", "status"))
    for row in rows:
        if len(row) > status and row[server] not in ("FRONTEND", "BACKEND"):
            yield line(row[proxy], row[server], row[status])


WORDS = {"servers": servers}

if __name__ == "__main__":
    show(WORDS[sys.argv[1]](sys.stdin))
