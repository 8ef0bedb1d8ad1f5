"""Where the meters go by the environment files, and what the spec says of MongoDB for it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from osp_compile.importing.environments import LOOKED_AT
from osp_compile.pipeline import import_spec

SERVERS = "Name,Networks\novercloud-controller-0,ctlplane=192.0.2.10\novercloud-compute-0,ctlplane=192.0.2.20\n"
OFF = "resource_registry:\n  OS::TripleO::Services::MongoDb: OS::Heat::None\n"


def imported(folder: Path, settings: str, roles: str | None = None) -> tuple[object, list[str]]:
    """`mongodb` of the spec (None where it leaves that open), and what is said of telemetry."""
    (folder / "d.sh").write_text("openstack overcloud deploy --templates -e /t/a.yaml\n", "utf-8")
    (folder / "s.csv").write_text(SERVERS, "utf-8")
    (folder / "a.yaml").write_text(settings, "utf-8")
    (folder / "r.yaml").write_text(roles or "", "utf-8")
    given = {"deploy": folder / "d.sh", "servers": folder / "s.csv", "templates": (folder / "a.yaml",)}
    made = import_spec(
        folder / "site.yaml", change="CHG1", roles=folder / "r.yaml" if roles else None, force=True, **given
    )
    assert made.path is not None
    said = [one.message for one in made.diagnostics if one.code == "telemetry"]
    return yaml.safe_load(made.path.read_text("utf-8")).get("mongodb"), said


@pytest.mark.parametrize(
    ("settings", "mongodb"),
    [
        ("", None),
        ("CeilometerMeterDispatcher: gnocchi", None),
        ("CeilometerMeterDispatcher: database", True),
        ("CeilometerMeterDispatcher: Database", True),
        ("CeilometerMeterDispatcher: [gnocchi, database]", True),
        ("CeilometerMeterDispatcher: 'gnocchi, database'", True),
        ("CeilometerMeterDispatcher: database\n  CeilometerBackend: mongodb", True),
        ("CeilometerMeterDispatcher: database\n  CeilometerBackend: mysql", None),
        ("CeilometerBackend: mongodb", None),
    ],
)
def test_meters_that_go_to_mongodb_need_it(settings: str, mongodb: bool | None, tmp_path: Path) -> None:
    assert imported(tmp_path, f"parameter_defaults:\n  {settings}\n") == (mongodb, [])


def test_a_service_that_is_switched_off_is_not_there(tmp_path: Path) -> None:
    assert imported(tmp_path, OFF) == (False, [])
    found, said = imported(tmp_path, f"{OFF}parameter_defaults:\n  CeilometerMeterDispatcher: database\n")
    assert found is False
    assert said == ["CeilometerMeterDispatcher has meters go to MongoDB, whose service is switched off in a.yaml:2"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CeilometerMeterDispatcher", "influx", "database or gnocchi"),
        ("CeilometerMeterDispatcher", "[gnocchi, file]", "database or gnocchi"),
        ("CeilometerMeterDispatcher", "{a: b}", "database or gnocchi"),
        ("CeilometerMeterDispatcher", "''", "database or gnocchi"),
        ("CeilometerBackend", "$(touch x)", "mongodb or mysql"),
    ],
)
def test_what_is_not_known_is_said_and_left_open(name: str, value: str, words: str, tmp_path: Path) -> None:
    found, said = imported(tmp_path, f"parameter_defaults:\n  {name}: {value}\n")
    assert (found, said) == (None, [f"{name} is something else than {words}"])


@pytest.mark.parametrize(("service", "mongodb"), [("OS::TripleO::Services::MongoDb", True), ("x", None)])
def test_a_roles_file_may_have_it_elsewhere(service: str, mongodb: bool | None, tmp_path: Path) -> None:
    own = f"OS::TripleO::Services::Keystone, {service}"
    roles = (
        f"- name: Controller\n  ServicesDefault: [{own}]\n"
        "- name: Telemetry\n  ServicesDefault: [OS::TripleO::Services::MongoDb]\n"
        "- name: Compute\n  ServicesDefault: [OS::TripleO::Services::NovaCompute]\n"
    )
    settings = "parameter_defaults:\n  CeilometerMeterDispatcher: database\n"
    assert imported(tmp_path, settings, roles) == (mongodb, [])


def test_the_collecting_script_takes_what_is_read() -> None:
    from osp_compile.importing import collection

    for name in ("CeilometerMeterDispatcher", "CeilometerBackend"):
        assert LOOKED_AT.fullmatch(name)
        assert name in collection.commands()
