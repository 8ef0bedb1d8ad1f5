"""One node of a kind: what is said when the spec is compiled, and when nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest

from osp_compile.spec import loading

KINDS = {"c": "Controller", "n": "Compute", "s": "ComputeSriov", "d": "ComputeOvsDpdk", "o": "CephStorage", "h": "Hci"}
ROLES = {"s": "{compute: true}", "d": "{compute: true, dpdk: true}", "h": "{compute: true, ceph_osd: true}"}


def said(folder: Path, nodes: str, more: str = "") -> list[str]:
    """`CODE: its line, help` of what is said of nodes `ccc nn s` (a letter each, as KINDS has them)."""
    letters = nodes.replace(" ", "")
    roles = ", ".join(f"{KINDS[letter]}: {ROLES[letter]}" for letter in sorted(set(letters) & set(ROLES)))
    text = "version: 1\nsite: {name: lab-1, change: CHG1}\nenv_files: [/home/stack/net.yaml]\n"
    text += f"roles: {{{roles}}}\nnodes:\n"
    for at, letter in enumerate(letters):
        text += f"- {{name: node-{at}, role: {KINDS[letter]}, address: 192.0.2.{10 + at}}}\n"
    if "d" in letters and "nfv" not in more:
        more += "nfv: true\n"
    path = folder / "site.yaml"
    path.write_text(text + more, encoding="utf-8")
    found = loading.load(path, frozenset({"2.12/8"}))[1]
    return [f"{one.code} {one.span.line if one.span else 0}: {one.help}" for one in found if "only-" in one.code]


SAY = "say `compute_reboot: {stuck: stop}` (shut off, and started again after the reboot) or `leave`"


@pytest.mark.parametrize(
    ("nodes", "more", "wanted"),
    [
        ("ccc nn", "", []),
        ("c nn", "", ["only-controller 6: announce the outage before 2.06"]),
        ("ccc n", "", [f"only-compute 9: {SAY}"]),
        ("ccc n", "compute_reboot: {stuck: cold}\n", [f"only-compute 9: {SAY}"]),
        ("ccc n", "compute_reboot: {stuck: stop}\n", []),
        ("ccc n", "compute_reboot: {stuck: leave, migrate: evacuate}\n", []),
        ("ccc nn s", "", [f"only-compute-of-role 11: {SAY}"]),
        ("ccc nn ss", "compute_reboot: {batch: 2}\n", [f"only-compute-of-role {line}: say" for line in (9, 11)]),
        ("ccc nn dd", "", []),
        ("ccc nn o", "", ["only-osd-node 11"]),
        ("ccc nn oo", "", []),
        ("ccc nn h", "compute_reboot: {stuck: stop}\n", ["only-osd-node 11"]),
    ],
)
def test_one_of_a_kind(tmp_path: Path, nodes: str, more: str, wanted: list[str]) -> None:
    found = said(tmp_path, nodes, more)
    assert len(found) == len(wanted)
    assert all(one.startswith(start) for one, start in zip(found, wanted, strict=True))


def test_one_dpdk_compute_cannot_migrate_cold(tmp_path: Path) -> None:
    found = said(tmp_path, "ccc nn d")
    assert [one.split()[0] for one in found] == ["only-compute-of-role", "only-dpdk-compute"]
    assert "nfv: {strategy: snapshot}" in found[1]


def test_copies_need_no_other_dpdk_compute(tmp_path: Path) -> None:
    instances = "{server: vnf, rc_file: /home/stack/vnfrc}"
    nfv = f"nfv: {{strategy: snapshot, instances: [{instances}]}}\ncompute_reboot: {{stuck: stop}}\n"
    assert said(tmp_path, "ccc nn d", nfv) == []


def test_names_of_real_sites(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(
        "version: 1\nsite: {name: lab-1, change: CHG1}\nenv_files: [/home/stack/net.yaml]\nnodes:\n"
        "- {name: LAB-Ctrl-0, role: Controller, address: 192.0.2.10}\n"
        "- {name: LAB-Ctrl-1, role: Controller, address: 192.0.2.11}\n"
        "- {name: lab-ctrl-1, role: Controller, address: 192.0.2.12}\n",
        encoding="utf-8",
    )
    found = loading.load(path, frozenset({"2.12/8"}))[1]
    assert [(one.code, one.span.line if one.span else 0) for one in found] == [("duplicate-node", 7)]
