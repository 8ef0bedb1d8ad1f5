"""The simulator against the recorded clients: the same question in the same state, the same answer, byte for byte.

What differs in every run (request ids, times) is set aside by `plain`. Recordings are in tests/data/recorded.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unit.simulator.tools.openstack_lab import Lab, plain, recorded

C0, C1, C2 = (f"overcloud-compute-{number}.localdomain" for number in range(3))
Prepare = Callable[[dict[str, Any]], None]
UNTOUCHED = """
baremetal-maintenance baremetal-node-list-csv baremetal-node-list-json baremetal-node-list-maintenance-none
baremetal-node-list-no-endpoint baremetal-node-list-value baremetal-node-list baremetal-node-show-unknown
baremetal-node-show baremetal-power-off-on baremetal-power-unknown compute-service-disable-again
compute-service-disable-reason-alone compute-service-disable compute-service-enable-again
compute-service-enable-and-disable compute-service-enable compute-service-list-host-unknown compute-service-list-host
compute-service-list-json compute-service-list-service compute-service-list-table compute-service-list-value
compute-service-set-short-host compute-service-set-unknown-host compute-service-set-unknown-service flavor-list
heat-stack-list hypervisor-list image-create-id-not-uuid image-list-value image-list image-show-unknown image-show
ironic-node-list keystone-refused-nova keystone-refused keystone-unknown-host missing-argument network-agent-list-host
network-agent-list-value network-agent-list network-list neutron-agent-list no-auth-url no-credentials-nova
no-credentials-stack no-credentials no-password no-project nova-host-list nova-hypervisor-servers nova-list-host
nova-list-minimal nova-list-none nova-list nova-live-migration-error nova-live-migration-shutoff
nova-live-migration-unknown-host nova-live-migration-unknown nova-service-list-binary nova-service-list
nova-unknown-command nova-unknown-option nova-version overcloud-deploy-answers-and-templates overcloud-deploy-help
overcloud-deploy-missing-answers overcloud-deploy-missing-env overcloud-deploy-no-credentials
overcloud-deploy-no-templates overcloud-deploy-unknown-option overcloud-image-upload-help
overcloud-image-upload-missing overcloud-image-upload-no-args overcloud-update-help
overcloud-update-interactive-from-start overcloud-update-start overcloud-update-unknown-stack server-create-bad-image
server-create-bad-network server-create-network-name server-create-network-option server-delete-unknown
server-image-create-error server-image-create-stopped server-list-bad-column server-list-csv-default
server-list-csv-quote-none server-list-host-short-name server-list-host-value server-list-host server-list-json
server-list-limit server-list-long-json server-list-long server-list-lowercase-column
server-list-name-controller-value server-list-name-controller server-list-name-regex server-list-no-name-lookup
server-list-none-csv server-list-none-json server-list-none-table server-list-none-value server-list-status
server-list-table server-list-undercloud-csv server-list-value-id-name-status server-list-value server-list-yaml
server-migrate-cold-stopped server-migrate-cold server-migrate-live-error server-migrate-live-no-host
server-migrate-live-nowait server-migrate-live-short-host server-migrate-live-shutoff server-migrate-live-unknown-host
server-migrate-live-unknown-server server-migrate-live-wait server-resize-confirm-nothing server-show-by-id-unknown
server-show-host server-show-shell server-show-status server-show-table server-show-unknown server-start-started
server-stop-error server-stop-one-unknown server-stop-over-time server-stop-unknown stack-event-list stack-list-value
stack-list stack-output-show stack-resource-list stack-show-status stack-show-table stack-show-unknown token-issue
unknown-command unknown-format unknown-option version volume-list-none volume-service-list-value volume-service-list
wrong-password-nova wrong-password wrong-region
""".split()


def compare(lab: Lab, name: str, rc: str, user: str = "stack") -> None:
    command, status, out, err = recorded(name)
    found_status, found_out, found_err = lab.run(command, rc, user=user)
    if found_out and not found_out.endswith("\n"):
        found_out += "\n"  # the recording ends every stream with one
    assert (plain(found_out), plain(found_err), found_status) == (plain(out), plain(err), status)


def rc_of(name: str) -> str:
    below = ("baremetal", "catalog", "heat", "ironic", "overcloud", "stack", "token", "undercloud")
    if "no-credentials" in name:
        return "none"
    if name == "baremetal-node-list-no-endpoint":
        return "over"
    under = name.startswith(below) or name in ("server-list-undercloud-csv", "server-list-name-regex")
    return "under" if under or name.startswith("server-list-name-controller") else "over"


@pytest.mark.parametrize("name", UNTOUCHED)
def test_in_the_lab_as_it_was(name: str, tmp_path: Path) -> None:
    compare(Lab(tmp_path), name, rc_of(name))


def server(state: dict[str, Any], name: str, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in state["nova"]["overcloud"]["servers"] if one["name"] == name)
    found.update(changes)
    return found


def service(state: dict[str, Any], host: str, **changes: Any) -> None:
    for found in state["nova"]["overcloud"]["services"]:
        if found["host"] == host and found["binary"] == "nova-compute":
            found.update(changes)


def vm_0_on_1(state: dict[str, Any], **changes: Any) -> None:
    server(state, "vm-0", host=C1, **changes)


def resized(state: dict[str, Any], name: str, now: str, before: str) -> None:
    server(state, name, status="VERIFY_RESIZE", host=now, previous={"host": before, "status": "ACTIVE"})
    number = server(state, name)["id"]
    row = {"id": 1, "server": number, "source": before, "target": now, "status": "finished", "type": "migration"}
    state["nova"]["overcloud"]["migrations"].append({**row, "begun": True, "created": 0, "updated": 0})


def nova_api_down(state: dict[str, Any]) -> None:
    state["keystone"]["overcloud"]["controllers"] = ["overcloud-controller-0"]
    units = {"openstack-nova-api.service": {"active": "failed"}}
    state["hosts"]["overcloud-controller-0"] = {"up": True, "booted_at": 0, "units": units}


def only(state: dict[str, Any], **hosts: str | None) -> None:
    """Move servers so that each is where the recording found it."""
    for name, host in hosts.items():
        server(state, name.replace("_", "-"), host=host)


def evacuated_slowly(state: dict[str, Any]) -> None:
    only(state, vm_0=C0, vm_stopped=C0, vm_3=C1)
    state["nova"]["overcloud"]["timing"]["live_migration"] = 5.5


def mistral_down(state: dict[str, Any]) -> None:
    state["hosts"]["undercloud"]["units"]["openstack-mistral-api.service"]["active"] = "inactive"


def conductor_down(state: dict[str, Any]) -> None:
    state["nova"]["overcloud"]["conductor_down"] = True


def migrated_once(state: dict[str, Any]) -> None:
    vm_0_on_1(state)
    rows = state["nova"]["overcloud"]["migrations"]
    rows.append({"id": 19, "server": "x", "source": C0, "target": C1, "status": "completed", "type": "live-migration"})
    rows[0].update(begun=True, created=0, updated=0)


def waiting_update(state: dict[str, Any]) -> None:
    """A colleague has started the update; every node is at its breakpoint."""
    stack = state["heat"]["undercloud"]["stacks"][0]
    nodes = {name: {**node, "state": "on_breakpoint", "since": 0} for name, node in stack["nodes"].items()}
    stack.update(status="UPDATE_IN_PROGRESS", update={"identifier": "1", "started": state["clock"], "nodes": nodes})


def image_of_vm_0(state: dict[str, Any]) -> None:
    image = {"name": "vm-0-backup", "id": "ecbe3811-538c-49f3-9f2c-5abe66801df3", "status": "active", "size": 0}
    state["glance"]["overcloud"]["images"].append({**image, "created": 0})


def none_left(state: dict[str, Any]) -> None:
    for name in ("vm-0", "vm-3"):
        server(state, name, host=C1)
    server(state, "vm-stopped", host=C0)


def with_fault(state: dict[str, Any]) -> None:
    _, _, out, _ = recorded("server-show-error")
    fault = json.loads(out)["fault"]
    server(state, "vm-nohost", fault={**fault, "created": state["clock"]})


PREPARED: dict[str, Prepare] = {
    "after-conductor-is-back": lambda s: server(s, "vm-0", status="SHUTOFF") and None,
    "catalog-none": lambda s: s["mistral"].clear(),
    "compute-service-list-disabled-value": lambda s: service(s, C2, enabled=False, reason="another"),
    "compute-service-list-down": lambda s: service(s, C2, up=False),
    "compute-service-list-long-disabled": lambda s: service(s, C2, enabled=False, reason="another"),
    "host-evacuate-live-list-before": lambda s: only(s, vm_0=C0, vm_stopped=C0, vm_3=C1),
    "image-create-id-again": image_of_vm_0,
    "image-create-id-then": image_of_vm_0,
    "image-create-id-tty-then": lambda s: s["glance"]["overcloud"]["images"].append(
        {"name": "vm-1-backup", "id": "7cad4130-48fd-4ae7-8190-6fb604b7a924", "status": "queued", "created": 0}
    ),
    "network-agent-list-dead": lambda s: s["neutron"]["overcloud"]["agents"][13].update(alive=False),
    "neutron-agent-list-dead": lambda s: s["neutron"]["overcloud"]["agents"][13].update(alive=False),
    "nova-api-down": nova_api_down,
    "nova-api-down-nova": nova_api_down,
    "nova-api-down-service-list": nova_api_down,
    "nova-conductor-down-stop": conductor_down,
    "nova-host-evacuate-live": evacuated_slowly,
    "nova-host-evacuate-live-again": none_left,
    "nova-host-evacuate-live-short": none_left,
    "nova-host-evacuate-live-down": lambda s: (
        service(s, C2, up=False),
        only(s, vm_3=C2),
        server(s, "vm-5", task_state="powering-off"),
    )[0],
    "nova-host-evacuate-live-target": lambda s: only(s, vm_0=C1, vm_stopped=C0),
    "nova-live-migration-active": migrated_once,
    "nova-live-migration-fails-later": lambda s: vm_0_on_1(s, on_live_migration="rolls-back"),
    "nova-live-migration-no-host": lambda s: vm_0_on_1(s, on_live_migration="rolls-back"),
    "nova-service-list-disabled": lambda s: service(s, C2, enabled=False, reason="another"),
    "overcloud-update-eof": waiting_update,
    "overcloud-update-mistral-down": mistral_down,
    "server-create-on-disabled-host": lambda s: service(s, C2, enabled=False),
    "server-image-create-fails-later": lambda s: server(s, "vm-4", on_snapshot="fails") and None,
    "server-live-migrate-in-verify-resize": lambda s: resized(s, "vm-5", C0, C2),
    "server-migrate-cold-then": lambda s: resized(s, "vm-5", C0, C2),
    "server-migrate-in-verify-resize": lambda s: resized(s, "vm-5", C0, C2),
    "server-migrate-live-ends-in-error": lambda s: server(s, "vm-2", on_live_migration="ends-in-error") and None,
    "server-migrate-live-same-host": vm_0_on_1,
    "server-migrate-live-to-down": lambda s: service(s, C2, up=False),
    "server-migrate-live-to-disabled": lambda s: service(s, C2, enabled=False),
    "server-migrate-live-wait-block": vm_0_on_1,
    "server-resize-confirm": lambda s: resized(s, "vm-5", C0, C2),
    "server-resize-revert": lambda s: resized(s, "vm-3", C2, C0),
    "server-show-error": with_fault,
    "server-start-over-time": lambda s: server(s, "vm-1", status="SHUTOFF") and None,
    "server-stop-in-verify-resize": lambda s: resized(s, "vm-5", C0, C2),
    "server-stop-several-one-stopped": lambda s: server(s, "vm-1", status="SHUTOFF") and None,
    "server-stop-stopped": lambda s: server(s, "vm-1", status="SHUTOFF") and None,
    "overcloud-update-abort": lambda s: None,
}


@pytest.mark.parametrize("name", sorted(PREPARED))
def test_in_the_state_it_was_recorded_in(name: str, tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    PREPARED[name](lab.world.state)
    compare(lab, name, rc_of(name))


AS_ROOT = ["undercloud-upgrade-as-root", "undercloud-upgrade-as-root-no-credentials"]


@pytest.mark.parametrize("name", AS_ROOT)
def test_the_undercloud_is_not_upgraded_by_root(name: str, tmp_path: Path) -> None:
    compare(Lab(tmp_path), name, rc_of(name), user="root")
