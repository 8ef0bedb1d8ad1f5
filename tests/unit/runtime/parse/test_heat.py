"""heat's lists, with the words the Newton client was recorded with."""

from __future__ import annotations

import json

import pytest

from unit.runtime.parse.parsers import parse, refuses

HOOK = {
    "Resource Name": "UpdateDeployment",
    "ID": "x",
    "Resource Status": "UPDATE_IN_PROGRESS",
    "Stack Name": "overcloud-compute-0",
}


def test_busy_stacks(python: str) -> None:
    stacks = [
        {"Stack Name": "overcloud", "Stack Status": "UPDATE_IN_PROGRESS"},
        {"Stack Name": "other", "Stack Status": "CREATE_COMPLETE"},
    ]
    assert parse(python, "heat", "busy", json.dumps(stacks)) == ["overcloud UPDATE_IN_PROGRESS"]
    assert parse(python, "heat", "busy", "[]") == []


@pytest.mark.parametrize(
    ("parameters", "identifier"), [({"UpdateIdentifier": "1542926376"}, "1542926376"), ({}, ""), (None, "")]
)
def test_a_stack_and_its_last_update(python: str, parameters: dict[str, str] | None, identifier: str) -> None:
    text = json.dumps({"stack_status": "UPDATE_COMPLETE", "parameters": parameters})
    assert parse(python, "heat", "stack", text) == ["status UPDATE_COMPLETE", f"update_identifier {identifier}"]


def test_only_hooks_before_an_update_are_breakpoints(python: str) -> None:
    hooks = [
        {**HOOK, "Resource Status Reason": "UPDATE paused until Hook pre-update is cleared"},
        {**HOOK, "Resource Status Reason": "CREATE paused until Hook pre-create is cleared"},
    ]
    assert parse(python, "heat", "hooks", json.dumps(hooks)) == ["UpdateDeployment overcloud-compute-0"]


@pytest.mark.parametrize(
    ("stack", "kind", "role"),
    [
        ("over.cloud-Compute-5lkg7xsvxyoz-0-4cqxqoqk4hq6", "OS::TripleO::Server", "Compute"),
        ("over.cloud-Compute-5lkg7xsvxyoz-12-4cqxqoqk4hq6", "OS::Nova::Server", "Compute"),
        ("over.cloud-Compute-5lkg7xsvxyoz-0-4cqxqoqk4hq6", "OS::Neutron::Port", "-"),
        ("over.cloud-Compute-5lkg7xsvxyoz", "OS::TripleO::Server", "-"),
        ("overXcloud-Compute-5lkg7xsvxyoz-0-4cqxqoqk4hq6", "OS::TripleO::Server", "-"),
        ("over.cloud-c: d-5lkg7xsvxyoz-0-4cqxqoqk4hq6", "OS::TripleO::Server", "-"),
        (None, "OS::TripleO::Server", "-"),
    ],
)
def test_the_role_of_a_server_is_that_of_its_group(python: str, stack: str | None, kind: str, role: str) -> None:
    rows = [
        {"physical_resource_id": "ab-1", "resource_type": kind, "stack_name": stack},
        {"physical_resource_id": "", "resource_type": kind, "stack_name": stack},
    ]
    assert parse(python, "heat", "resources", json.dumps(rows), "over.cloud") == [f"ab-1 {role}"]


def test_no_json_is_no_answer(python: str) -> None:
    assert refuses(python, "heat", "busy", "")
    assert refuses(python, "heat", "stack", "{}")
