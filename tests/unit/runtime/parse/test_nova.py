"""nova.py and routers.py, on every Python there is."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

import pytest

from unit.runtime.parse.parsers import RUNTIME, parse, refuses
from unit.waiting import LIMIT

LONG = {
    "ID": "4b5e007d", "Name": "vm\terror\u6771", "Status": "ERROR", "Task State": None, "Power State": "Running",
    "Host": "cmp-2.localdomain", "Networks": "private=10.0.0.185", "Properties": "",
}  # fmt: skip
SHOWN = {
    "id": "4b5e007d", "name": "vnf router", "status": "ACTIVE", "OS-EXT-STS:task_state": "powering-off",
    "OS-EXT-STS:power_state": "Running", "OS-EXT-SRV-ATTR:host": "cmp-2.localdomain", "key_name": None,
    "OS-EXT-AZ:availability_zone": "nova", "flavor": "dpdk.small (00e751af-8bb7)",
}  # fmt: skip


def test_a_listed_instance_is_one_line_whatever_its_name_holds(python: str) -> None:
    nowhere = {**LONG, "Host": None, "Power State": "NOSTATE"}
    assert parse(python, "nova", "instances", json.dumps([LONG, nowhere])) == [
        "4b5e007d\tERROR\t-\tRunning\tcmp-2.localdomain\tvm error\u6771",
        "4b5e007d\tERROR\t-\tNOSTATE\t-\tvm error\u6771",
    ]


def test_a_list_without_rows_prints_nothing(python: str) -> None:
    assert parse(python, "nova", "instances", "[]") == []


@pytest.mark.parametrize("text", ["", "not json", '[{"ID": "1"}]', "The service catalog is empty."])
def test_what_is_no_list_of_instances_is_no_answer(python: str, text: str) -> None:
    assert refuses(python, "nova", "instances", text)


def test_a_shown_instance_reads_as_a_listed_one(python: str) -> None:
    assert parse(python, "nova", "instance", json.dumps(SHOWN)) == [
        "4b5e007d\tACTIVE\tpowering-off\tRunning\tcmp-2.localdomain\tvnf router"
    ]


def test_what_a_copy_has_in_common_with_its_original(python: str) -> None:
    assert parse(python, "nova", "description", json.dumps(SHOWN)) == [
        "id 4b5e007d", "name vnf router", "flavor 00e751af-8bb7", "zone nova",
    ]  # fmt: skip


def test_the_volumes_of_an_instance(python: str) -> None:
    key = "os-extended-volumes:volumes_attached"
    assert parse(python, "nova", "volumes", json.dumps({**SHOWN, key: []})) == []
    assert parse(python, "nova", "volumes", json.dumps({**SHOWN, key: [{"id": "6d3b"}, {"id": "7e4c"}]})) == [
        "6d3b",
        "7e4c",
    ]
    assert refuses(python, "nova", "volumes", json.dumps(SHOWN))


def agent(host: str, alive: str = ":-)", state: str | None = None) -> dict[str, object]:
    row: dict[str, object] = {"id": host, "host": f"{host}.localdomain", "admin_state_up": True, "alive": alive}
    return row if state is None else {**row, "ha_state": state}


@pytest.mark.parametrize(
    ("agents", "said"),
    [
        ([], "well"),
        ([agent("ctl-0")], "well"),
        ([agent("ctl-1", "xxx")], "well"),
        ([agent("ctl-0", state="active"), agent("ctl-1", state="standby")], "well"),
        ([agent("ctl-0"), agent("ctl-1", "xxx")], "has no living L3 agent but the one on ctl-0"),
        ([agent("ctl-0", state="standby"), agent("ctl-1", state="standby")], "is not active on any living L3 agent"),
        ([agent("ctl-0", state="standby"), agent("ctl-1", "xxx", "active"), agent("ctl-2", state="standby")],
         "is not active on any living L3 agent"),
        ([agent("ctl-01", state="active"), agent("ctl-1", "xxx", "standby")], "well"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_router_without_a_node(python: str, agents: list[dict[str, object]], said: str) -> None:
    command = [python, str(RUNTIME / "parse/routers.py"), "verdict", "ctl-0"]
    result = subprocess.run(
        command, input=json.dumps(agents), capture_output=True, text=True, check=True, timeout=LIMIT
    )
    assert result.stdout == said + "\n"


def test_which_router_is_on_a_node(python: str) -> None:
    agents = json.dumps([agent("ctl-01"), agent("CTL-1", "xxx")])
    assert parse(python, "routers", "hosted", agents, "ctl-1") == ["yes"]
    assert parse(python, "routers", "hosted", agents, "ctl-0") == ["no"]
    assert parse(python, "routers", "hosted", "[]", "ctl-0") == ["no"]


PORT = {
    "id": "7f2e2ef0", "network_id": "69b511de", "mac_address": "fa:16:3e:01:00:00", "name": "",
    "fixed_ips": "ip_address='10.2.0.10', subnet_id='s1'\nip_address='2001:db8::15', subnet_id='s2'", "security_groups": "b-2, a-1",
}  # fmt: skip


def test_a_port_with_all_it_has(python: str) -> None:
    assert parse(python, "nova", "port", json.dumps(PORT)) == [
        "69b511de fa:16:3e:01:00:00 a-1,b-2 10.2.0.10,2001:db8::15 no"
    ]
    bare = {**PORT, "name": "uplink", "fixed_ips": "", "security_groups": ""}
    assert parse(python, "nova", "port", json.dumps(bare)) == ["69b511de fa:16:3e:01:00:00 - - yes"]
    later = {key: value for key, value in PORT.items() if key != "security_groups"}
    assert refuses(python, "nova", "port", json.dumps(later))
    listed = {**later, "security_group_ids": ["b-2"], "fixed_ips": [{"ip_address": "10.2.0.10"}]}
    assert parse(python, "nova", "port", json.dumps(listed)) == ["69b511de fa:16:3e:01:00:00 b-2 10.2.0.10 no"]


def test_what_a_flavor_needs_and_a_hypervisor_has(python: str) -> None:
    flavor = {"vcpus": 4, "ram": 4096, "properties": "hw:cpu_policy='dedicated', hw:mem_page_size='large'"}
    assert parse(python, "nova", "needs", json.dumps(flavor)) == ["4 4096"]
    assert parse(python, "nova", "needs", json.dumps({**flavor, "properties": ""})) == ["0 4096"]
    full = {"vcpus": 8, "vcpus_used": 6, "memory_mb": 16384, "memory_mb_used": 12800}
    assert parse(python, "nova", "room", json.dumps(full)) == ["2 3584"]
    assert parse(python, "nova", "room", json.dumps({"vcpus": 8})) == []


@pytest.mark.parametrize("identity", ["--all", "-x", None, "a --force", "-\u6771"])
@pytest.mark.parametrize(
    ("system", "word", "document"),
    [
        ("nova", "instances", lambda one: [{**LONG, "ID": one}]),
        ("nova", "instance", lambda one: {**SHOWN, "id": one}),
        ("nova", "description", lambda one: {**SHOWN, "id": one}),
        ("nova", "description", lambda one: {**SHOWN, "flavor": f"small ({one})"}),
        ("nova", "volumes", lambda one: {"os-extended-volumes:volumes_attached": [{"id": one}]}),
        ("glance", "names", lambda one: [{"Name": "overcloud-full", "ID": one}]),
        ("ironic", "boot", lambda one: [{"UUID": one, "Driver Info": {}}]),
    ],
)
def test_an_id_that_a_client_would_take_for_an_option_is_no_answer(
    python: str, system: str, word: str, document: Callable[[str | None], object], identity: str | None
) -> None:
    assert refuses(python, system, word, json.dumps(document(identity)))
