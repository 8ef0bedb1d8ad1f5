"""Lists in every form in which the clients print them, as they were recorded, and the roles that they tell of."""

from __future__ import annotations

import pytest

from osp_compile.importing import baremetal, server_list, services
from osp_compile.importing.environments import Environment, Value
from osp_compile.importing.inference import UNKNOWN, Inference
from osp_compile.importing.nodes import Server
from osp_compile.importing.roles_data import KnownRole, Registry, capabilities, read
from osp_compile.importing.text import Text

IDS = "11111111-2222-3333-4444-55555555555", "aaaaaaaa-2222-3333-4444-55555555555"
FORMS = {
    "csv": '"ID","Name","Status","Networks","Image Name"\n'
    f'"{IDS[0]}1","overcloud-compute-0","ACTIVE","ctlplane=192.0.2.20","full image"\n',
    "csv, unquoted": "Name,Networks\novercloud-compute-0,ctlplane=192.0.2.20\n",
    "value": f"{IDS[0]}1 overcloud-compute-0 ACTIVE ctlplane=192.0.2.20 full image\n",
    "value of two": "overcloud-compute-0 ctlplane=192.0.2.20\n",
    "json": f'[\n  {{\n    "Networks": "ctlplane=192.0.2.20", \n    "ID": "{IDS[0]}1", \n'
    '    "Name": "overcloud-compute-0"\n  }\n]',
    "json of later clients": '[{"Name": "overcloud-compute-0", "Networks": {"ctlplane": ["192.0.2.20"]}}]',
    "yaml": "- ID: x\n  Name: overcloud-compute-0\n  Networks: ctlplane=192.0.2.20\n",
    "table": "+----+---------------------+--------+---------------------+\n"
    "| ID | Name                | Status | Networks            |\n"
    "+----+---------------------+--------+---------------------+\n"
    "| x  | overcloud-compute-0 | ACTIVE | ctlplane=192.0.2.20 |\n"
    "+----+---------------------+--------+---------------------+\n",
}


def text(body: str) -> Text:
    return Text("list", tuple(body.rstrip("\n").split("\n")))


@pytest.mark.parametrize("form", FORMS)
def test_a_server_in_every_form(form: str) -> None:
    servers, problems = server_list.read(text(FORMS[form]))
    assert problems == []
    assert [(one.name, one.address) for one in servers] == [("overcloud-compute-0", "192.0.2.20")]


@pytest.mark.parametrize(
    ("networks", "said"),
    [
        ("ctlplane=192.0.2.20, 192.0.2.21", "2 addresses"),
        ("private=10.0.0.1", "no address on `ctlplane` (private)"),
        ("", "no network at all"),
    ],
)
def test_an_address_that_is_not_known(networks: str, said: str) -> None:
    (server,), problems = server_list.read(text(f'Name,Networks\na,"{networks}"\n'))
    assert server.address == ""
    assert said in problems[0].message


@pytest.mark.parametrize(
    "body", ["", "[]", "[1]", '{"a": 1}', "[{", "[" * 5000, "\x1b[31m|+--+|\n", '[{"Name": "../x"}]']
)
def test_a_list_that_is_none(body: str) -> None:
    _, problems = server_list.read(text(body))
    assert problems


def test_profiles_come_by_the_instance() -> None:
    server = Server("x", text("x").at(1), id=f"{IDS[0]}1")
    properties = "{u'capabilities': u'profile:ceph-storage,boot:local'}"
    rows = f'UUID,Name,Instance UUID,Properties\nu,m,{IDS[0]}1,"{properties}"\n'
    machines, _ = baremetal.read(text(rows))
    assert baremetal.tag([server], machines) == []
    assert server.profile == "ceph-storage"


def test_values_of_machines() -> None:
    lines = f"{IDS[1]}1 overcloud-compute-0 {IDS[0]}1 power on active True\n{IDS[1]}2 None None None available False\n"
    machines, _ = baremetal.read(text(lines))
    assert [(one.name, one.instance, one.maintenance) for one in machines] == [
        ("overcloud-compute-0", f"{IDS[0]}1", True),
        ("", "", False),
    ]


def test_services_of_a_host() -> None:
    server = Server("a-0", text("x").at(1))
    services.read(text("a-0.localdomain True UP neutron-l3-agent\n"), [server])
    services.read(text("ID,Binary,Host\n4,nova-compute,a-0.localdomain\n"), [server])
    assert server.services == {"neutron-l3-agent", "nova-compute"}


ROLES = """
- name: Controller
  ServicesDefault: [OS::TripleO::Services::Keystone, OS::TripleO::Services::Pacemaker]
- name: OsdCompute
  HostnameFormatDefault: '%stackname%-hci-%index%'
  ServicesDefault: [OS::TripleO::Services::NovaCompute, OS::TripleO::Services::CephOSD]
"""


def inference(roles: dict[str, KnownRole] | None = None, **parameters: object) -> Inference:
    environment = Environment({name: Value(value, text("x").at(1)) for name, value in parameters.items()})
    return Inference("overcloud", roles or {}, environment, {"huge": "Compute"})


@pytest.mark.parametrize(
    ("name", "role", "sure"),
    [
        ("overcloud-controller-0", "Controller", True),
        ("overcloud-novacompute-11", "Compute", True),
        ("overcloud-cephstorage-2", "CephStorage", True),
        ("overcloud-networker-0", "Networker", False),
        ("LAB-Ctrl-0", "Controller", False),
        ("zeus", UNKNOWN, False),
    ],
)
def test_roles_by_name(name: str, role: str, sure: bool) -> None:
    found = inference().role(Server(name, text("x").at(1)))
    assert (found.role, found.doubt is None) == (role, sure)


def test_roles_by_the_roles_file() -> None:
    roles, problems = read(text(ROLES))
    assert problems == []
    assert capabilities(roles["OsdCompute"], Registry()) == {"compute", "ceph_osd"}
    assert capabilities(roles["Controller"], Registry()) == {"controller", "pacemaker"}
    assert inference(roles).role(Server("overcloud-hci-3", text("x").at(1))).role == "OsdCompute"


def test_roles_by_what_environments_say() -> None:
    renamed = inference(HostnameMap={"overcloud-compute-0": "zeus"}, ControllerHostnameFormat="ctl%index%")
    assert renamed.role(Server("zeus", text("x").at(1))).role == "Compute"
    assert renamed.role(Server("ctl7", text("x").at(1))).role == "Controller"


def test_roles_by_profile_and_flavor() -> None:
    assert inference().role(Server("zeus", text("x").at(1), profile="ceph-storage")).role == "CephStorage"
    assert inference().role(Server("zeus", text("x").at(1), flavor="huge")).role == "Compute"
    doubted = inference().role(Server("overcloud-compute-0", text("x").at(1), profile="control"))
    assert doubted.role == "Compute"
    assert doubted.doubt is not None
