"""What the recordings of the services say, read alike from OSP 10's layout and from the later version's."""

from __future__ import annotations

import ast
import json
import re
import sys
from typing import Any

from unit.runtime.parse.parsers import parse

# The flags that an operator can set in every version of Ceph; the version has others of its own.
FLAGS = {
    "pause",
    "noup",
    "nodown",
    "noout",
    "noin",
    "nobackfill",
    "norebalance",
    "norecover",
    "noscrub",
    "nodeep-scrub",
}
INFO = (  # what both versions of Redis tell
    "loading", "rdb_changes_since_last_save", "rdb_bgsave_in_progress", "rdb_last_save_time", "rdb_last_bgsave_status",
    "rdb_last_bgsave_time_sec", "role", "connected_slaves", "master_repl_offset", "repl_backlog_active",
    "repl_backlog_size", "repl_backlog_first_byte_offset", "repl_backlog_histlen",
)  # fmt: skip
ROLES = {"Promoted": "Master", "Unpromoted": "Slave", "Masters": "Master", "Slaves": "Slave"}


def first(pattern: str, text: str) -> Any:
    found = re.search(pattern, text, re.MULTILINE)
    return found.groups() if found else None


def ceph_view(out: str, err: str) -> dict[str, str]:
    """`ceph -s -f json` as the scripts read it."""
    lines = parse(sys.executable, "ceph", "status", out)
    return dict(line.split(" ", 1) for line in lines)


def ceph_view_one_down(out: str, err: str) -> dict[str, Any]:
    view: dict[str, Any] = ceph_view(out, err)
    del view["states"]
    return {**view, "pgs_clean": view["pgs_clean"] == view["pgs"]}


def ceph_summary(out: str, err: str) -> dict[str, Any]:
    return {
        "health": first(r"health:? (HEALTH_\w+)", out),
        "warning": first(r"(\S+ flag\(s\) set)$", out),
        "monitors": first(r"(\d+) (?:daemons|mons)", out),
        "osds": first(r"(\d+) osds: (\d+) up(?: \([^)]*\))?, (\d+) in", out),
        "pgs": first(r"(\d+) pgs", out),
        "pools": first(r"(\d+) pools", out),
        "states": re.findall(r"^ +(?:pgs: +)?(\d+) +([a-z+]+)$", out, re.MULTILINE),
    }


def ceph_summary_one_down(out: str, err: str) -> dict[str, Any]:
    view = ceph_summary(out, err)
    return {**view, "states": any(state == "active+clean" and count == "33" for count, state in view["states"])}


def ceph_health(out: str, err: str) -> Any:
    document = json.loads(out)
    return document.get("status") or document["overall_status"]


def ceph_changes(out: str, err: str) -> list[tuple[str, str]]:
    found = re.findall(r"^(set|unset) (\S+)$|^(\S+) is (set|unset)$", err, re.MULTILINE)
    return [(old or new, flag or name) for old, flag, name, new in found]


def ceph_refusal(out: str, err: str) -> tuple[Any, str]:
    return first(r"^Invalid command: +(\S+ not in )", err), err.splitlines()[-1]


def ceph_timed_out(out: str, err: str) -> bool:
    return bool(re.search("timed ?out", err, re.IGNORECASE))


def ceph_no_config(out: str, err: str) -> Any:
    return first(r"^(Error initializing cluster client: ObjectNotFound)\(.*(error calling conf_read_file)", err)


def ceph_dump(out: str, err: str) -> dict[str, Any]:
    flags = re.search(r"^flags (\S+)$", out, re.MULTILINE)
    assert flags is not None
    return {
        "fsid": first(r"^fsid (\S+)$", out),
        "flags": [flag for flag in flags[1].split(",") if flag in FLAGS],
        "max": first(r"^max_osd (\d+)$", out),
        "osds": re.findall(r"^(osd\.\d+) (up|down) +(in|out) +weight (\d+)", out, re.MULTILINE),
    }


def ceph_dump_head(out: str, err: str) -> tuple[Any, Any]:
    dump = ceph_dump(out, err)
    return dump["fsid"], dump["flags"]


def ceph_dump_flags(out: str, err: str) -> tuple[str, list[str]]:
    flags = ast.literal_eval(out)["flags"].split(",")
    return "flags", [flag for flag in flags if flag in FLAGS]


def ceph_counts(out: str, err: str) -> dict[str, Any]:
    tree = re.findall(r"^ *(\d+) .*(osd\.\d+) +(up|down) +([\d.]+) +([\d.]+) *$", out, re.MULTILINE)
    osds, pgs = first(r"(\d+) osds: (\d+) up[^,]*, (\d+) in", out), first(r"(\d+) pgs: ([^;]*);", out)
    return {"osds": osds, "pgs": pgs, "tree": tree}


def ceph_pgs(out: str, err: str) -> tuple[int, list[Any]]:
    document = json.loads(out)
    document = document.get("pg_summary", document)
    return document["num_pgs"], document["num_pg_by_state"]


