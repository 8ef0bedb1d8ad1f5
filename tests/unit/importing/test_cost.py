"""What keeps the import of a large site quick is counted: a time would say how busy the machine is."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from osp_compile.pipeline import import_spec
from unit.work import work


def laid_out(folder: Path, nodes: int) -> Path:
    """A deploy script and a list of so many servers."""
    folder.mkdir()
    servers = [
        {
            "ID": str(number),
            "Name": f"overcloud-{'controller' if number < 3 else 'compute'}-{number}",
            "Status": "ACTIVE",
            "Networks": f"ctlplane=10.0.{number // 250}.{number % 250 + 1}",
        }
        for number in range(nodes)
    ]
    (folder / "servers.json").write_text(json.dumps(servers), "utf-8")
    (folder / "deploy.sh").write_text("openstack overcloud deploy --templates -e /home/stack/a.yaml\n", "utf-8")
    return folder


def imported(folder: Path) -> None:
    made = import_spec(
        folder / "site.yaml", force=True, deploy=folder / "deploy.sh", servers=folder / "servers.json", change="CHG1"
    )
    assert made.path is not None, made.diagnostics


@pytest.mark.long
def test_work_grows_with_the_nodes_and_no_faster(tmp_path: Path) -> None:
    imported(laid_out(tmp_path / "first", 4))  # what is loaded once
    few, some, many = (work(imported, laid_out(tmp_path / str(nodes), nodes)) for nodes in (20, 60, 140))
    a_node = (some - few) / 40
    assert (many - some) / 80 < 1.3 * a_node
    # lines of Python, a check of what was made included; 6,500 when this was written, or a second for 1,000 nodes
    assert a_node < 9_000


@pytest.mark.parametrize("nodes", [4, 400])
def test_one_process_reads_the_script_whatever_the_nodes(
    nodes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Any] = []
    real = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda words, **named: (started.append(words), real(words, **named))[1])
    imported(laid_out(tmp_path / "site", nodes))
    assert [Path(words[0]).name for words in started] == ["shfmt"]
