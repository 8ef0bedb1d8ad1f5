"""What the lab does with `import --commands`, with a simulated undercloud of the lab's own spec in its place."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import yaml

from lab import collecting
from lab.results import Results
from osp_compile.pipeline import render_site
from osp_compile.spec import loading
from osp_compile.spec.model import Site
from unit.simulator.worlds import Served, up

SPEC = Path(collecting.__file__).with_name("site.yaml")
TITLE = "import --commands with the real clients: 8 nodes come back"


@dataclass(frozen=True)
class Simulated:
    """The simulated undercloud where the lab has a machine; PyYAML is lent to it, from the folder `modules`."""

    world: Served
    modules: str = "/home/stack/modules"

    def do(self, *words: str, stdin: str | None = None, seconds: float = 60, user: str = "root") -> str:
        assert (seconds > 0, user) == (True, "stack")
        answer = self.world.run(f"export PYTHONPATH={self.modules}; {shlex.join(words)}", stdin=stdin or "")
        if answer.status != 0:
            raise ValueError(f"undercloud: {words[0]} ended with {answer.status}: {answer.err}")
        return answer.out


@pytest.fixture(scope="module")
def site() -> Site:
    found, _ = loading.load(SPEC, frozenset())
    assert found is not None
    return found


@pytest.fixture
def undercloud(sandbox: None, tmp_path: Path) -> Iterator[Simulated]:
    files, _ = render_site(SPEC)
    manifest = next(json.loads(file.text) for file in files if file.path == "manifest.json")
    world = up(tmp_path / "w", manifest["site"])
    modules = Path(world.simulator("file", "undercloud", f"{Simulated.modules}/yaml").out.strip())
    shutil.copytree(Path(yaml.__file__).parent, modules, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    yield Simulated(world)
    world.simulator("down")


def judged(undercloud: collecting.Undercloud, folder: Path) -> Results:
    results = Results()
    collecting.prove(undercloud, SPEC, folder, results)
    return results


def test_the_nodes_of_the_lab_come_back(undercloud: Simulated, tmp_path: Path) -> None:
    results = judged(undercloud, tmp_path)
    assert (results.good, results.bad) == (1, 0), results.lines
    assert results.lines[0].endswith(f"ok  {TITLE}")
    assert any("wrote collected.txt" in line for line in results.lines)
    assert "osp-import" not in undercloud.do("ls", "/home/stack", user="stack")


def test_a_list_that_is_not_needed_may_be_missing(undercloud: Simulated, tmp_path: Path) -> None:
    undercloud.world.fault("^openstack network agent list", "exit 1 EIO")
    results = judged(undercloud, tmp_path)
    assert (results.good, results.bad) == (1, 0), results.lines
    assert any("no answer, so this is left out: openstack network agent list" in line for line in results.lines)


def test_without_servers_each_node_is_missed(undercloud: Simulated, tmp_path: Path) -> None:
    undercloud.world.fault("^openstack server list", "exit 1 EIO")
    results = judged(undercloud, tmp_path)
    assert (results.good, results.bad) == (0, 1)
    assert results.lines[0].endswith(f"not ok  {TITLE}")
    assert any("is refused" in line for line in results.lines)


def raises(problem: Exception) -> Callable[..., str]:
    def do(*_: str, **__: object) -> str:
        raise problem

    return do


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (subprocess.TimeoutExpired(["bash"], 300), "the script of `import --commands`: nothing came within 300 s"),
        (ValueError("undercloud is down: powered off"), "the script of `import --commands`: undercloud is down"),
    ],
)
def test_an_undercloud_that_does_not_answer_is_told(
    problem: Exception, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Simulated, "do", raises(problem))
    results = judged(Simulated(Served(tmp_path)), tmp_path)
    assert (results.good, results.bad) == (0, 1)
    assert results.lines[1].strip().startswith(said)


def test_what_came_back_otherwise_is_named(site: Site) -> None:
    moved = replace(site.nodes[1], address="192.0.2.99")
    other = replace(site.nodes[2], name="overcloud-novacompute-0")
    swapped = (site.env_files[1], site.env_files[0])
    found = replace(site, stack="cloud", nodes=(site.nodes[0], moved, other, *site.nodes[3:]), env_files=swapped)
    assert list(collecting.differences(site, found)) == [
        "the stack is cloud, and not overcloud",
        f"the environment files are {', '.join(swapped)}, and not {', '.join(site.env_files)}",
        "overcloud-controller-1: imported as Controller at 192.0.2.99, and it is Controller at 192.0.2.11",
        "overcloud-controller-2: imported as nothing, and it is Controller at 192.0.2.12",
        "overcloud-novacompute-0: imported as Controller at 192.0.2.12, and it is not of this site",
    ]
    assert list(collecting.differences(site, site)) == []
