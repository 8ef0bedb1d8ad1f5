"""Ceph's health check by check, and its OSDs that are not up: what is accepted, what is harm, what is out for good."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from osp_compile.spec import schema
from unit.runtime.parse.parsers import RUNTIME, parse

SAMPLES = Path(__file__).resolve().parents[3] / "data/rhel7"
PGS = "too many PGs per OSD (412 > max 300)"


def jewel(*texts: str, level: str = "HEALTH_WARN") -> str:
    summary = [{"severity": level, "summary": text} for text in texts]
    return json.dumps({"health": {"summary": summary, "overall_status": level, "detail": []}})


def luminous(name: str, text: str, level: str = "HEALTH_WARN") -> str:
    check = {name: {"severity": level, "summary": {"message": text}}}
    return json.dumps({"health": {"checks": check, "status": level, "summary": [], "overall_status": "HEALTH_WARN"}})


@pytest.fixture
def accepted(tmp_path: Path) -> str:
    rows = "ceph\tTOO_MANY_PGS\tso since 2016, \u5909\u66f4 1234\nceph\tOSDMAP_FLAGS\t\nceph\tOSD_DOWN\tnever\nother\tMON_DOWN\tx\n"
    (tmp_path / "accepted.tsv").write_text(rows, encoding="utf-8")
    return str(tmp_path / "accepted.tsv")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (jewel(PGS), [f"accepted\tTOO_MANY_PGS\t{PGS}\tso since 2016, \u5909\u66f4 1234"]),
        (luminous("TOO_MANY_PGS", PGS), [f"accepted\tTOO_MANY_PGS\t{PGS}\tso since 2016, \u5909\u66f4 1234"]),
        # it is an error there, and was accepted as a warning
        (luminous("TOO_MANY_PGS", PGS, "HEALTH_ERR"), [f"amber\tTOO_MANY_PGS\t{PGS}\t-"]),
        (jewel("too few PGs per OSD (12 < min 30)"), ["amber\tTOO_FEW_PGS\ttoo few PGs per OSD (12 < min 30)\t-"]),
        (
            jewel("noout,norebalance,noscrub,nodeep-scrub,norecover flag(s) set"),
            [
                "accepted\tOSDMAP_FLAGS\tnoscrub,nodeep-scrub flag(s) set\tno reason is given",
                "held\tOSDMAP_FLAGS\tnoout,norebalance flag(s) set\t-",
                "harm\tOSDMAP_FLAGS\tnorecover flag(s) set\t-",
            ],
        ),
        # what the spec should never have said is not believed
        (jewel("1/9 in osds are down"), ["osds\tOSD_DOWN\t1/9 in osds are down\t-"]),
        (luminous("OSD_DOWN", "1 osds down"), ["osds\tOSD_DOWN\t1 osds down\t-"]),
        (jewel("1 mons down, quorum 0,2 a,c"), ["quorum\tMON_DOWN\t1 mons down, quorum 0,2 a,c\t-"]),
        (jewel("something new"), ["harm\tUNKNOWN\tsomething new\t-"]),
        (luminous("LARGE_OMAP_OBJECTS", "1 large"), ["harm\tLARGE_OMAP_OBJECTS\t1 large\t-"]),
        ('{"health": {"status": "HEALTH_OK"}}', []),
    ],
)
def test_checks(python: str, accepted: str, text: str, rows: list[str]) -> None:
    assert parse(python, "ceph", "checks", text, accepted) == rows


@pytest.mark.parametrize("sample", ["ceph-s-jewel.json", "ceph-s-luminous.json"])
def test_recorded(python: str, accepted: str, sample: str) -> None:
    text = (SAMPLES / sample).read_text(encoding="utf-8")
    assert parse(python, "ceph", "checks", text, accepted) == ["held\tOSDMAP_FLAGS\tnoout,norebalance flag(s) set\t-"]


# the texts are those of Jewel 10.2's monitors
@pytest.mark.parametrize(
    ("text", "judge", "name"),
    [
        ("3 pgs stuck undersized", "pgs", "PG_DEGRADED"),
        ("3 pgs degraded", "pgs", "PG_DEGRADED"),
        ("3 pgs recovery_wait", "pgs", "PG_DEGRADED"),
        ("recovery 12/900 objects degraded (1.333%)", "pgs", "PG_DEGRADED"),
        ("recovery 12/900 objects misplaced (1.333%)", "pgs", "OBJECT_MISPLACED"),
        ("recovery 1/900 unfound (0.111%)", "harm", "OBJECT_UNFOUND"),
        ("8 pgs are stuck inactive for more than 300 seconds", "pgs", "PG_AVAILABILITY"),
        ("8 pgs stuck stale", "pgs", "PG_AVAILABILITY"),
        ("8 pgs peering", "pgs", "PG_AVAILABILITY"),
        ("2 pgs inconsistent", "harm", "PG_DAMAGED"),
        ("4 scrub errors", "harm", "OSD_SCRUB_ERRORS"),
        ("24 requests are blocked > 32 sec", "soon", "REQUEST_SLOW"),
        ("1 full osd(s)", "harm", "OSD_FULL"),
        ("2 near full osd(s)", "harm", "OSD_NEARFULL"),
        ("pool 'volumes' is full", "harm", "POOL_FULL"),
        ("clock skew detected on mon.b, mon.c", "soon", "MON_CLOCK_SKEW"),
        ("mon.a store is getting too big! 16431 MB >= 15360 MB", "harm", "MON_DISK_BIG"),
        ("mon.a low disk space", "harm", "MON_DISK_LOW"),
        ("pool vms has many more objects per pg than average (too few pgs?)", "amber", "MANY_OBJECTS_PER_PG"),
        ("pool vms pg_num 256 > pgp_num 128", "amber", "SMALLER_PGP_NUM"),
        ("1 cache pools are missing hit_sets", "amber", "CACHE_POOL_NO_HIT_SET"),
        ("12 unscrubbed pgs", "amber", "PG_NOT_SCRUBBED"),
        ("crush map has legacy tunables (require bobtail, min is firefly)", "amber", "OLD_CRUSH_TUNABLES"),
        ("crush map has straw_calc_version=0", "amber", "OLD_CRUSH_STRAW_CALC_VERSION"),
        ("no legacy OSD present but 'sortbitwise' flag is not set", "amber", "OSD_NO_SORTBITWISE"),
        (
            "all OSDs are running jewel or later but the 'require_jewel_osds' osdmap flag is not set",
            "amber",
            "OSD_UPGRADE_FINISHED",
        ),
        ("a has mon_osd_down_out_interval set to 0", "amber", "OSD_NO_DOWN_OUT_INTERVAL"),
    ],
)
def test_what_jewel_says(python: str, tmp_path: Path, text: str, judge: str, name: str) -> None:
    (tmp_path / "accepted.tsv").write_text("", encoding="utf-8")
    assert parse(python, "ceph", "checks", jewel(text), str(tmp_path / "accepted.tsv")) == [
        f"{judge}\t{name}\t{text}\t-"
    ]


def test_the_schema_offers_what_the_scripts_accept() -> None:
    """The compiler refuses what the scripts would not accept, and nothing else."""
    text = (RUNTIME / "parse/ceph.py").read_text(encoding="utf-8")
    table = re.findall(r'^    \("([A-Z_]+)", .*, "(\w+)"\),$', text, re.MULTILINE)
    assert len(table) > 25
    entry: dict[str, Any] = schema.load()["properties"]["accept"]["properties"]["ceph"]["items"]
    assert entry["properties"]["check"]["enum"] == [name for name, judge in table if judge in ("amber", "flags")]


def osds(**changes: Any) -> str:
    """`ceph osd tree` and `ceph osd df`: osd.4 of three is not up."""
    osd = {"id": 4, "name": "osd.4", "type": "osd", "exists": 1, "status": "down", "reweight": 0.0, "pgs": 0} | changes
    tree = [
        {"id": -1, "name": "default", "type": "root", "children": [-2]},
        {"id": -2, "name": "ceph-1", "type": "host", "children": [3, 4]},
        {"id": 3, "name": "osd.3", "type": "osd", "exists": 1, "status": "up", "reweight": 1.0},
        {key: value for key, value in osd.items() if key != "pgs"},
    ]
    use = [{"id": 3, "pgs": 300}, *([{"id": 4, "pgs": osd["pgs"]}] if osd["pgs"] is not None else [])]
    return json.dumps([{"nodes": tree, "stray": []}, {"nodes": use, "stray": [], "summary": {}}])


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (osds(), ["gone\tosd.4\tceph-1"]),
        (osds(reweight=1.0), ["down\tosd.4\tceph-1"]),
        (osds(pgs=12), ["down\tosd.4\tceph-1"]),
        # an OSD without a count of its placement groups may have some
        (osds(pgs=None), ["down\tosd.4\tceph-1"]),
        (osds(status="up"), []),
        (osds(exists=0), []),
        # Ceph writes so what it divides by nothing
        (osds().replace('"pgs": 300', '"pgs": 300, "var": -nan, "utilization":inf'), ["gone\tosd.4\tceph-1"]),
    ],
)
def test_osds_that_are_not_up(python: str, text: str, rows: list[str]) -> None:
    assert parse(python, "ceph", "down", text) == rows


def test_an_osd_beside_the_crush_map(python: str) -> None:
    stray = {"id": 7, "name": "osd.7", "type": "osd", "exists": 1, "status": "down", "reweight": 0.0}
    text = json.dumps([{"nodes": [], "stray": [stray]}, {"nodes": [], "stray": [{"id": 7, "pgs": 0}]}])
    assert parse(python, "ceph", "down", text) == ["gone\tosd.7\t-"]
