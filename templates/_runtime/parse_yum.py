"""Reads what `yum list` prints from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import show, words

SECTIONS = {"Installed Packages": "installed", "Available Packages": "available", "Updated Packages": "available"}


def packages(lines):
    """`installed|available NAME VERSION` for each package; NAME without its architecture, VERSION as yum has it (epoch:version-release).

    yum breaks a row that is too long for 80 columns after the name, or after the version.
    """
    section = None
    cells = []
    for line in lines:
        heading = SECTIONS.get(line.strip())
        if heading:
            section, cells = heading, []
            continue
        if section is None:
            continue
        cells = cells + line.split() if line[:1].isspace() else line.split()
        if len(cells) == 3 and "." in cells[0]:
            yield words(section, cells[0].rsplit(".", 1)[0], cells[1])
            cells = []


WORDS = {"list": packages}

if __name__ == "__main__":
    show(WORDS[sys.argv[1]](sys.stdin))
