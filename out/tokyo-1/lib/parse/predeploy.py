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
    """`flavor list --long`, a file with the rows of ironic.py's `nodes`, and the deploy command's own arguments.

    As the client does, of the roles that have both a flavor and a scale:
    missing ROLE FLAVOR; unprofiled FLAVOR; remote FLAVOR (boots over the network); short FLAVOR PROFILE TAGGED WANTED.
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
    tagged = profiles(nodes)
    for flavor in sorted(used):
        if known[flavor].get("capabilities:boot_option") != "local":
            yield row("remote", flavor)
        profile = known[flavor].get("capabilities:profile")
        if profile is None and len(used) > 1:
            yield row("unprofiled", flavor)
        elif tagged.count(profile) < used[flavor]:
            yield row("short", flavor, profile, "%d" % tagged.count(profile), "%d" % used[flavor])


def value_of(role, what, arguments):
    """The last one counts, as argparse has it; written as one word or as two."""
    option, found = "--%s-%s" % (role, what), None
    for at, word in enumerate(arguments):
        if word == option and at + 1 < len(arguments):
            found = arguments[at + 1]
        elif word.startswith(option + "="):
            found = word[len(option) + 1 :]
    return found


def profiles(path):
    """The profile, or None, of every node that is out of maintenance and active or available."""
    found = []
    with io.open(path, encoding="utf-8") as rows:
        for line in rows:
            cells = line.rstrip("\n").split("\t")
            if len(cells) < 8 or cells[3] != "False" or cells[4] not in ("active", "available"):
                continue
            pairs = [pair.split(":", 1) for pair in cells[7].split(",") if ":" in pair]
            found.append(dict(pairs).get("profile"))
    return found


if __name__ == "__main__":
    show({"flavors": flavors}[sys.argv[1]](read_list(sys.stdin), *sys.argv[2:]))
