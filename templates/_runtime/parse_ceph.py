"""Reads Ceph's JSON (Jewel 10.2 and later shapes) from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import json
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import plain, show, word


def status(document):
    """`ceph -s --format json`: one `word value` a line."""
    osds = document["osdmap"]
    osds = osds.get("osdmap", osds)
    monitors = document["monmap"]
    pgs = document["pgmap"]
    states = pgs.get("pgs_by_state", [])
    clean = sum(s["count"] for s in states if is_clean(s["state_name"]))
    health = document["health"]
    yield "health %s" % plain(health.get("status") or health["overall_status"])
    yield "monitors %d" % (len(monitors["mons"]) if "mons" in monitors else monitors["num_mons"])
    yield "in_quorum %d" % len(document["quorum"])
    yield "osds %d" % osds["num_osds"]
    yield "osds_up %d" % osds["num_up_osds"]
    yield "pgs %d" % pgs["num_pgs"]
    yield "pgs_clean %d" % clean
    yield "states %s" % ", ".join("%d %s" % (s["count"], plain(s["state_name"])) for s in states)


def is_clean(state):
    """active+clean, also while it is being scrubbed; any other word beside these means work in progress."""
    words = set(state.split("+"))
    return {"active", "clean"} <= words <= {"active", "clean", "scrubbing", "deep"}


def flags(document):
    """`ceph osd dump --format json`: the cluster's flags."""
    return [word(flag) for flag in document["flags"].split(",")]


def used(document):
    """`ceph df --format json`: how full the cluster is, per cent."""
    yield 100 * document["stats"]["total_used_bytes"] // max(document["stats"]["total_bytes"], 1)


def keys(document, prefix):
    """`ceph config-key list --format json`: what comes after `prefix` in the keys that begin with it."""
    return sorted(plain(key[len(prefix) :]) for key in document if key.startswith(prefix))


if __name__ == "__main__":
    show({"status": status, "flags": flags, "used": used, "keys": keys}[sys.argv[1]](json.load(sys.stdin), *sys.argv[2:]))
