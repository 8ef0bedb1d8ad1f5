"""The simulator's services against recordings of the genuine tools: where these were newer than OSP 10's, by values.

Every recording is in exactly one table: here, in the tests of the OpenStack clients, or in UNASKED with the reason.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from unit.simulator.tools import recorded_readers as read
from unit.simulator.tools.openstack import test_recorded as openstack
from unit.simulator.tools.openstack import test_values_recorded as values
from unit.simulator.tools.openstack_lab import RECORDED, recorded
from unit.simulator.tools.recorded_cases import NEWER, Case, compare
from unit.simulator.tools.services_lab import HOST, ServicesLab

SAME = """
ceph-health ceph-health-noout
hiera-array hiera-bool hiera-default hiera-missing hiera-no-argument hiera-no-config hiera-null hiera-value
redis-noauth redis-ping redis-refused redis-wrong-password
""".split()


def flags_set(state: dict[str, Any]) -> None:
    """Set as an operator sets them, one after the other."""
    state["ceph"]["flags"] = ["norebalance", "noout", *state["ceph"]["flags"]]


def osd_down(state: dict[str, Any]) -> None:
    state["ceph"]["osds"][0]["up"] = False


def monitor_down(state: dict[str, Any]) -> None:
    state["ceph"]["mons"][HOST]["up"] = False


def standby(state: dict[str, Any]) -> None:
    state["pacemaker"]["nodes"][HOST]["standby"] = True
    for resource in state["pacemaker"]["resources"]:
        resource["state"] = {}


def haproxy_failed_once(state: dict[str, Any]) -> None:
    state["pacemaker"]["failed"] = [{"resource": "haproxy", "node": HOST}]


JEWEL = "Jewel nests and names its JSON otherwise: "
LAYOUT = "Jewel lays it out otherwise: "
ONE_COPY = "the lab's pools had one copy, so its groups went stale where a site's are degraded: all but the states"
PCS = "pcs 0.9 and pacemaker 1.1 lay it out otherwise and call promoted ones masters: "
COMPARED = {
    "ceph-health-detail-json": Case(JEWEL + "the health", read.ceph_health),
    "ceph-mon-down": Case("the clients word it differently: that the time was up", read.ceph_timed_out, monitor_down),
    "ceph-no-config": Case("Python's text of the error differs: what failed, and where", read.ceph_no_config),
    "ceph-osd-dump-json-flags": Case("each version has flags of its own: the operator's", read.ceph_dump_flags),
    "ceph-osd-dump-noout": Case(LAYOUT + "identity, the operator's flags in order", read.ceph_dump_head, flags_set),
    "ceph-osd-dump": Case(LAYOUT + "identity, flags, each OSD", read.ceph_dump),
    "ceph-osd-set-unknown": Case("each version has flags of its own: the refusal", read.ceph_refusal),
    "ceph-osd-set": Case("Jewel says `set noout` for `noout is set`: what is set, on stderr", read.ceph_changes),
    "ceph-osd-stat": Case(LAYOUT + "OSDs, placement groups, the tree's OSDs", read.ceph_counts),
    "ceph-osd-unset": Case("Jewel says `unset noout`: what is unset, on stderr", read.ceph_changes, flags_set),
    "ceph-pg-stat-json": Case(JEWEL + "placement groups by state", read.ceph_pgs),
    "ceph-s-json": Case(JEWEL + "all that the scripts read", read.ceph_view),
    "ceph-s-noout-json": Case(JEWEL + "all that the scripts read", read.ceph_view, flags_set),
    "ceph-s-noout": Case(LAYOUT + "health and its reason, counts, states", read.ceph_summary, flags_set),
    "ceph-s-osd-down-json": Case(ONE_COPY, read.ceph_view_one_down, osd_down),
    "ceph-s-osd-down": Case(ONE_COPY, read.ceph_summary_one_down, osd_down),
    "ceph-s": Case(LAYOUT + "health and its reason, counts, states", read.ceph_summary),
    "haproxy-csv-no-password": Case(
        "the page's own words carry the status too: 401, and curl content", read.http_status,
        asked='curl -s "http://127.0.0.1:1993/;csv"',
    ),
    "haproxy-csv-status-column": Case("its own proxy stands elsewhere: all lines, unordered", read.sorted_lines),
    "haproxy-csv": Case("counters differ: the columns of 1.5 and what the scripts read", read.haproxy_servers),
    "pcs-cluster-stop": Case(PCS + "the refusal byte for byte, the status by its values", read.pcs_refused),
    "pcs-maintenance": Case(PCS + "all values, and what is unmanaged", read.pcs_status),
    "pcs-property-stonith": Case(
        "`config` is newer: the answer to `show`", read.pcs_property, asked="pcs property show stonith-enabled"
    ),
    "pcs-resource-cleanup": Case(
        PCS + "what is cleaned up, and the status after it; 0.9 says it on stdout",
        read.pcs_cleanup, haproxy_failed_once,
        asked='pcs resource cleanup haproxy; echo "exit $?"; sleep 3; pcs status', merged=True,
    ),
    "pcs-resource-disable": Case(PCS + "all values; 0.9 reports the wait on stdout", read.pcs_resources, merged=True),
    "pcs-resource-failed": Case(
        PCS + "all values, and the failed action; 0.9 reports the wait on stdout",
        read.pcs_status, haproxy_failed_once,
        asked="pcs resource enable haproxy --wait=20; pcs status", merged=True,
    ),
    "pcs-standby": Case(PCS + "all values", read.pcs_status, standby, asked="pcs status"),
    "pcs-status": Case(PCS + "all values", read.pcs_status),
    "rabbit-cluster-status": Case("3.6 prints Erlang terms: nodes, running ones, partitions", read.rabbit_cluster),
    "rabbit-node-health-check-node-down": Case("the diagnostics differ: which node", read.rabbit_unreachable),
    "rabbit-node-health-check": Case("3.6 gives no advice: the two lines of the check", read.rabbit_health),
    "redis-bgsave": Case(
        "the times differ, 3.2 has fewer fields and no REDISCLI_AUTH: replies, the fields of both", read.redis_saves,
        asked='{ask} lastsave; {ask} bgsave; echo "exit $?"; {ask} bgsave; {ask} info persistence | head -14; sleep 1; '
        '{ask} lastsave; {ask} info persistence | grep -E "bgsave"'.replace("{ask}", "redis-cli -a s3cret"),
    ),
    "redis-info-crlf": Case("3.2 has fewer fields: the bytes of the first line", lambda out, err: out.splitlines()[0]),
    "redis-info-replication": Case("3.2 has fewer fields: those of both", read.redis_fields),
}  # fmt: skip

ZED_FIRST = "the lab's bare metal nodes failed a check that comes first: the simulator's are always rightly configured"
UNASKED = {
    "hypervisor-show": "Zed refuses what Newton's server answers: it is not the client that speaks",
    "identity-v2-refused": "Zed has no version 2 of the identity API; OSP 10 has",
    "overcloud-deploy-missing-templates-dir": ZED_FIRST,
    "overcloud-deploy-no-mistral": ZED_FIRST,
    "overcloud-update-interactive-tty": "a terminal echoes what is typed while the command runs: the lab types before",
    "overcloud-update-pipe-shows-nothing": "what a pipe holds back, and a signal's traceback: the lab has neither",
    "rabbit-list-queues": "nothing in the chapter asks for queues, and the simulator refuses to be asked",
    "redis-auth-env": "REDISCLI_AUTH is newer than redis-cli 3.2, which goes on without a password",
    "server-list-pipe-closed": "the lab hands an answer on when it is whole: no pipe is closed under a command",
}


@pytest.mark.parametrize("name", SAME)
def test_byte_for_byte(name: str, tmp_path: Path) -> None:
    lab = ServicesLab(tmp_path)
    if name == "ceph-health-noout":
        flags_set(lab.world.state)
    command, status, out, err = recorded(name)
    assert lab.ask(command) == (status, out, NEWER.sub("", err))


@pytest.mark.parametrize("name", sorted(COMPARED))
def test_by_its_values(name: str, tmp_path: Path) -> None:
    lab = ServicesLab(tmp_path)
    COMPARED[name].prepare(lab.world.state)
    compare(name, COMPARED[name], lab.ask)


def test_every_recording_is_in_exactly_one_table() -> None:
    index = [line.split("\t")[0] for line in (RECORDED / "INDEX.tsv").read_text("utf-8").splitlines()]
    assert sorted(index) == sorted(path.name for path in RECORDED.glob("*.txt"))
    tables = (
        SAME, COMPARED, UNASKED, values.VALUES, values.ALONE,
        openstack.UNTOUCHED, openstack.PREPARED, openstack.AS_ROOT,
    )  # fmt: skip
    assert Counter(f"{name}.txt" for table in tables for name in table) == Counter(index)