def pcs_status(out: str, err: str) -> dict[str, Any]:
    clones = re.findall(r"(Clone|Master/Slave) Set: \S+ \[(\S+)\](.*)", out)
    return pcs_resources(out, err) | {
        "cluster": first(r"^Cluster name: (\S+)", out),
        "controller": first(r"Current DC: (\S+) \(version [^)]*\) - (.*)", out),
        "nodes": first(r"(\d+) nodes? configured", out),
        "instances": first(r"(\d+) resources? (?:instances )?configured", out),
        "disabled": first(r"(\*\*\* Resource management is DISABLED \*\*\*)", out),
        "standby": re.findall(r"Node (\S+): standby", out),
        "online": first(r"Online: \[ (.*) \]", out),
        "clones": [
            (inner, kind[0] == "M" or "promotable" in tail, "unmanaged" in tail) for kind, inner, tail in clones
        ],
        "failed": pcs_failed(out),
        "daemons": re.findall(r"^  (corosync|pacemaker|pcsd): ", out, re.MULTILINE),
    }


def pcs_resources(out: str, err: str) -> dict[str, Any]:
    single = re.findall(r"^[ *]*(\S+)\t\((\S+)\):\t *(.*)$", out, re.MULTILINE)
    roles = re.findall(r"(Promoted|Masters|Unpromoted|Slaves|Started|Stopped): \[ (.*) \]", out)
    return {
        "single": [
            (name, agent.replace("::", ":"), state.replace("Promoted", "Master")) for name, agent, state in single
        ],
        "roles": [(ROLES.get(role, role), nodes) for role, nodes in roles],
        "words": re.findall(r"^resource '\S+' is .*$", out, re.MULTILINE),
    }


def pcs_failed(out: str) -> list[tuple[str, ...]]:
    """(resource, operation, seconds between two, node, result) of each failed action."""
    old = re.findall(r"^\* (\S+)_(\w+)_(\d+)000 on (\S+) '([^']*)'", out, re.MULTILINE)
    new = re.findall(r"^  \* (\S+) (\d+)s-interval (\w+) on (\S+) returned '([^']*)'", out, re.MULTILINE)
    return old + [(name, operation, every, node, text) for name, every, operation, node, text in new]


def pcs_cleanup(out: str, err: str) -> dict[str, Any]:
    view = pcs_status(out, err)
    said = first(r"^(Cleaned up \S+ on \S+)$", out)
    return {"said": said} | {key: view[key] for key in ("online", "single", "roles", "clones", "failed", "daemons")}


def pcs_refused(out: str, err: str) -> tuple[Any, Any]:
    return err, pcs_status(out, err)


def pcs_property(out: str, err: str) -> Any:
    return first(r"^(Cluster Properties:)\n (stonith-enabled: \w+)$", out)


def redis_fields(out: str, err: str) -> dict[str, str]:
    pairs = (line.strip().partition(":") for line in out.splitlines())
    return {key: value for key, _, value in pairs if key in INFO}


def redis_saves(out: str, err: str) -> list[str]:
    """The replies in order, blank lines too: of the fields those of both versions, of the times their order."""
    lines = [line.rstrip("\r") for line in out.split("\n")]
    lines = [line for line in lines if ":" not in line or line.partition(":")[0] in INFO]
    before, after = [line for line in lines if line.isdigit()]
    return [("later" if int(after) > int(before) else "not later") if line == after else line for line in lines]


def rabbit_name(text: str) -> str:
    return re.sub(r"'?(?:lab|rabbit)@[\w-]+'?", "NODE", text)


def rabbit_cluster(out: str, err: str) -> dict[str, Any]:
    text = rabbit_name(re.sub(r"\x1b?\[\d*m", "", out))
    if "{nodes," in text:
        terms = re.sub(r"\s", "", text)
        kinds = {
            "disc": r"\{disc,\[(.*?)\]\}",
            "running": r"running_nodes,\[(.*?)\]",
            "partitions": r"partitions,\[(.*?)\]",
        }
        return {kind: first(pattern, terms)[0] for kind, pattern in kinds.items()}
    heads = {"disc": "Disk Nodes", "running": "Running Nodes", "partitions": "Network Partitions"}
    return {kind: first(rf"^{head}\n\n(.*)$", text)[0].replace("(none)", "") for kind, head in heads.items()}


def rabbit_health(out: str, err: str) -> list[str]:
    text = rabbit_name(out).replace(" ...", "")
    return [line for line in text.splitlines() if line.startswith(("Checking", "Health"))]


def rabbit_unreachable(out: str, err: str) -> Any:
    return first(r"^attempted to contact: \['?([^']*)'?\]$", err)


def haproxy_servers(out: str, err: str) -> tuple[list[str], list[str]]:
    """The columns that version 1.5 has, and the servers as the scripts read them."""
    columns = out.splitlines()[0].rstrip(",").split(",")
    return columns[: columns.index("ttime") + 1], sorted(parse(sys.executable, "haproxy", "servers", out))


def sorted_lines(out: str, err: str) -> list[str]:
    return sorted(out.splitlines())


def http_status(out: str, err: str) -> Any:
    return first(r"\b(\d{3})\b", out)
