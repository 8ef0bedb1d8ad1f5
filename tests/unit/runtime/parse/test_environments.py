"""What the client reads: environment files, the answers file, and the templates that they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.runtime.parse.parsers import parse, refuses

ENTRY = "environment\t"


@pytest.mark.parametrize(
    "text",
    [
        "templates: /t/\nenvironments:\n- /a.yaml\n-   'b c.yaml'  # the site's\n",
        "# ours\nenvironments:\n  # first\n  - /a.yaml\n  - \"b c.yaml\"\ntemplates: '/t'\n",
        "environments: [/a.yaml, b c.yaml]\ntemplates: /t  # the package's\n",
        '---\nenvironments: [ \'/a.yaml\',  # first\n  "b c.yaml",\n]\ntemplates: "/t/"\n',
    ],
)
def test_answers(python: str, tmp_path: Path, text: str) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(text)
    rows = parse(python, "environments", "answers", "", str(file), "/home/stack")
    assert sorted(rows, key=lambda row: row.startswith("templates")) == [
        f"{ENTRY}/a.yaml", f"{ENTRY}/home/stack/b c.yaml", "templates\t/t"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "environments: /a.yaml\n",
        "environments:\n  a: b\n",
        "environments: [/a.yaml\n",
        "environments:\n- ''\n",
        "environments: &x\n- /a.yaml\n",
    ],
)
def test_answers_that_the_client_cannot_take_are_refused(python: str, tmp_path: Path, text: str) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(text)
    assert refuses(python, "environments", "answers", "", str(file), "/home/stack")


def test_templates_that_are_not_there(python: str, tmp_path: Path) -> None:
    tree, site = tmp_path / "tree", tmp_path / "site é"
    for name in ("tree/puppet/role.role.j2.yaml", "tree/net.j2.yaml", "tree/there.yaml", "site é/nic.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    env = site / "net.yaml"
    env.write_text(
        "resource_registry:\n"
        "  # our own\n"
        "  OS::TripleO::Controller::Net::SoftwareConfig: nic.yaml\n"
        '  "OS::TripleO::Compute::Net::SoftwareConfig": nic/gone.yaml  # it was moved\n'
        "  OS::TripleO::Services::A: OS::Heat::None\n"
        f"  OS::TripleO::Services::B: {tree}/there.yaml\n"
        f"  OS::TripleO::Services::C: {tree}/net.yaml\n"
        f"  OS::TripleO::Controller: {tree}/puppet/controller-role.yaml\n"
        f"  OS::TripleO::Services::D: file://{tree}/puppet/controller-roles.yaml\n"
        "  OS::TripleO::Services::E: http://192.0.2.9/e.yaml\n"
        "  resources:\n"
        "    x: {OS::TripleO::F: gone.yaml}\n"
        "  hooks: pre-update\n"
        "parameter_defaults:\n  Path: gone.yaml\n",
        encoding="utf-8",
    )
    one_line = tmp_path / "one.yaml"
    one_line.write_text("resource_registry: {OS::TripleO::G: './gone.yaml', OS::TripleO::H: tree/there.yaml}\n")
    rows = parse(python, "environments", "lost", "", f"{tree}/", str(env), str(one_line), str(tmp_path / "none.yaml"))
    assert rows == [
        f"{env}\t4\tOS::TripleO::Compute::Net::SoftwareConfig\t{site}/nic/gone.yaml",
        f"{env}\t9\tOS::TripleO::Services::D\t{tree}/puppet/controller-roles.yaml",
        f"{one_line}\t1\tOS::TripleO::G\t{tmp_path}/gone.yaml",
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("parameter_defaults:\n  NtpServer: 192.0.2.1\n", "set\t2"),
        ("parameter_defaults:\n  NtpServer: ['192.0.2.1', b]\n", "set\t2"),
        ("parameter_defaults:\n    NtpServer:\n    - 192.0.2.1\n", "set\t2"),
        ("parameter_defaults:\n  NtpServer:\n    - 192.0.2.1\n  Other: 1\n", "set\t2"),
        ("parameter_defaults: {Other: [1, 2], NtpServer: a}\n", "set\t1"),
        ("parameter_defaults:\n  NtpServer: ''\n", "empty\t2"),
        ("parameter_defaults:\n  Other: 1\n  NtpServer: []  # by DHCP\n", "empty\t3"),
        ("parameter_defaults:\n  NtpServer:\n", "empty\t2"),
        ("parameters:\n  NtpServer: 192.0.2.1\n", ""),
        ("parameter_defaults:\n  Other:\n    NtpServer: 192.0.2.1\n  # NtpServer: a\n", ""),
    ],
)
def test_a_parameter(python: str, tmp_path: Path, text: str, word: str) -> None:
    first, last = tmp_path / "1.yaml", tmp_path / "2.yaml"
    first.write_text(text)
    last.write_text("parameter_defaults: {}\n")
    rows = parse(python, "environments", "parameter", "", "NtpServer", str(first), str(last))
    assert rows == ([word.replace("\t", f"\t{first}\t")] if word else [])


def test_the_last_file_counts(python: str, tmp_path: Path) -> None:
    first, last = tmp_path / "1.yaml", tmp_path / "2.yaml"
    first.write_text("parameter_defaults: {NtpServer: a}\n")
    last.write_text("\n\nparameter_defaults:\n  NtpServer: []\n")
    rows = parse(python, "environments", "parameter", "", "NtpServer", str(first), str(last))
    assert rows == [f"empty\t{last}\t4"]


# the guide has the network's files before the storage's
STORAGE, NETWORK, OWN = "storage-environment.yaml", "network-environment.yaml", "site.yaml"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("parameter_defaults:\n  Mtu: 1\n", "parameter_defaults:\n  Mtu: 2\n"),
        ("parameter_defaults: {Other: [1, 2], Mtu: 1}\n", "parameter_defaults:\n  Mtu: 2\n"),
        ("parameter_defaults:\n  Mtu: 1\n", "parameter_defaults: {\n  'Mtu': 2,  # ours\n  Other: x}\n"),
        ("parameter_defaults: {Mtu: [a, b]}\n", "parameter_defaults:\n  Mtu:\n  - a\n  - c\n"),
        ("parameter_defaults:\n  Mtu: [a,\n    b]\n", "parameter_defaults:\n  Mtu: [a,\n    c]\n"),
        ("parameter_defaults:\n  Mtu:\n    a: 1\n", "parameter_defaults:\n  Mtu:\n    a: 2\n  Other: 1\n"),
    ],
)
def test_what_the_guides_order_would_decide_otherwise(python: str, tmp_path: Path, first: str, last: str) -> None:
    files = files_of(tmp_path, {STORAGE: first, NETWORK: last})
    assert parse(python, "environments", "overruled", "", *files) == [f"Mtu\t{files[0]}\t{files[1]}"]
    assert parse(python, "environments", "overruled", "", *reversed(files)) == []


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("parameter_defaults: {Mtu: '1'}\n", "parameter_defaults:\n  Mtu: 1  # the same\n"),
        ("parameter_defaults: {Mtu: [a, 'b']}\n", "parameter_defaults:\n  Mtu:\n    - a\n\n    - b\n  Other: 1\n"),
        ("parameter_defaults: {Mtu: {a: 1}}\n", "parameter_defaults:\n  Mtu:\n    a: 1\n"),
        ("parameters: {Mtu: 1}\n", "parameter_defaults: {Mtu: 2}\n"),
        ("parameter_defaults:\n  Other:\n    Mtu: 1\n", "parameter_defaults: {Mtu: 2}\n"),
    ],
)
def test_where_the_order_changes_nothing(python: str, tmp_path: Path, first: str, last: str) -> None:
    assert parse(python, "environments", "overruled", "", *files_of(tmp_path, {STORAGE: first, NETWORK: last})) == []


@pytest.mark.parametrize(
    ("order", "winner", "guides"),
    [
        ((f"a/{STORAGE}=1", f"a/{NETWORK}=2", f"b/{NETWORK}=3"), f"b/{NETWORK}", f"a/{STORAGE}"),
        ((f"a/{STORAGE}=1", f"a/{NETWORK}=2", f"b/{NETWORK}=1"), "", ""),
        ((f"a/{STORAGE}=1", f"a/{NETWORK}=2", f"b/{STORAGE}=3"), "", ""),
        ((f"a/{NETWORK}=2", f"a/{STORAGE}=1", f"b/{NETWORK}=3"), f"b/{NETWORK}", f"a/{STORAGE}"),
        ((f"a/{STORAGE}=1", f"b/{STORAGE}=2", f"a/{NETWORK}=3"), f"a/{NETWORK}", f"b/{STORAGE}"),
        ((f"a/{STORAGE}=1", f"a/{NETWORK}=2", f"a/{OWN}=3"), "", ""),
        ((f"a/{STORAGE}=1", f"a/{OWN}=3", f"a/{NETWORK}=2"), f"a/{NETWORK}", f"a/{STORAGE}"),
    ],
)
def test_of_several_files_the_last_one_wins(
    python: str, tmp_path: Path, order: tuple[str, ...], winner: str, guides: str
) -> None:
    said = {one.partition("=")[0]: f"parameter_defaults: {{Mtu: {one.partition('=')[2]}}}\n" for one in order}
    rows = parse(python, "environments", "overruled", "", *files_of(tmp_path, said))
    assert rows == ([f"Mtu\t{tmp_path}/{guides}\t{tmp_path}/{winner}"] if winner else [])


def test_counts_of_roles(python: str, tmp_path: Path) -> None:
    files = files_of(
        tmp_path,
        {
            "1.yaml": "parameters:\n  ComputeCount: 2\nparameter_defaults: {ControllerCount: 3, ComputeCount: 9}\n",
            "2.yaml": "parameter_defaults:\n  ControllerCount: '1'  # was 3\n  ComputeCount: 8\n  AppCount: {get_param: a}\n",
        },
    )
    assert parse(python, "environments", "counts", "", *files) == ["ComputeCount 2", "ControllerCount 1"]


def test_a_template_in_the_registry(python: str, tmp_path: Path) -> None:
    name = "OS::TripleO::Tasks::PackageUpdate"
    files = files_of(
        tmp_path,
        {
            "1.yaml": f"resource_registry: {{{name}: 'own.yaml', OS::TripleO::A: b.yaml}}\n",
            "2.yaml": f"resource_registry:\n  # ours\n  {name}: ../other.yaml\n",
            "3.yaml": f"parameter_defaults: {{A: '{name}'}}\n",
        },
    )
    rows = parse(python, "environments", "registered", "", name, *files)
    assert rows == [f"{files[0]}\town.yaml", f"{files[1]}\t../other.yaml"]


def files_of(folder: Path, said: dict[str, str]) -> list[str]:
    for name, text in said.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return [str(folder / name) for name in said]
