"""Two sites that a cut run has left alike are one situation, and nothing that a script goes by is left out of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from osp_compile.rehearsal.equivalence import ResultCache, state_key

STATE = {
    "clock": 1542931889.0,
    "sequence": 4,
    "faults": [],
    "events": [{"at": 1542931990.5, "order": 3, "name": "host_up", "data": {"host": "overcloud-compute-0"}}],
    "ceph": {"flags": ["noout"]},
    "heat": {"updated": 1542931700},
}
MARK = "home/stack/osp-runbook/lab-1/CHG1/rebooting-overcloud-compute-0"


def world(folder: Path, change: Callable[[dict[str, Any]], None] = lambda state: None, **files: str) -> Path:
    state = json.loads(json.dumps(STATE))
    change(state)
    root = folder / "hosts/undercloud/root"
    for name, text in {MARK: "4b0e5b4e-93a5-4f0e-9d9b-0d6ab0a6a9d5\n", **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (folder / "state.json").write_text(json.dumps(state))
    return folder


def later(state: dict[str, Any]) -> None:
    state["clock"] += 77
    state["sequence"] = 9
    state["events"][0]["at"] += 77
    state["heat"]["updated"] += 77


def test_another_moment_is_no_other_situation(tmp_path: Path) -> None:
    one = world(tmp_path / "one")
    journal = "home/stack/osp-runbook/lab-1/CHG1/journal.tsv"
    last = "home/stack/osp-runbook/lab-1/CHG1/journal.last"
    later_files = {
        journal: "2018-11-22T22:00:00Z\tstack\n",
        last: "2018-11-22T22:00:00Z\tstack\n",
        "tmp/osp.x1/why": "no\n",
    }
    other = world(tmp_path / "other", later, **later_files)
    assert state_key(one, ["./2.08.sh"]) == state_key(other, ["./2.08.sh"])


@pytest.mark.parametrize(
    "change",
    [
        lambda state: state["ceph"]["flags"].clear(),
        lambda state: state["events"].clear(),
        lambda state: state["events"][0]["data"].update(host="overcloud-compute-1"),
    ],
)
def test_another_state_is_another_situation(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    assert state_key(world(tmp_path / "one"), []) != state_key(world(tmp_path / "other", change), [])


@pytest.mark.parametrize(
    "files",
    [
        {MARK: ""},
        {"var/lib/osp-runbook/CHG1/reboots": "x\n"},
        {"home/stack/osp-runbook/lab-1/CHG1/evidence/2.12-3.tsv": "verdict\tpass\n"},
        {"var/backup/osp/CHG1/SHA256SUMS": "0  x\n"},
    ],
)
def test_another_file_is_another_situation(tmp_path: Path, files: dict[str, str]) -> None:
    assert state_key(world(tmp_path / "one"), []) != state_key(world(tmp_path / "other", **files), [])


def test_another_command_is_another_situation(tmp_path: Path) -> None:
    one = world(tmp_path / "one")
    assert state_key(one, ["./2.08.sh"]) != state_key(one, ["./2.08.sh", "--step", "2.08/3"])


def test_an_ending_is_found_again_with_what_was_wrong(tmp_path: Path) -> None:
    endings = ResultCache(tmp_path)
    with endings.claimed("a1"):
        assert endings.known("a1") is None
        endings.keep("a1", "2.08-12-kill", ["going on ended with 1:"])
    assert endings.known("a1") == ("2.08-12-kill", ["going on ended with 1:"])
