"""Reads Ceph's JSON (Jewel 10.2 and later shapes) from stdin and prints plain lines. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import io
import re
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from lines import json_of, plain, row, show, word

# Luminous' name of each health check, what Jewel 10.2, which has no names, says instead (src/mon/*Monitor.cc), and who judges it: `amber`
# does not affect a reboot and may be accepted in the spec; quorum, osds and pgs have checks of their own; `soon` may
# pass by itself after a reboot; `harm` is everything else.
CHECKS = (
    ("TOO_MANY_PGS", r"too many PGs per OSD \(", "amber"),
    ("TOO_FEW_PGS", r"too few PGs per OSD \(", "amber"),
    ("MANY_OBJECTS_PER_PG", r"pool .* (has many more objects per pg than average|has too few pgs)", "amber"),
    ("SMALLER_PGP_NUM", r"pool .* pg_num \d+ > pgp_num \d+", "amber"),
    ("POOL_APP_NOT_ENABLED", None, "amber"),
    ("CACHE_POOL_NO_HIT_SET", r"\d+ cache pools are missing hit_sets", "amber"),
    ("PG_NOT_SCRUBBED", r"\d+ unscrubbed pgs", "amber"),
    ("PG_NOT_DEEP_SCRUBBED", None, "amber"),
    ("OLD_CRUSH_TUNABLES", r"crush map has (legacy|non-optimal) tunables", "amber"),
    ("OLD_CRUSH_STRAW_CALC_VERSION", r"crush map has straw_calc_version=0", "amber"),
    ("OSD_NO_SORTBITWISE", r"(no legacy OSD present but )?'sortbitwise' flag is not set", "amber"),
    ("OSD_UPGRADE_FINISHED", r"all OSDs are running jewel or later but the 'require_jewel_osds' osdmap flag is not set", "amber"),
    ("OSD_NO_DOWN_OUT_INTERVAL", r"\S+ has mon_osd_down_out_interval set to 0", "amber"),
    ("OSDMAP_FLAGS", r"\S+ flag\(s\) set", "flags"),
    ("MON_DOWN", r"\d+ mons down, quorum", "quorum"),
    ("OSD_DOWN", r"\d+/\d+ in osds are down|\d+ osds down", "osds"),
    ("OSD_HOST_DOWN", None, "osds"),
    ("OSD_ROOT_DOWN", None, "osds"),
    ("PG_AVAILABILITY", r"\d+ pgs (are )?(stuck )?(inactive|stale|down|peering|incomplete)", "pgs"),
    ("PG_DEGRADED", r"\d+ pgs (stuck )?(degraded|undersized|unclean|recover\w+)|recovery .* degraded", "pgs"),
    ("OBJECT_MISPLACED", r"recovery .* misplaced|\d+ pgs (backfill\w*|remapped)", "pgs"),
    ("OBJECT_UNFOUND", r"recovery .* unfound", "harm"),
    ("OSD_SCRUB_ERRORS", r"\d+ scrub errors", "harm"),
    ("PG_DAMAGED", r"\d+ pgs (inconsistent|repair)", "harm"),
    ("REQUEST_SLOW", r"\d+ requests are blocked|\d+ osds have slow requests", "soon"),
    ("OSD_FULL", r"\d+ full osd\(s\)", "harm"),
    ("OSD_NEARFULL", r"\d+ near full osd\(s\)", "harm"),
    ("POOL_FULL", r"pool .* is full", "harm"),
    ("CACHE_POOL_NEAR_FULL", r"'.*' at/near target max", "harm"),
    ("MON_CLOCK_SKEW", r"clock skew detected|Monitor clock skew", "soon"),
    ("MON_DISK_BIG", r"mon\.\S+ store is getting too big", "harm"),
    ("MON_DISK_LOW", r"mon\.\S+ low disk space", "harm"),
)
JUDGED = dict((name, judge) for name, _, judge in CHECKS)
# SCRUBBING flags stop scrubbing alone; HELD are those that 2.08 sets, and who has set them is asked elsewhere
SCRUBBING, HELD = {"noscrub", "nodeep-scrub"}, {"noout", "norebalance"}
# Ceph's JSON may have nan and inf, which are not JSON
NO_NUMBER = re.compile(r":\s*-?(?:nan|inf)(?=\s*[,}])")


def status(document):
    """`ceph -s --format json`: one `word value` per line."""
    osds = document["osdmap"]
    osds = osds.get("osdmap", osds)
    monitors = document["monmap"]
    pgs = document["pgmap"]
    states = pgs.get("pgs_by_state", [])
    clean = sum(s["count"] for s in states if is_clean(s["state_name"]))
    health = document["health"]
    yield "health %s" % plain(health.get("status") or health["overall_status"])
    yield "monitors %d" % (len(a_list(monitors["mons"])) if "mons" in monitors else monitors["num_mons"])
    yield "in_quorum %d" % len(a_list(document["quorum"]))
    yield "osds %d" % osds["num_osds"]
    yield "osds_up %d" % osds["num_up_osds"]
    yield "pgs %d" % pgs["num_pgs"]
    yield "pgs_clean %d" % clean
    yield "states %s" % ", ".join("%d %s" % (s["count"], plain(s["state_name"])) for s in states)


def a_list(document):
    """The list itself. A text has a length and parts too: ValueError."""
    if not isinstance(document, list):
        raise ValueError("a list was asked for, and the answer is other JSON")
    return document


def is_clean(state):
    """active+clean, also while it is being scrubbed; any other word beside these means work in progress."""
    words = set(state.split("+"))
    return {"active", "clean"} <= words <= {"active", "clean", "scrubbing", "deep"}


def checks(document, accepted):
    """`ceph -s --format json`: WORD, NAME, TEXT, REASON of each check that is not OK. `accepted` names lib/accepted.tsv of the bundle.

    WORD is accepted (by the spec), or as in CHECKS; `held` is flags that 2.08 turns too.
    """
    reasons = {}
    with io.open(accepted, encoding="utf-8") as rows:
        for line in rows:
            system, name, reason = line.rstrip("\n").split("\t")
            if system == "ceph":
                reasons[name] = reason or "no reason is given"
    for level, name, text in not_ok(document["health"]):
        for judge, part in parts_of(name, text):
            if judge == "amber" and name in reasons and level == "HEALTH_WARN":
                yield row("accepted", name, part, reasons[name])
            else:
                yield row(judge, name, part, "")


def not_ok(health):
    """(level, name, text): Luminous names its checks; its `summary` only tells readers of Jewel's to look elsewhere."""
    if "checks" in health or "status" in health:
        for name, check in sorted(health.get("checks", {}).items()):
            yield check["severity"], name, check["summary"]["message"]
        return
    for entry in health.get("summary", []):
        text = plain(entry["summary"])
        named = [name for name, pattern, _ in CHECKS if pattern and re.match(pattern, text)]
        yield entry["severity"], (named or ["UNKNOWN"])[0], text


