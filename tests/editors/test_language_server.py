"""The schema in an editor: what yaml-language-server completes, explains and refuses in a spec."""

from __future__ import annotations

import json

import pytest

from editors.language_server import Editor
from osp_compile.importing import skeleton
from osp_compile.spec import schema

EXAMPLES = schema.FILE.parent / "examples"
MODELINE = "# yaml-language-server: $schema=site.schema.json\n"
A_NAME = "a name of letters, digits, `.`, `_` and `-` that begins with a letter or digit"
NODE = "- {name: overcloud-controller-0, role: Controller, address: 192.0.2.10}"
SPEC = f"""{MODELINE}version: 1
site: {{name: lab-1, change: 0042137}}
nodes:
{NODE}
env_files: [/home/stack/net.yaml]
mongodb: true
"""


def test_a_right_spec_has_no_problems(editor: Editor) -> None:
    assert editor.problems(SPEC) == []


@pytest.mark.parametrize("name", ["minimal", "tokyo-1", "hyperconverged"])
def test_an_example_finds_its_schema_where_it_lies_and_has_no_problems(editor: Editor, name: str) -> None:
    """By its first line, without the folder in which the others have one."""
    file = EXAMPLES / f"{name}.yaml"
    text = file.read_text("utf-8")
    assert editor.diagnostics(editor.open(text, file)) == []
    (wrong,) = editor.diagnostics(editor.open(f"{text}fensing: true\n", EXAMPLES / f"{name}-with-a-typo.yaml"))
    assert wrong["message"] == "Property fensing is not allowed."
    assert wrong["data"]["schemaUri"] == [(EXAMPLES / "site.schema.json").as_uri()]


def test_what_init_writes_has_no_problems(editor: Editor) -> None:
    counts = {"Controller": 3, "CephStorage": 0, "Compute": 2, "ComputeOvsDpdk": 1, "Custom": 1}
    assert editor.problems(skeleton.text("lab-1", "CHG0000000", counts)) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("fencing: maybe", 'Incorrect type. Expected "boolean".'),
        ("images: none", 'Value is not accepted. Valid values: "update", "skip".'),
        ("not_after: 25:99", "must be a time of day from 00:00 to 23:59"),
        ("ssh: {parallel: 99}", "Value is above the maximum of 64."),
        ("undercloud: {home: home/stack}", "must be an absolute path without `.` or `..` segments"),
        ("waive: {clocks: it is known}", "must be the id of a step, such as 2.12/8"),
        ("compute_reboot: {stuck: never}", 'Value is not accepted. Valid values: "cold", "stop", "leave", "fail".'),
        ("waive: {2.12/8: ''}", "must be a reason of at least one word"),
        ("nfv: {instances: [{server: a}]}", 'Missing property "rc_file".'),
        ("fensing: true", "Property fensing is not allowed."),
        ("deploy: {roles_file: roles.yaml}", "must be an absolute path of a file, without `.` or `..` segments"),
    ],
)
def test_what_is_wrong_is_underlined_in_words(editor: Editor, line: str, words: str) -> None:
    assert editor.problems(f"{SPEC}{line}\n") == [f"8: {words}"]


@pytest.mark.parametrize(
    ("written", "instead", "problems"),
    [
        (
            "name: lab-1",
            "name: lab 1",
            [f"3: must be {A_NAME}"],
        ),
        ("version: 1\n", "version: 2\n", ["2: Value is not accepted. Valid values: 1."]),
        (
            "name: overcloud-controller-0",
            "name: a.b",
            ["5: must be a short host name (letters, digits and `-`, no domain)"],
        ),
        (", address: 192.0.2.10", "", ['5: Missing property "address".']),
        ("role: Controller", "rule: Controller", ['5: Missing property "role".', "5: Property rule is not allowed."]),
        ("env_files: [/home/stack/net.yaml]\n", "", ['2: Missing property "env_files".']),
    ],
)
def test_what_is_wrong_in_what_must_be_said(editor: Editor, written: str, instead: str, problems: list[str]) -> None:
    assert written in SPEC
    assert editor.problems(SPEC.replace(written, instead)) == problems


