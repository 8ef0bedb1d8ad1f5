"""The parsers of lib/ that the checks read with, on every Python that is here: a RHEL 7 undercloud has 2.7."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from unit.runtime.parse.parsers import RUNTIME, parse
from unit.waiting import LIMIT

SECTION = """Loaded plugins: product-id, search-disabled-repos
Installed Packages
openvswitch.x86_64           2.9.0-56.el7fdp              @rhel-7-server-openstack-10-rpms
qemu-kvm-common-rhev.x86_64  10:2.10.0-21.el7_5.4
                                                          @rhel-7-server-openstack-10-rpms
qemu-kvm-tools-rhev-with-a-very-long-name.x86_64
                             10:2.9.0-16.el7_4.14         @rhel-7-server-openstack-10-rpms
Available Packages
qemu-img-rhev.x86_64         10:2.12.0-18.el7             rhel-7-server-openstack-10-rpms
"""


def test_yum_rows_that_wrap_are_whole_again(python: str) -> None:
    assert parse(python, "yum", "list", SECTION) == [
        "installed openvswitch 2.9.0-56.el7fdp",
        "installed qemu-kvm-common-rhev 10:2.10.0-21.el7_5.4",
        "installed qemu-kvm-tools-rhev-with-a-very-long-name 10:2.9.0-16.el7_4.14",
        "available qemu-img-rhev 10:2.12.0-18.el7",
    ]


def test_yum_tells_which_repository_has_what_is_available(python: str) -> None:
    assert parse(python, "yum", "channels", SECTION) == [
        "qemu-img-rhev 10:2.12.0-18.el7 rhel-7-server-openstack-10-rpms"
    ]


def test_yum_says_nothing_of_what_is_no_list(python: str) -> None:
    assert parse(python, "yum", "list", "Error: No matching Packages to list\n") == []


def test_haproxy_keeps_servers_by_the_headings_name(python: str) -> None:
    filler = ",".join(f"c{number}" for number in range(15))
    rows = [f"# pxname,svname,{filler},status,weight,", "mysql,FRONTEND,,,,,,,,,,,,,,,,OPEN,,"]
    rows += [
        "mysql,overcloud-controller-0,,,,,,,,,,,,,,,,UP,1,",
        "redis,overcloud-controller-1,,,,,,,,,,,,,,,,DOWN 1/2,1,",
    ]
    rows += ["mysql,BACKEND,,,,,,,,,,,,,,,,UP,1,"]
    assert parse(python, "haproxy", "servers", "\n".join(rows) + "\n") == [
        "mysql\tovercloud-controller-0\tUP",
        "redis\tovercloud-controller-1\tDOWN 1/2",
    ]


def test_services_say_a_dash_for_nothing_and_keep_japanese(python: str) -> None:
    rows = [
        {
            "Host": "c-0.localdomain",
            "Binary": "nova-compute",
            "Status": "disabled",
            "State": "up",
            "Disabled Reason": "ファン\t交換",
        },
        {
            "Host": "c-1.localdomain",
            "Binary": "nova-compute",
            "Status": "enabled",
            "State": "up",
            "Disabled Reason": None,
        },
        {"Host": "hostgroup", "Binary": "cinder-scheduler", "Status": "enabled", "State": "up"},
    ]
    assert parse(python, "services", "services", json.dumps(rows)) == [
        "c-0.localdomain\tnova-compute\tdisabled\tup\tファン 交換",
        "c-1.localdomain\tnova-compute\tenabled\tup\t-",
        "hostgroup\tcinder-scheduler\tenabled\tup\t-",
    ]


def test_agents_and_bare_metal_say_true_and_false(python: str) -> None:
    agent = {
        "Host": "c-0",
        "Agent Type": "L3 agent",
        "Alive": False,
        "State": "UP",
        "ID": "1",
        "Binary": "neutron-l3-agent",
    }
    assert parse(python, "services", "agents", json.dumps([agent])) == ["c-0\tL3 agent\tFalse\tUP"]
    spare = {
        "UUID": "b20f", "Name": None, "Instance UUID": None, "Power State": None, "Maintenance": True, "Provisioning State": "available"
    }  # fmt: skip
    assert parse(python, "services", "baremetal", json.dumps([spare])) == ["b20f\t-\t-\tTrue\tavailable"]


def server(name: str, networks: str, status: str = "ACTIVE") -> dict[str, str]:
    return {"ID": name, "Name": name, "Networks": networks, "Status": status, "Image Name": "overcloud-full"}


@dataclass(frozen=True)
class Spec:
    """lib/nodes.tsv, and what heat says of roles."""

    nodes: Path
    roles: Path

    def mismatches(self, python: str, live: list[dict[str, str]]) -> list[str]:
        return parse(python, "services", "mismatches", json.dumps(live), str(self.nodes), str(self.roles))


@pytest.fixture
def spec(tmp_path: Path) -> Callable[..., Spec]:
    def made(*rows: str, roles: str = "") -> Spec:
        (tmp_path / "nodes.tsv").write_text("# name\trole\taddress\tgroups\n" + "".join(f"{row}\n" for row in rows))
        (tmp_path / "roles").write_text(roles)
        return Spec(tmp_path / "nodes.tsv", tmp_path / "roles")

    return made


def test_mismatches_know_every_network_and_every_way_to_write_an_address(
    python: str, spec: Callable[..., Spec]
) -> None:
    three = spec(
        "c-0\tController\t192.0.2.10\tall", "c-1\tController\tFD00:0::1\tall", "c-2\tController\t192.0.2.12\tall"
    )
    live = [server("c-0", "storage=172.16.1.4; ctlplane=192.0.2.10"), server("c-1", "ctlplane=fd00::1, 192.0.2.11")]
    (missing,) = three.mismatches(python, live)
    assert missing.split("\t") == [
        "missing", "c-2", "192.0.2.12", "-",
        "# nodes: take out",
        "# - {name: c-2, role: Controller, address: 192.0.2.12}",
        "# or, if this undercloud did not deploy it, put in its place",
        "# - {name: c-2, role: Controller, address: 192.0.2.12, deployed_server: true}",
    ]  # fmt: skip
    live = [
        server("c-0", "ctlplane=192.0.2.99"),
        server("c-1", "ctlplane=fd00::1", "SHUTOFF"),
        server("c-9", "ctlplane=192.0.2.12"),
    ]
    told = [row.split("\t")[:4] for row in three.mismatches(python, [*live, live[0]])]
    assert told == [
        ["extra", "c-9", "ctlplane=192.0.2.12", "c-9"],
        ["double", "c-0", "ACTIVE"],
        ["missing", "c-2", "192.0.2.12", "-"],
        # which of two servers of one name is the node nobody can tell: no line
        ["address", "c-0", "ctlplane=192.0.2.99", "-"],
        ["status", "c-1", "SHUTOFF"],
    ]


def lines_of(rows: list[str]) -> dict[tuple[str, str], list[str]]:
    """{(word, name): its lines of site.yaml}"""
    cells = [row.split("\t") for row in rows]
    return {(row[0], row[1]): row[4:] for row in cells}


def test_a_mismatch_has_the_lines_that_answer_it(python: str, spec: Callable[..., Spec]) -> None:
    given = spec(
        "c-0\tController\t192.0.2.10\tall", "c-1\tCompute\t192.0.2.11\tall", "c-2\tCompute\t192.0.2.12\tall",
        roles="c-0 Controller\nc-1 Networker\nc-2 Networker\nc-3 -\nc-4 Compute\nc-5 $(x)\n",
    )  # fmt: skip
    live = [
        server("c-0", "ctlplane=fd00::5"),
        server("c-1", "ctlplane=192.0.2.111"),
        server("c-2", "ctlplane=192.0.2.12"),
        server("c-3", "internal=172.16.0.1"),
        server("c-4", "ctlplane=192.0.2.14; internal=172.16.0.2"),
        server("c-5", "ctlplane=192.0.2.15, nonsense"),
    ]
    found = lines_of(given.mismatches(python, live))
    assert found == {
        ("address", "c-0"): [
            "# nodes: instead of - {name: c-0, role: Controller, address: 192.0.2.10}",
            '- {name: c-0, role: Controller, address: "fd00::5"}',
        ],
        # two things are wrong with it, and its one line has both right
        ("address", "c-1"): [
            "# roles: add Networker with what its nodes are, unless site.yaml has it already",
            "# nodes: instead of - {name: c-1, role: Compute, address: 192.0.2.11}",
            "- {name: c-1, role: Networker, address: 192.0.2.111}",
        ],
        ("role", "c-1"): [],
        ("role", "c-2"): [
            "# roles: add Networker with what its nodes are, unless site.yaml has it already",
            "# nodes: instead of - {name: c-2, role: Compute, address: 192.0.2.12}",
            "- {name: c-2, role: Networker, address: 192.0.2.12}",
        ],
        ("extra", "c-3"): [
            "# UNRESOLVED c-3: heat does not tell its role",
            "# UNRESOLVED c-3: it has 0 addresses on ctlplane",
            "# nodes: add",
            "- {name: c-3, role: UNKNOWN, address: UNKNOWN}",
        ],
        ("extra", "c-4"): ["# nodes: add", "- {name: c-4, role: Compute, address: 192.0.2.14}"],
        ("extra", "c-5"): [
            "# UNRESOLVED c-5: heat does not tell its role",
            "# nodes: add",
            "- {name: c-5, role: UNKNOWN, address: 192.0.2.15}",
        ],
    }
    pasted = yaml.safe_load("\n".join(line for lines in found.values() for line in lines))
    assert sorted(one["name"] for one in pasted) == ["c-0", "c-1", "c-2", "c-3", "c-4", "c-5"]


@pytest.mark.parametrize("name", ["null", "NO", "0x10", "1-2", "12345", "2018-11-22", "1e5", "y", "a-1"])
def test_a_name_is_a_text_when_it_is_pasted(name: str, python: str, spec: Callable[..., Spec]) -> None:
    lines = lines_of(spec("c-0\tController\t192.0.2.10\tall").mismatches(python, [server(name, "ctlplane=192.0.2.9")]))
    assert yaml.safe_load(lines["extra", name][-1]) == [{"name": name, "role": "UNKNOWN", "address": "192.0.2.9"}]


@pytest.mark.parametrize(
    "name",
    [
        "",
        " c-1",
        "c-1\n",
        "c-1\n- {name: c-2}",
        "a: b",
        "c_1",
        "-c",
        "c-",
        "c" * 64,
        "c.example.com",
        "ｃ-1",
        "\u202ec-1",
    ],
)
def test_a_name_that_no_spec_can_have_is_told_and_not_pasted(name: str, python: str, spec: Callable[..., Spec]) -> None:
    (row,) = spec("c-0\tController\t192.0.2.10\tall,deployed_server").mismatches(python, [server(name, "")])
    lines = row.split("\t")[4:]
    assert lines[0].startswith(f"# UNRESOLVED {json.dumps(name)[:40]}")
    assert all(line.isascii() and yaml.safe_load(line) is None for line in lines)


def test_the_line_of_a_stack(python: str) -> None:
    words = ("site", "1.5", "CHG1", "ja", "prod")
    assert parse(python, "spec_lines", *words[:1], "\n", *words[1:]) == []
    assert parse(python, "spec_lines", *words[:1], "cloud-7\n", *words[1:]) == [
        "# site: instead of stack: prod",
        'site: {name: "1.5", change: CHG1, stack: cloud-7, language: ja}',
    ]
    assert parse(python, "spec_lines", *words[:1], "a\nb: c\nd\n", *words[1:]) == [
        "# site: with the stack that is meant",
        '# site: {name: "1.5", change: CHG1, stack: a, language: ja}',
        '# site: {name: "1.5", change: CHG1, stack: d, language: ja}',
    ]


def test_nodes_that_the_undercloud_has_not_deployed_are_not_looked_for(python: str, spec: Callable[..., Spec]) -> None:
    given = spec("LAB-C-0\tController\t192.0.2.10\tall", "c-1\tCompute\t192.0.2.11\tall,computes,deployed_server")
    live = [server("LAB-C-0", "ctlplane=192.0.2.10"), server("other", "ctlplane=192.0.2.77")]
    (extra,) = given.mismatches(python, live)
    assert extra.split("\t")[:4] == ["extra", "other", "ctlplane=192.0.2.77", "other"]
    assert parse(python, "services", "servers", json.dumps(live), str(given.nodes)) == ["LAB-C-0\tLAB-C-0"]
    assert parse(python, "services", "servers", "[]", str(given.nodes)) == ["-\tLAB-C-0"]


def test_a_value_of_millions_of_characters_is_cut(python: str) -> None:
    agent = {"Host": "x" * 3_000_000, "Agent Type": "L3 agent", "Alive": False, "State": "UP"}
    assert parse(python, "services", "agents", json.dumps([agent])) == [f"{'x' * 32768}[...]\tL3 agent\tFalse\tUP"]


@pytest.mark.parametrize(
    ("endpoints", "types"),
    [
        ("r\n  publicURL: http://192.0.2.5:8776/v2\n  internalURL: http://192.0.2.5:8776/v2\n", ["volumev2"]),
        ("r\n  admin: http://192.0.2.5:8776/v2\nr\n  public: http://192.0.2.5:8776/v2\n", ["volumev2"]),
        ("r\n  publicURL: <none>\n  internalURL: http://192.0.2.5:8776/v2\n", []),
        ("r\n  internal: http://192.0.2.5:8776/v2\n", []),
        ("", []),
    ],
)
def test_the_catalogue_is_its_types_that_have_a_public_endpoint(python: str, endpoints: str, types: list[str]) -> None:
    rows = [{"Name": "cinderv2", "Type": "volumev2", "Endpoints": endpoints}]
    assert parse(python, "services", "catalogue", json.dumps(rows)) == types


def test_ceph_says_how_full_it_is(python: str) -> None:
    document = {"stats": {"total_bytes": 1000, "total_used_bytes": 859, "total_avail_bytes": 141}, "pools": []}
    assert parse(python, "ceph", "used", json.dumps(document)) == ["85"]


# Every way to read JSON; and answers that are JSON, but of another kind: `{}` must not pass for a list without rows, which is good news.
READERS = """
    nova instances, nova instance, nova description, nova volumes, nova port, nova needs, nova room, heat busy, heat hooks,
    heat resources overcloud, heat stack, glance names, services agents, services services, services catalogue,
    services baremetal, services stacks, services instances, services servers NODES, services mismatches NODES NODES,
    ironic busy, ironic boot, ironic nodes, routers verdict node, routers hosted node, mistral updated, mistral environments, mistral file,
    predeploy flavors NODES, ceph status, ceph used, ceph flags, ceph keys osp, ceph down, ceph checks NODES
