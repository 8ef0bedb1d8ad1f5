"""The package update of the stack: breakpoints, the conversation, what it does on the nodes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from osp_simulator.engine.call import Gone
from unit.simulator.tools.openstack.test_world import Site

CONTROLLER = "overcloud-controller-0"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def update(site: Site, answers: str, name: str = "overcloud") -> tuple[int, str, str]:
    return site.type(f"openstack overcloud update stack -i {name}", "stackrc", answers.encode())


def stack(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = site.world.state["heat"]["undercloud"]["stacks"][0]
    return found


def states(site: Site) -> dict[str, str]:
    return {name: node["state"] for name, node in stack(site)["update"]["nodes"].items()}


def test_a_whole_update_leaves_markers_and_new_packages_everywhere(site: Site) -> None:
    status, out, _ = update(site, f"{CONTROLLER}\n.*\n")
    assert (status, out.splitlines()[-1]) == (0, "update finished with status COMPLETE")
    identifier = stack(site)["parameters"]["UpdateIdentifier"]
    for name, host in site.world.state["hosts"].items():
        if name != "undercloud" and host["role"] != "Undercloud" and name in stack(site)["nodes"]:
            assert site.world.files.path(name, f"/var/lib/overcloud-yum-update/{identifier}").is_file()
            assert host["packages"]["openvswitch"] == [host["offers"]["openvswitch"]]
            assert host["packages"]["kernel"][-1] == host["offers"]["kernel"]


def test_its_master_resource_has_one_master_when_every_controller_was_out_and_is_back(site: Site) -> None:
    status, _, _ = update(site, f"{CONTROLLER}\n.*\n")
    assert status == 0
    resources = {one["id"]: one["state"] for one in site.world.state["pacemaker"]["resources"]}
    assert list(resources["redis-master"].values()).count("Master") == 1
    assert resources["redis-master"][site.world.state["redis"]["master"]] == "Master"


def test_without_i_it_starts_and_leaves(site: Site) -> None:
    status, out, _ = site.type("openstack overcloud update stack overcloud", "stackrc")
    assert (status, out) == (
        0,
        "starting package update on stack overcloud\nstack overcloud status: IN_PROGRESS\n",
    )
    site.world.clock.advance(3600)
    assert set(states(site).values()) == {"on_breakpoint"}


def test_a_pacemaker_node_is_out_of_its_cluster_while_it_updates(site: Site) -> None:
    status, _, err = update(site, f"{CONTROLLER}\n")
    assert (status, err) == (1, "EOF when reading a line\n")
    assert states(site)[CONTROLLER] == "completed"
    site.world.state["heat"]["undercloud"]["waits_for_progress"] = False
    update(site, "overcloud-controller-1\n")
    assert site.world.state["pacemaker"]["nodes"]["overcloud-controller-1"]["online"] is False
    assert site.world.state["galera"]["nodes"]["overcloud-controller-1"]["synced"] is False
    site.world.clock.advance(1200)
    assert site.world.state["pacemaker"]["nodes"]["overcloud-controller-1"]["online"] is True
    assert site.world.state["galera"]["nodes"]["overcloud-controller-1"]["synced"] is True


def test_a_node_whose_yum_fails_stays_out_and_the_update_fails(site: Site) -> None:
    stack(site)["nodes"][CONTROLLER]["update"] = "fails"
    status, out, _ = update(site, f"{CONTROLLER}\n")
    assert (status, out.splitlines()[-1]) == (1, "update finished with status FAILED")
    assert site.world.state["pacemaker"]["nodes"][CONTROLLER]["online"] is False
    assert site.type("openstack stack failures list overcloud", "stackrc")[1].startswith(f"overcloud.{CONTROLLER}")


def test_a_name_is_matched_whole_but_an_alternative_only_by_half(site: Site) -> None:
    update(site, "overcloud-controller\n")
    assert set(states(site).values()) == {"on_breakpoint"}
    update(site, "nosuch|.*-compute-1\n")
    assert [name for name, state in states(site).items() if state == "completed"] == ["overcloud-compute-1"]
    update(site, "overcloud-d|nosuch\n")
    assert {name for name, state in states(site).items() if state == "completed"} == {
        "overcloud-compute-1",
        "overcloud-dpdk-0",
        "overcloud-dpdk-1",
    }


def test_enter_clears_the_last_one_shown(site: Site) -> None:
    _, out, _ = update(site, "\n")
    shown = next(line for line in out.splitlines() if line.startswith("on_breakpoint: "))
    last = shown.rstrip("]").rpartition("u'")[2].rstrip("'")
    assert states(site)[last] == "completed"


def test_no_rolls_back(site: Site) -> None:
    status, out, _ = update(site, "No\n")
    assert "canceling update, doing rollback" in out
    assert status == 1
    site.world.clock.advance(60)
    assert stack(site)["status"] == "ROLLBACK_FAILED"


def test_both_prompts(site: Site) -> None:
    assert "Enter=proceed (will clear " in update(site, "")[1]
    site.world.state["heat"]["undercloud"]["prompt"] = "earlier"
    assert "Enter=proceed, no=cancel update, C-c=quit interactive mode: " in update(site, "")[1]


def test_it_attaches_to_a_colleagues_deploy_and_calls_its_end_ours(site: Site) -> None:
    stack(site).update(status="UPDATE_IN_PROGRESS", busy_until=site.world.clock.now() + 100)
    status, out, _ = update(site, "")
    assert (status, out.splitlines()[-1]) == (0, "update finished with status COMPLETE")
    assert "starting package update" not in out
    assert stack(site)["parameters"]["UpdateIdentifier"] == ""


def test_an_operation_that_never_ends_is_polled_for_ever(site: Site) -> None:
    stack(site)["status"] = "UPDATE_IN_PROGRESS"
    with pytest.raises(Gone):
        update(site, "")


def test_after_complete_a_new_call_starts_a_new_update(site: Site) -> None:
    update(site, ".*\n")
    first = stack(site)["parameters"]["UpdateIdentifier"]
    assert "starting package update" in update(site, "")[1]
    assert stack(site)["parameters"]["UpdateIdentifier"] != first


def test_breakpoints_are_seen_by_hook_poll(site: Site) -> None:
    site.type("openstack overcloud update stack overcloud; sleep 100", "stackrc")
    _, out, _ = site.type("openstack stack hook poll --nested-depth 5 overcloud -f value -c 'Resource Name'", "stackrc")
    assert out.splitlines() == ["UpdateDeployment"] * len(stack(site)["nodes"])
    assert site.type("openstack stack hook poll overcloud -f value", "stackrc")[1] == ""


def test_a_skipped_node_completes_without_having_been_updated(site: Site) -> None:
    stack(site)["nodes"]["overcloud-compute-0"]["update"] = "skipped"
    assert update(site, ".*\n")[0] == 0
    host = site.world.state["hosts"]["overcloud-compute-0"]
    assert host["packages"]["openvswitch"] != [host["offers"]["openvswitch"]]