def test_a_relative_file_is_right_where_the_folder_is_said(editor: Editor) -> None:
    relative = SPEC.replace("/home/stack/net.yaml", "net.yaml")
    assert editor.problems(relative + "deploy: {directory: /home/stack}\n") == []
    assert len(editor.problems(relative)) == 1


def test_every_key_is_completed_with_its_description(editor: Editor) -> None:
    document = json.loads(schema.text())
    top = editor.completions(f"{SPEC}|")
    assert {*top} == {*document["properties"]} - {"version", "site", "nodes", "env_files", "mongodb"}
    assert all(len(words) > 10 for words in top.values())
    for key in ("backup", "timeouts", "compute_reboot", "hooks", "deploy"):
        found = editor.completions(f"{SPEC}{key}:\n  |")
        assert {one for one in found if not one.startswith("{")} == {*document["properties"][key]["properties"]}


@pytest.mark.parametrize("node", ["- {name: a, r|}", "- name: a\n  r|", "  - name: a\n    |"])
def test_the_keys_of_a_node_that_it_lacks_are_completed(editor: Editor, node: str) -> None:
    found = editor.completions(SPEC.replace(NODE, node))
    assert "Its ctlplane address" in found["address"]
    assert "A stock role" in found["role"]
    assert "name" not in found


def test_the_values_of_a_key_are_completed(editor: Editor) -> None:
    assert {*editor.completions(f"{SPEC}compute_reboot:\n  stuck: |")} == {"cold", "stop", "leave", "fail"}
    assert {*editor.completions(f"{SPEC}compute_reboot: {{stuck: |}}")} == {"cold", "stop", "leave", "fail"}
    assert {*editor.completions(f"{SPEC}images: |")} == {"update", "skip"}
    assert {*editor.completions(f"{SPEC}fencing: |")} == {"true", "false"}
    assert "OSDMAP_FLAGS" in editor.completions(f"{SPEC}accept:\n  ceph:\n  - check: |")
    assert {*editor.completions(SPEC.replace("role: Controller", "role: |"))} == {
        "Controller",
        "Compute",
        "CephStorage",
    }
    assert "05:30" in editor.completions(f"{SPEC}not_after: |")


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("undercloud", "{user: stack, reboot: needed}"),
        ("waive", "{2.12/8: 'the test project was removed, RFC 1234'}"),
        ("require_signature", "[0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567]"),
        ("compute_reboot", "{migrate: evacuate, stuck: stop, batch: 2}"),
    ],
)
def test_a_mapping_or_list_is_offered_as_it_is_written(editor: Editor, key: str, label: str) -> None:
    found = editor.completions(f"{SPEC}{key}: |")
    assert label in found
    assert not [one for one in found if "[object" in one]


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("under|cloud: {user: x}\n", ("where the scripts run", "```yaml\nuser: stack\nreboot: needed\n```")),
        ("not_|after: 05:30\n", ("Start no disruptive step after this time of day", "Example", "05:30")),
        ("compute_reboot: {stu|ck: cold}\n", ("* `leave`: They go down with the node", "Default: `fail`.")),
        ("backup: {copy|_to: /mnt/backup}\n", ("user@[IPv6]:/path", "/mnt/backup")),
        ("undercloud: {ho|me: /home/x}\n", ("home directory", "Default: `/home/{user}`.")),
        ("compute_reboot:\n  stuck: co|ld\n", ("* `cold`: They are migrated cold", "Default: `fail`.")),
        ("roles:\n  Net:\n    dp|dk: true\n", ("Its Open vSwitch uses DPDK.",)),
        ("accept:\n  ceph:\n  - {che|ck: TOO_MANY_PGS, reason: known}\n", ("* `OSDMAP_FLAGS`: A flag of the cluster",)),
    ],
)
def test_a_key_is_explained_where_the_pointer_rests(editor: Editor, marked: str, words: tuple[str, ...]) -> None:
    shown = editor.hover(SPEC + marked)
    assert [one for one in words if one not in shown] == []


def test_a_key_of_a_node_is_explained(editor: Editor) -> None:
    assert "A stock role or one of `roles`." in editor.hover(SPEC.replace("role:", "ro|le:"))
    assert "in capitals where it has capitals" in editor.hover(SPEC.replace("{name: over", "{na|me: over"))