"""
OTHER_KINDS = ['""', "null", "true", "7", '"HEALTH_OK"', "[7]", "[[]]", "[null]", f"[{'1' * 500_000}]"]
EMPTY_ONES = ["{}", "[]"]
# Reads each JSON text of stdin by each reader, all in one process, and prints those that were taken for an answer.
PLAY = """
import io, json, runpy, sys
texts, readers, folder = json.load(sys.stdin)
sys.path.insert(0, folder)
out = sys.stdout
for reader in readers:
    for text in texts:
        sys.argv = reader.split()
        sys.stdin = io.StringIO(u"" + text)
        sys.stdout = io.StringIO() if sys.version_info[0] > 2 else io.BytesIO()
        try:
            runpy.run_path(folder + "/" + sys.argv[0] + ".py", run_name="__main__")
        except Exception:
            continue
        out.write("%s %s\\n" % (reader, text[:40]))
"""


def test_json_of_another_kind_is_no_answer(python: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("")
    readers = [reader.strip().replace("NODES", str(empty)) for reader in READERS.split(",")]
    result = subprocess.run(
        [python, "-S", "-c", PLAY],
        input=json.dumps([[*OTHER_KINDS, *EMPTY_ONES], readers, str(RUNTIME / "parse")]),
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )
    assert result.returncode == 0, result.stderr
    taken = dict(line.rsplit(" ", 1) for line in result.stdout.splitlines())
    assert set(taken.values()) <= set(EMPTY_ONES)
    # nobody takes both; a hypervisor that does not say how much room it has says nothing
    assert len(result.stdout.splitlines()) == len(taken)
    assert {reader for reader, text in taken.items() if text == "{}"} == {"nova room"}
