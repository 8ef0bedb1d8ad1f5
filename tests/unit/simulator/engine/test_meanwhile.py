"""What somebody else does to the site while a run is under way."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from osp_simulator.engine.faults import choose
from osp_simulator.engine.meanwhile import CHANGES, happens, node_of, set_by_others, taken_back
from osp_simulator.engine.registry import load_tools
from osp_simulator.engine.world import World
from osp_simulator.safety.runs import site_of
from osp_simulator.seed.site import seed
from osp_simulator.state.places import lookup
from unit.simulator.worlds import SITE

NODES = [*SITE["nodes"], {"name": "overcloud-compute-1", "role": "Compute", "address": "192.0.2.21"}]
LINE = "heat-admin@192.0.2.20 sudo reboot"


@pytest.fixture
def world(tmp_path: Path) -> World:
    load_tools()
    made = World(tmp_path, seed({"site": {**SITE, "nodes": NODES}}))
    made.state["initial_site"] = site_of(made.state)
    return made


def site(state: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy({name: value for name, value in state.items() if name not in ("meanwhile", "initial_site")})


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_something_changes_and_is_taken_back_where_its_doer_would(world: World, name: str) -> None:
    if name == "noout-gone":
        world.state["ceph"]["flags"].append("noout")
    before, origin = site(world.state), copy.deepcopy(world.state["initial_site"])
    happens(world, name, LINE)
    assert world.state["meanwhile"]["happened"]
    assert site(world.state) != before
    # what others have changed is theirs; what they clear was ours, and neither their disk nor silence is compared
    assert (world.state["initial_site"] != origin) == (name not in ("noout-gone", "disk", "silent"))
    told = taken_back(world)
    assert told is not None
    assert told["happened"]
    assert "meanwhile" not in world.state
    assert (site(world.state) == before) == (CHANGES[name].undo is not None)


def test_where_there_is_nothing_to_change_nothing_is(world: World) -> None:
    before = site(world.state)
    happens(world, "noout-gone", LINE)
    assert site(world.state) == before
    told = taken_back(world)
    assert told is not None
    assert not told["happened"]
    assert taken_back(world) is None


def test_it_happens_to_the_node_that_the_command_speaks_of_or_to_another(world: World) -> None:
    assert node_of(world, LINE) == "overcloud-compute-0"
    assert node_of(world, "server list --host overcloud-compute-1.localdomain") == "overcloud-compute-1"
    assert node_of(world, "stack list") == ""
    happens(world, "instance", LINE)
    assert world.state["nova"]["overcloud"]["servers"][-1]["host"] == "overcloud-compute-0.localdomain"
    happens(world, "disabled", LINE)
    off = [one["node"] for one in world.state["nova"]["overcloud"]["services"] if not one["enabled"]]
    assert off == ["overcloud-compute-1"]


def test_a_node_that_falls_silent_gives_one_ssh_no_answer(world: World) -> None:
    happens(world, "silent", LINE)
    faults, node = world.state["faults"], "heat-admin@192.0.2.20"

    def behaviour(line: str) -> str:
        chosen = choose(faults, line, "undercloud", "stack")
        return chosen["do"] if chosen else ""

    others = (
        "ssh -n heat-admin@192.0.2.21 sudo pcs status", "ssh heat-admin@192.0.2.2 ping 192.0.2.20",
        f"ssh -O check {node}", f"ssh -o ControlPath=x -O exit {node}", f"timeout 60 ssh {node} true",
    )  # fmt: skip
    assert [behaviour(line) for line in others] == [""] * len(others)
    assert behaviour(f"ssh -n -o BatchMode=yes {node} sudo pcs status") == "lost"
    assert behaviour(f"ssh -n -o BatchMode=yes {node} sudo pcs status") == ""


def test_where_no_node_is_named_none_falls_silent(world: World) -> None:
    happens(world, "silent", "stack list")
    assert (world.state["faults"], world.state["meanwhile"]["happened"]) == ([], False)


def test_what_others_set_is_theirs(world: World) -> None:
    place = "nova.overcloud.services.nova-compute@overcloud-compute-1.reason"
    set_by_others(world, place, "memory test")
    assert lookup(world.state, place) == lookup(world.state["initial_site"], place) == "memory test"
    set_by_others(world, "heat.undercloud.prompt", "earlier")
    world.state["nova"]["overcloud"]["servers"].append({"name": "new", "status": "ACTIVE"})
    set_by_others(world, "nova.overcloud.servers.new.status", "ERROR")
    assert world.state["nova"]["overcloud"]["servers"][-1]["status"] == "ERROR"
    assert "new" not in [one["name"] for one in world.state["initial_site"]["nova"]["overcloud"]["servers"]]
