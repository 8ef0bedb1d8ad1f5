"""Reads what `yum list` prints from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import fnmatch
import re
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import row, show, words

SECTIONS = {"Installed Packages": "installed", "Available Packages": "available", "Updated Packages": "available"}


def packages(lines):
    """`installed|available NAME VERSION` for each package; NAME without its architecture, VERSION as yum has it (epoch:version-release)."""
    for section, name, version, _ in rows(lines):
        yield words(section, name, version)


def channels(lines):
    """`NAME VERSION REPOSITORY` for each package that is available, in yum's own order: of several versions the newest is the last."""
    for section, name, version, repository in rows(lines):
        if section == "available":
            yield words(name, version, repository)


def rows(lines):
    """Section, name, version and repository of each package; yum breaks a row that is too long for 80 columns after the name, or after the version."""
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
            yield section, cells[0].rsplit(".", 1)[0], cells[1], cells[2]
            cells = []


LOCKED = re.compile(r"!?(?:\d+:)?(.+)-[^-]+-[^-]+$")


def held(lines, *names):
    """The lines `held KIND FILE PATTERN` (tabs between) of what keeps packages back, among any other lines.

    Prints KIND (lock or exclude), FILE, PATTERN and which of the names it means, joined by commas.
    """
    for line in lines:
        cells = line.rstrip("\n").split("\t")
        if len(cells) != 4 or cells[0] != "held":
            continue
        kind, file, pattern = cells[1:]
        match = LOCKED.match(pattern) if kind == "lock" else None
        name = match.group(1) if match else pattern
        meant = [one for one in names if fnmatch.fnmatchcase(one, name) or fnmatch.fnmatchcase(one + ".x86_64", name)]
        yield row(kind, file, pattern, ", ".join(meant))


WORDS = {"list": packages, "channels": channels, "held": held}

if __name__ == "__main__":
    show(WORDS[sys.argv[1]](sys.stdin, *sys.argv[2:]))
