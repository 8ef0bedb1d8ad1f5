"""Reads `crm_mon --as-xml` (Pacemaker 1.1 and 2) from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import re
import sys
import xml.etree.ElementTree as ElementTree

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import plain, show, word, words

UNFIT = ("unclean", "pending", "standby", "standby_onfail", "maintenance", "shutdown")
RUNNING = ("Started", "Master", "Slave", "Promoted", "Unpromoted")


def nodes(document):
    """`NAME STATE` for each cluster member: online, offline, or why it does not count as online."""
    for node in document.findall("nodes/node"):
        if node.get("type", "member") == "ping":
            continue
        state = "online" if node.get("online") == "true" else "offline"
        for word in UNFIT:
            if node.get(word) == "true":
                state = word
                break
        yield words(node.get("name"), state)


def quorum(document):
    """`quorum with` or `quorum without`, as the designated controller of the partition sees it; `quorum none` if there is no such node."""
    controller = document.find("summary/current_dc")
    if controller is None or controller.get("present") != "true":
        yield "quorum none"
    else:
        yield "quorum %s" % ("with" if controller.get("with_quorum") == "true" else "without")


def resources(document):
    """`ID ROLE NODE MARKS` for each instance; NODE is - where it runs nowhere.

    MARKS are failed, blocked, orphaned, unmanaged, disabled, joined by commas, or - for none of them.
    """
    for resource in document.iter("resource"):
        marks = [mark for mark in ("failed", "blocked", "orphaned") if resource.get(mark) == "true"]
        if resource.get("managed") == "false":
            marks.append("unmanaged")
        if resource.get("target_role", "").lower() == "stopped":
            marks.append("disabled")
        on = [node.get("name") for node in resource.findall("node")] or ["-"]
        for node in on:
            yield words(resource.get("id"), resource.get("role"), node, ",".join(marks))


def clones(document):
    """`ID NODE,NODE IDLE` for each resource with many instances: where they run, or - for nowhere, and how many do not run.

    Those stopped on purpose are left out. An idle instance is on no node: where it should run is not known here.
    """
    for clone in document.iter("clone"):
        running, idle = {}, {}
        for resource in clone.iter("resource"):
            if resource.get("orphaned") == "true" or resource.get("target_role", "").lower() == "stopped":
                continue
            name = resource.get("id")
            found = running.setdefault(name, [])
            if resource.get("role") in RUNNING:
                found.extend(node.get("name") for node in resource.findall("node"))
            else:
                idle[name] = idle.get(name, 0) + 1
        for name in sorted(running):
            yield words(name, ",".join(sorted(running[name])), str(idle.get(name, 0)))


def fence_devices(document):
    """The ids of the fence devices, started or not."""
    for resource in document.iter("resource"):
        if resource.get("resource_agent", "").startswith("stonith:"):
            yield word(resource.get("id"))


def troubles(document):
    """What keeps the resources from all being started: stopped ones (not those stopped on purpose), failed ones, failed operations.

    What `clones` prints is not repeated.
    """
    many = {resource.get("id") for clone in document.iter("clone") for resource in clone.iter("resource")}
    for line in resources(document):
        name, role, node, marks = line.split(" ")
        if name in many and role == "Stopped" and "failed" not in marks and "blocked" not in marks:
            continue
        marks = marks.split(",")
        if "failed" in marks or "blocked" in marks:
            yield "%s has failed on %s" % (name, node)
        elif role not in RUNNING and not {"disabled", "orphaned"} & set(marks):
            yield "%s is %s" % (name, role.lower())
    for failure in document.findall("failures/failure"):
        operation = failure.get("op_key") or "%s_%s" % (failure.get("id"), failure.get("task"))
        yield "%s on %s ended with %s" % tuple(plain(value) for value in (operation, failure.get("node"), failure.get("exitstatus")))


def unsaid(document):
    """The ids of the stopped ones, if the output says of no resource whether it is to run.

    From Pacemaker 1.1.16 on each has the attribute `blocked`, and `target_role` where that is set; before that none has either.
    """
    if document.find("resources//resource[@blocked]") is None:
        stopped = {resource.get("id") for resource in document.iter("resource") if resource.get("role") == "Stopped"}
        for name in sorted(stopped):
            yield word(name)


def status(document):
    """All that is asked of it, one `word value` per line.

    unsaid ID, node NAME STATE, quorum WORD, clone ID NODES IDLE, trouble TEXT, fence_device ID
    """
    for line in unsaid(document):
        yield "unsaid %s" % line
    for line in nodes(document):
        yield "node %s" % line
    for line in quorum(document):
        yield line
    for line in clones(document):
        yield "clone %s" % line
    for line in troubles(document):
        yield "trouble %s" % line
    for line in fence_devices(document):
        yield "fence_device %s" % line


WORDS = {"nodes": nodes, "quorum": quorum, "resources": resources, "clones": clones, "troubles": troubles, "fence_devices": fence_devices, "unsaid": unsaid, "status": status}

if __name__ == "__main__":
    text = sys.stdin.read()
    # crm_mon declares nothing; what a declaration makes of a few lines may fill the memory
    if re.search(r"<!(DOCTYPE|ENTITY)", text):
        raise ValueError("XML with declarations is not what crm_mon prints")
    root = ElementTree.fromstring(text)
    for asked in sys.argv[1:]:
        show(WORDS[asked](root))
