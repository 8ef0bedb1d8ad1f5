"""What python-tripleoclient 5.4 asks of flavors and nodes before it takes a plan. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import io
import re
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import read_list, row, show

# the client's roles that have a --ROLE-flavor and a --ROLE-scale (utils.py, get_roles_info)
ROLES = ("control", "compute", "ceph-storage", "block-storage", "swift-storage")
PROPERTY = re.compile(r"([^ ,=]+)='([^']*)'")


def flavors(document, nodes, *arguments):
    """`flavor list --long`, a file with the rows of ironic.py's `nodes`, and the deploy command's options, `--name=value` each.

    As the client does, of the roles that have both a flavor and a scale:
    missing ROLE FLAVOR; unprofiled FLAVOR; remote FLAVOR (boots over the network); short or surplus FLAVOR PROFILE TAGGED WANTED;
    idle NODES (of those that are left, the ones without a profile).
    """
    known = dict((one["Name"], dict(PROPERTY.findall(one.get("Properties") or ""))) for one in document)
    used = {}
    for role in ROLES:
        flavor, scale = value_of(role, "flavor", arguments), value_of(role, "scale", arguments)
        if flavor is None or not (scale or "").isdigit() or int(scale) == 0:
            continue
        if flavor not in known:
            yield row("missing", role, flavor)
            continue
        used[flavor] = used.get(flavor, 0) + int(scale)
    free, counted = profiles(nodes), False
    for flavor in sorted(used):
        if known[flavor].get("capabilities:boot_option") != "local":
            yield row("remote", flavor)
        profile = known[flavor].get("capabilities:profile")
        if profile is None and len(used) > 1:
            yield row("unprofiled", flavor)
            continue
        counted = True
        tagged = [name for name, its in free if its == profile]
        free = [(name, its) for name, its in free if its != profile]
        if len(tagged) != used[flavor]:
            word = "short" if len(tagged) < used[flavor] else "surplus"
            yield row(word, flavor, profile, "%d" % len(tagged), "%d" % used[flavor])
    idle = [name for name, its in free if not its]
    if idle and counted:
        yield row("idle", ", ".join(idle))


def value_of(role, what, options):
    """The last one counts, as argparse has it."""
    begins = "--%s-%s=" % (role, what)
    return ([None] + [one[len(begins) :] for one in options if one.startswith(begins)])[-1]


def profiles(path):
    """(name, profile or None) of every node that is out of maintenance and active or available."""
    found = []
    with io.open(path, encoding="utf-8") as rows:
        for line in rows:
            cells = line.rstrip("\n").split("\t")
            if len(cells) < 8 or cells[3] != "False" or cells[4] not in ("active", "available"):
                continue
            pairs = [pair.split(":", 1) for pair in cells[7].split(",") if ":" in pair]
            found.append((cells[0], dict(pairs).get("profile")))
    return found


if __name__ == "__main__":
    show({"flavors": flavors}[sys.argv[1]](read_list(sys.stdin), *sys.argv[2:]))