def parts_of(name, text):
    """(judge, text): flags are split by who judges them."""
    if JUDGED.get(name) != "flags":
        yield JUDGED.get(name, "harm"), text
        return
    found = plain(text).split(" ")[0].split(",")
    parts = (("amber", SCRUBBING), ("held", HELD), ("harm", set(found) - SCRUBBING - HELD))
    for judge, those in parts:
        these = [flag for flag in found if flag in those]
        if these:
            yield judge, "%s flag(s) set" % ",".join(these)


def down(documents):
    """[`ceph osd tree`, `ceph osd df`], both in JSON: WORD, OSD, HOST of each OSD that is not up.

    WORD is gone (it is out, and holds no placement group) or down; HOST is - if the tree does not say it.
    """
    tree, usage = documents
    host_of = {}
    for node in tree["nodes"]:
        if node["type"] == "host":
            host_of.update((child, node["name"]) for child in node.get("children", []))
    pgs_of = dict((osd["id"], osd.get("pgs")) for osd in usage["nodes"] + usage.get("stray", []) if osd["id"] >= 0)
    for osd in tree["nodes"] + tree.get("stray", []):
        if osd["type"] != "osd" or not osd.get("exists", 1) or osd["status"] == "up":
            continue
        # (an OSD that `osd df` does not list may still hold placement groups)
        gone = osd["reweight"] == 0 and pgs_of.get(osd["id"]) == 0
        yield row("gone" if gone else "down", osd["name"], host_of.get(osd["id"]))


def flags(document):
    """`ceph osd dump --format json`: the cluster's flags."""
    return [word(flag) for flag in document["flags"].split(",")]


def used(document):
    """`ceph df --format json`: how full the cluster is, per cent."""
    yield 100 * document["stats"]["total_used_bytes"] // max(document["stats"]["total_bytes"], 1)


def keys(document, prefix):
    """`ceph config-key list --format json`: what comes after `prefix` in the keys that begin with it."""
    return sorted(plain(key[len(prefix) :]) for key in a_list(document) if key.startswith(prefix))


if __name__ == "__main__":
    reader = {"status": status, "checks": checks, "down": down, "flags": flags, "used": used, "keys": keys}[sys.argv[1]]
    show(reader(json_of(NO_NUMBER.sub(":0", sys.stdin.read())), *sys.argv[2:]))
