"""Lists as people paste them: the one that is wanted is taken, another is refused with the command of the right one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from osp_compile.diagnostics import Diagnostic
from osp_compile.importing import baremetal, server_list, services
from osp_compile.importing.command import Wish, import_site
from osp_compile.importing.text import Text, as_seen, read

IDS = tuple(f"0b4c3a70-d0a4-4ec8-b5d7-b9c0b6f6f3a{number}" for number in range(4))


def table(heading: Sequence[str], *rows: Sequence[str]) -> str:
    """The table as the clients print it."""
    widths = [max(map(len, column)) for column in zip(heading, *rows, strict=True)]
    frame = f"+{'+'.join('-' * (width + 2) for width in widths)}+"
    lines = ["|".join(["", *(f" {cell:<{width}} " for cell, width in zip(row, widths, strict=True)), ""])
             for row in (heading, *rows)]  # fmt: skip
    return "\n".join([frame, lines[0], frame, *lines[1:], frame, ""])


NOVA = table(
    ["ID", "Name", "Status", "Task State", "Power State", "Networks"],
    [IDS[0], "overcloud-controller-0", "ACTIVE", "-", "Running", "ctlplane=192.0.2.10"],
)
SERVERS = table(
    ["ID", "Name", "Status", "Networks", "Image Name"],
    [IDS[0], "overcloud-controller-0", "ACTIVE", "ctlplane=192.0.2.10", "overcloud-full"],
)
MACHINES = table(
    ["UUID", "Name", "Instance UUID", "Power State", "Provisioning State", "Maintenance"],
    [IDS[1], "m-0", IDS[0], "power on", "active", "False"],
)
SERVICES = table(["Id", "Binary", "Host", "State"], ["4", "nova-compute", "overcloud-compute-0.localdomain", "up"])
PROMPT = "(undercloud) [stack@director ~]$ "
WARNED = (
    "/usr/lib/python2.7/site-packages/urllib3/connectionpool.py:769: InsecureRequestWarning: not verified\n"
    "  InsecureRequestWarning)\nWARNING: openstackclient.common.utils is deprecated, use osc_lib.utils\n"
)
VALUE = f"{IDS[0]} overcloud-controller-0 ACTIVE ctlplane=192.0.2.10 overcloud-full\n"
TAKEN = {
    "nova list": NOVA,
    "two columns": table(["Name", "Networks"], ["overcloud-controller-0", "ctlplane=192.0.2.10"]),
    "a prompt": f"{PROMPT}openstack server list\n{SERVERS}{PROMPT}\n",
    "warnings": WARNED + SERVERS,
    "warnings before values": WARNED + VALUE,
    "a prompt around values": f"{PROMPT}openstack server list -f value\n{VALUE}{PROMPT}\n",
    "time": f"{SERVERS}\nreal\t0m2.011s\nuser\t0m1.0s\n",
    "mixed ends of lines": SERVERS.replace("\n", "\r\n", 3),
    "a mark": f'\ufeff"ID","Name","Networks"\n"{IDS[0]}","overcloud-controller-0","ctlplane=192.0.2.10"\n',
    "several networks": '[{"Name": "overcloud-controller-0", "Image Name": null, "Status": null,'
    ' "Networks": "ctlplane=192.0.2.10; internal_api=172.16.0.10, 172.16.0.11; external=10.0.0.5"}]',
    "nova's own answer": '{"servers": [{"name": "overcloud-controller-0", "status": "ACTIVE",'
    ' "addresses": {"ctlplane": [{"addr": "192.0.2.10", "version": 4}]}}]}',
}
REFUSED = {
    "cut at 80 columns": ("\n".join(line[:80] for line in SERVERS.splitlines()), "a piece of a table"),
    "wrapped at 80 columns": (
        "\n".join(line[at : at + 80] for line in SERVERS.splitlines() for at in range(0, len(line), 80)),
        "a piece of a table",
    ),
    "nothing": ("", "no servers"),
    "an empty table": ("+----+------+\n| ID | Name |\n+----+------+\n+----+------+\n", "no servers"),
    "prompts": (f"{PROMPT}openstack server list\n{PROMPT}\n", "not of a list"),
    "without the rc file": ("Missing value auth-url required for auth plugin password\n", "not of a list"),
    "nova without it": (
        "ERROR (CommandError): You must provide a username or user ID via env[OS_USERNAME]\n",
        "not of",
    ),
    "no connection": (
        "Unable to establish connection to http://192.0.2.1:5000/v2.0: HTTPConnectionPool(host='x', port=5000)\n",
        "not of a list",
    ),
    "a page": ("<html><body><h1>503 Service Unavailable</h1>\n</body></html>\n", "not of a list"),
    "a shell": ("bash: openstack: command not found\n", "not of a list"),
    "a traceback": (
        'Traceback (most recent call last):\n  File "/usr/bin/openstack", line 10\nImportError: x\n',
        "not",
    ),
    "names and addresses": ("overcloud-controller-0 192.0.2.10\n", "not of a list"),
    "names": ("overcloud-controller-0\novercloud-compute-0\n", "no networks"),
    "a column of names": (table(["Name"], ["overcloud-controller-0"]), "no networks"),
    "one server": (table(["Field", "Value"], ["addresses", "ctlplane=192.0.2.10"]), "the details of one thing"),
    "machines": (MACHINES, "a list of ironic's machines"),
    "services": (SERVICES, "a list of services or agents"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_list_of_servers_is_taken_as_it_was_pasted(name: str, tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(TAKEN[name].encode())
    text = read(tmp_path / "list")
    assert isinstance(text, Text), text
    servers, problems = server_list.read(as_seen(text))
    assert problems == []
    assert [(one.name, one.address) for one in servers] == [("overcloud-controller-0", "192.0.2.10")]


@pytest.mark.parametrize("name", REFUSED)
def test_another_text_is_refused_in_one_sentence(name: str) -> None:
    body, said = REFUSED[name]
    servers, problems = server_list.read(Text("list", tuple(body.split("\n"))))
    assert servers == []
    (problem,) = problems
    assert said in problem.message
    assert "-f json" in str(problem.help)


def only(found: tuple[object, list[Diagnostic]]) -> str:
    (problem,) = found[1]
    return f"{problem.message}; {problem.help}"


def test_each_list_is_known_in_the_place_of_another() -> None:
    assert "this one is for --servers" in only(baremetal.read(Text("x", tuple(SERVERS.split("\n")))))
    assert "baremetal node list --fields name instance_uuid" in only(baremetal.read(Text("x", ("Missing value x",))))
    profiles = table(["Node UUID", "Node Name", "Current Profile"], [IDS[1], "m-0", "control"])
    assert "names no instances" in only(baremetal.read(Text("x", tuple(profiles.split("\n")))))
    (problem,) = services.read(Text("x", tuple(MACHINES.split("\n"))), [])
    assert "this one is for --baremetal" in str(problem.help)


@pytest.mark.parametrize(
    "line",
    [
        f"m-0 {IDS[0]} {{u'memory_mb': u'1', u'capabilities': u'profile:control,boot_option:local'}}",
        f"None {IDS[0]} {{u'capabilities': u'profile:control'}}",
        f"{IDS[1]} m-0 {IDS[0]} {{u'capabilities': u'profile:control'}}",
    ],
)
def test_machines_of_values_in_the_order_of_fields(line: str) -> None:
    machines, problems = baremetal.read(Text("list", (line, "")))
    assert problems == []
    assert [(one.instance, one.profile) for one in machines] == [(IDS[0], "control")]
    assert machines[0].name == ("" if line.startswith("None") else "m-0")


def test_what_is_refused_leaves_no_nodes(tmp_path: Path) -> None:
    (tmp_path / "d.sh").write_text("openstack overcloud deploy --templates -e /t/a.yaml\n")
    (tmp_path / "list").write_text(REFUSED["without the rc file"][0])
    made = import_site(Wish(deploy=tmp_path / "d.sh", servers=tmp_path / "list"))
    assert made.draft is not None
    assert made.draft.nodes == []
    assert "list-form" in [one.code for one in made.diagnostics]
