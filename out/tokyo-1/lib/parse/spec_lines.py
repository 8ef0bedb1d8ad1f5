"""Lines of the spec, as an operator pastes them into site.yaml. Python 2.7 and 3, standard library only.

Lines that begin with # say what to do, and what to remove: a list's own dash beside the minus of a patch would be
misread, and pasting a comment adds nothing. What cannot be known is UNKNOWN under a line that says UNRESOLVED,
as `osp-compile import` writes it: the compiler refuses it.
"""

from __future__ import print_function

import json
import re
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import show, text_of

# what the compiler takes for the name of a node, a role and a stack: specs/site.schema.json
NODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\Z")
ROLE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}\Z")
STACK = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,254}\Z")
STOCK = ("Controller", "Compute", "CephStorage", "BlockStorage", "ObjectStorage")
# a text that no reader of YAML takes for a number, a date or a truth
PLAIN = re.compile(r"(?:[A-Za-z][A-Za-z0-9_.-]*|[0-9]{1,3}(?:\.[0-9]{1,3}){3})\Z")
OTHERWISE = frozenset("y n yes no on off true false null".split())
UNKNOWN = "UNKNOWN"


def to_add(name, role, addresses, roles):
    """Of a server: NAME as nova has it, its role (None: unknown), its addresses on ctlplane; the spec's roles."""
    if not is_name(name):
        yield "# UNRESOLVED %s cannot be used in site.yaml, since it is not a host name" % legible(name)
        yield "# find out who made this server"
        return
    for line in unresolved(name, role, addresses):
        yield line
    for line in of_new_role(role, roles):
        yield line
    yield "# nodes: add"
    yield node(name, role, the_one_of(addresses))


def to_change(name, old, new, roles):
    """OLD and NEW are (role, addresses), each as `to_add` takes them."""
    for line in unresolved(name, *new):
        yield line
    for line in of_new_role(new[0], roles):
        yield line
    yield "# nodes: instead of %s" % node(name, old[0], the_one_of(old[1]))
    yield node(name, new[0], the_one_of(new[1]))


def to_remove(name, role, address):
    """Of a node of the spec; both ways out are comments, since a person has to choose."""
    yield "# nodes: take out"
    yield "# %s" % node(name, role, address)
    yield "# or, if this undercloud did not deploy it, put in its place"
    yield "# %s" % node(name, role, address, ", deployed_server: true")


def unresolved(name, role, addresses):
    if role is None:
        yield "# UNRESOLVED %s: heat does not tell its role" % name
    if the_one_of(addresses) is None:
        yield "# UNRESOLVED %s: it has %d addresses on ctlplane" % (name, len(addresses))


def of_new_role(role, roles):
    if role is not None and role not in STOCK and role not in roles:
        yield "# roles: add %s with what its nodes are, unless site.yaml has it already" % role


def the_one_of(addresses):
    return addresses[0] if len(addresses) == 1 else None


def node(name, role, address, more=""):
    given = (scalar(name), scalar(role or UNKNOWN), scalar(address or UNKNOWN), more)
    return "- {name: %s, role: %s, address: %s%s}" % given


def is_name(name):
    return isinstance(name, type(u"")) and NODE.match(name) is not None


def scalar(text):
    """A value that a spec may have, as YAML reads it back: in quotes if it could be anything but a text."""
    if PLAIN.match(text) and text.lower() not in OTHERWISE:
        return text
    return '"%s"' % text


def legible(name):
    """A name that a spec may not have: in ASCII, so that nothing of it is hidden, mirrored or taken for another letter."""
    return json.dumps(name)[:120]


def site(lines, name, change, language, old):
    """Names of stacks on stdin: the spec's line `site` with the stack that is there instead of `old`; several as comments."""
    found = [stack for stack in (text_of(line).rstrip("\n") for line in lines) if STACK.match(stack)]
    if found:
        yield "# site: with the stack that is meant" if len(found) > 1 else "# site: instead of stack: %s" % scalar(old)
    for stack in found:
        given = ("# " if len(found) > 1 else "", scalar(name), scalar(change), scalar(stack), language)
        yield "%ssite: {name: %s, change: %s, stack: %s, language: %s}" % given


if __name__ == "__main__":
    show({"site": site}[sys.argv[1]](sys.stdin, *sys.argv[2:]))
