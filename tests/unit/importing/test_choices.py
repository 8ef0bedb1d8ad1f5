"""What an imported spec leaves to a person: every key of the schema is filled, or is there to be uncommented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from osp_compile.importing.choices import CHOICES, FILLED, Choice, lines
from osp_compile.importing.draft import SWITCHED_OFF
from osp_compile.pipeline import import_spec
from osp_compile.spec import loading, schema

SERVERS = (
    "Name,Networks\novercloud-controller-0,ctlplane=192.0.2.10\novercloud-controller-1,ctlplane=192.0.2.11\n"
    "overcloud-controller-2,ctlplane=192.0.2.12\novercloud-compute-0,ctlplane=192.0.2.20\n"
    "overcloud-compute-1,ctlplane=192.0.2.21\novercloud-computeovsdpdk-0,ctlplane=192.0.2.30\n"
)


def imported(folder: Path, servers: str, settings: str = "") -> str:
    (folder / "d.sh").write_text("openstack overcloud deploy --templates -e /t/a.yaml\n", "utf-8")
    (folder / "s.csv").write_text(servers, "utf-8")
    (folder / "a.yaml").write_text(settings, "utf-8")
    made = import_spec(
        folder / "site.yaml", change="CHG1", deploy=folder / "d.sh", servers=folder / "s.csv",
        templates=(folder / "a.yaml",), force=True,
    )  # fmt: skip
    assert made.path is not None
    return made.path.read_text("utf-8")


def offered(text: str) -> set[str]:
    """The keys that the spec has as comments."""
    return set(re.findall(r"^# ([a-z_]+): \S", text, re.MULTILINE)) & set(schema.load()["properties"])


def test_every_key_of_the_schema_is_filled_or_offered(tmp_path: Path) -> None:
    keys = set(schema.load()["properties"])
    plain = "".join(line for line in SERVERS.splitlines(keepends=True) if "dpdk" not in line)
    assert offered(imported(tmp_path, plain)) == keys - FILLED
    assert {choice.key for choice in CHOICES} <= keys - FILLED


def test_a_key_that_is_new_in_the_schema_is_offered_in_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    found = schema.load()
    added = {"description": "Whether lights are on.", "examples": [{"on": True}]}
    monkeypatch.setattr(schema, "load", lambda: {**found, "properties": {**found["properties"], "lights": added}})
    assert lines(())[-3:] == ["", "Whether lights are on.", 'lights: {"on": true}']


def test_what_the_files_say_is_not_offered_again(tmp_path: Path) -> None:
    settings = (
        "parameter_defaults: {EnableFencing: true, CeilometerMeterDispatcher: database}\n"
        "resource_registry:\n  OS::TripleO::Services::CinderApi: OS::Heat::None\n"
    )
    text = imported(tmp_path, SERVERS, settings)
    assert offered(text) == set(schema.load()["properties"]) - FILLED - {"mongodb", "services", "fencing"}
    assert "\nnfv: true\n" in text
    assert "services: {volumes: false}" in text
    assert "type=dpdkvhostuser" in text  # where the instances of nfv are to be found


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.key)
def test_each_line_may_be_uncommented(choice: Choice, tmp_path: Path) -> None:
    plain = "".join(line for line in SERVERS.splitlines(keepends=True) if "dpdk" not in line)
    text = imported(tmp_path, plain)
    line = f"{choice.key}: {choice.value}"
    assert f"\n# {line}\n" in text
    (tmp_path / "site.yaml").write_text(text.replace(f"\n# {line}\n", f"\n{line}\n"), "utf-8")
    site, problems = loading.load(tmp_path / "site.yaml", frozenset())
    assert [one.message for one in problems if one.severity == "error"] == []
    assert site is not None


@pytest.mark.parametrize(("key", "service"), SWITCHED_OFF.items())
def test_a_service_that_is_mapped_to_nothing_is_absent(key: str, service: str, tmp_path: Path) -> None:
    settings = f"resource_registry:\n  OS::TripleO::Services::{service}: OS::Heat::None\n"
    assert f"services: {{{key}: false}}" in imported(tmp_path, SERVERS, settings)
