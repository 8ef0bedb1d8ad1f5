"""The packages and the kernel of every host, before a change and after it.

    software.py FOLDER    of the lists FOLDER/software/HOST.before and HOST.after, as systems/software.sh keeps them: writes software.tsv, a row
                          for the undercloud and for each node of nodes.tsv, and software-changes.tsv: HOST, PACKAGE, its versions BEFORE and
                          AFTER, tabs between, - where it was not there

Python 2.7 and 3, standard library only.
"""

from __future__ import print_function

import collections
import io
import os
import re
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from rows import cells

# The kernels, and how many packages there are, are None without a list; `changed` is where one of the two lists is missing.
Host = collections.namedtuple("Host", "name kernel_before kernel_after packages_before packages_after changed")
# NAME-VERSION-RELEASE.ARCH, in which the name alone may have a `-`; gpg-pubkey has no architecture
LINE = re.compile(u"kernel ([A-Za-z0-9._+~-]+)\\Z|([A-Za-z0-9][A-Za-z0-9._+~^-]*)-([A-Za-z0-9._+~^]+-[A-Za-z0-9._+~^]+)\\Z")


def read_list(path):
    """(KERNEL, {PACKAGE: [VERSION...]}) of one list; None where there is none. Several versions of one package may be installed at once."""
    try:
        with io.open(path, "rb") as file:
            lines = file.read().decode("utf-8", "replace").split(u"\n")
    except IOError:
        return None
    kernel, packages = u"-", {}
    for found in filter(None, map(LINE.match, lines)):
        if found.group(1):
            kernel = found.group(1)
        else:
            packages.setdefault(found.group(2), []).append(found.group(3))
    return kernel, packages


def changes(before, after):
    """(PACKAGE, BEFORE, AFTER) of what differs, by name: each the versions with a blank between, - where there are none."""
    for name in sorted(set(before) | set(after)):
        had, has = (u" ".join(sorted(packages.get(name, ()))) or u"-" for packages in (before, after))
        if had != has:
            yield name, had, has


def names_of(folder):
    """Every host of the site, the undercloud first."""
    return [u"undercloud"] + [row[0] for row in cells(os.path.join(folder, "nodes.tsv")) if not row[0].startswith(u"#")]


def compare(folder, name):
    """(ROW, CHANGES) of one host; without both lists it is unknown what has changed."""
    before, after = (read_list(os.path.join(folder, "software", u"%s.%s" % (name, when))) for when in ("before", "after"))
    differing = list(changes(before[1], after[1])) if before and after else []
    counts = [u"%d" % sum(len(versions) for versions in found[1].values()) if found else u"-" for found in (before, after)]
    kernels = [found[0] if found else u"-" for found in (before, after)]
    return [name] + kernels + counts + [u"%d" % len(differing) if before and after else u"-"], differing


def read_hosts(folder):
    """What main has written of each host, as Host."""
    for row in cells(os.path.join(folder, "software.tsv")):
        if len(row) == len(Host._fields):
            yield Host(*([row[0]] + [None if cell == u"-" else cell for cell in row[1:]]))


def main(folder):
    """Write both files."""
    with io.open(os.path.join(folder, "software.tsv"), "w", encoding="utf-8") as hosts:
        with io.open(os.path.join(folder, "software-changes.tsv"), "w", encoding="utf-8") as differing:
            for name in names_of(folder):
                row, found = compare(folder, name)
                hosts.write(u"\t".join(row) + u"\n")
                for one in found:
                    differing.write(u"\t".join((name,) + one) + u"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
