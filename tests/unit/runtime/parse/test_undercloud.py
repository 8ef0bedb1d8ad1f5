"""ironic's, glance's and mistral's JSON."""

from __future__ import annotations

import json

import pytest

from unit.runtime.parse.parsers import parse, refuses


@pytest.mark.parametrize("state", ["deploying", "wait call-back", "clean wait", "cleaning", "deleting", "inspecting"])
def test_ironic_is_busy(python: str, state: str) -> None:
    nodes = [
        {"UUID": "u-1", "Name": None, "Provisioning State": state},
        {"UUID": "u-2", "Name": "n-2", "Provisioning State": "active"},
    ]
    assert parse(python, "ironic", "busy", json.dumps(nodes)) == [f"u-1 {state.replace(' ', '-')}"]


@pytest.mark.parametrize(
    "state", ["active", "available", "manageable", "enroll", "error", "clean failed", "deploy failed", None]
)
def test_ironic_is_not_busy(python: str, state: str | None) -> None:
    assert (
        parse(python, "ironic", "busy", json.dumps([{"UUID": "u-1", "Name": "n", "Provisioning State": state}])) == []
    )


def test_deploy_images_of_the_nodes(python: str) -> None:
    nodes = [
        {"UUID": "u-1", "Driver Info": {"deploy_kernel": "k", "deploy_ramdisk": "r"}},
        {"UUID": "u-2", "Driver Info": {}},
    ]
    assert parse(python, "ironic", "boot", json.dumps(nodes)) == ["u-1 k r", "u-2 - -"]


def test_images(python: str) -> None:
    images = [
        {"ID": "i-1", "Name": "overcloud-full", "Status": "active"},
        {"ID": "i-2", "Name": "my image", "Status": "active"},
    ]
    assert parse(python, "glance", "names", json.dumps(images)) == ["overcloud-full i-1", "my_image i-2"]
    assert refuses(python, "glance", "names", "[{}]")


def test_when_the_plan_was_written(python: str) -> None:
    environment = {"Name": "overcloud", "Created at": "2018-06-26 06:00:00", "Updated at": "2018-11-22 22:38:20"}
    assert parse(python, "mistral", "updated", json.dumps(environment)) == ["2018-11-22 22:38:20"]
    assert parse(python, "mistral", "updated", json.dumps({**environment, "Updated at": None})) == [
        "2018-06-26 06:00:00"
    ]


def test_environments_of_a_plan(python: str) -> None:
    document = {
        "Name": "overcloud",
        "Variables": json.dumps({"environments": [{"path": "a.yaml"}, {"path": "b.yaml"}]}),
    }
    assert parse(python, "mistral", "environments", json.dumps(document)) == ["a.yaml", "b.yaml"]
    assert parse(python, "mistral", "environments", json.dumps({"Variables": '{"environments": []}'})) == []


def test_a_plan_as_the_client_reads_it_back(python: str) -> None:
    variables = {"environments": [{"path": "a.yaml"}], "parameter_defaults": {"Key": "two\nlines \u3042"}}
    document = {"Name": "overcloud", "Variables": json.dumps(variables), "Scope": "private"}
    (line,) = parse(python, "mistral", "file", json.dumps(document))
    assert json.loads(line) == {"name": "overcloud", "variables": variables}
