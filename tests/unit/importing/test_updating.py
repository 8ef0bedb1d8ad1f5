"""`import --update`: what changed is changed, every other line stays as somebody wrote it, and once is enough."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from osp_compile.importing import updating
from osp_compile.importing.bash.values import Undercloud
from osp_compile.importing.deploy_words import Deploy
from osp_compile.importing.draft import Draft, DraftNode
from osp_compile.importing.text import Entry, Text, read

FILES = ("/t/a.yaml", "/t/b.yaml")
HEADS = (
    "version: 1\nsite: {name: x, change: CHG1}   # ticket\n",
    "# ours\n---\nversion: 1\n\nsite:\n  name: 'x'\n  change: \"CHG1\"  # ticket\n",
    "version: 1\nsite: &site\n    name: x\n    change: CHG1\n",
)
TAILS = (
    "",
    "backup: {copy_to: 'backup@192.0.2.250:/srv/osp'}   # RFC 7\n",
    'waivers:\n- {check: 2.00/x, reason: "' + "long, " * 20 + '"}\n',
    "# the end\n",
)
STYLES = (
    "- {{name: {0}, role: Compute, address: {1}}}\n",
    '- {{name: {0},  role: Compute,   address: "{1}"}}   # rack {0}\n',
    "- name: {0}\n  role: Compute   # as it is\n  address: {1}\n",
    "# above {0}\n- &n{2} {{name: '{0}', role: Compute, address: {1}}}\n",
    "- name: {0}\n  address: {1}\n  role: Compute\n\n",
)
INDENTS = ("", "  ")
FACTS = re.compile(r"[^#]*")


def old(head: str, tail: str, styles: list[str], indent: str, ending: str) -> Text:
    nodes = "".join(style.format(f"n-{number}", f"192.0.2.{number + 1}", number) for number, style in enumerate(styles))
    nodes = "".join(f"{indent if line.strip() else ''}{line}" for line in nodes.splitlines(keepends=True))
    files = "".join(f"{indent}- {file}\n" for file in FILES)
    body = f"{head}nodes:\n{nodes}env_files:   # in this order\n{files}{tail}"
    return Text("site.yaml", tuple(body.removesuffix("\n").split("\n")), ending == "\r\n", ending == "")


def draft(nodes: dict[str, str], files: tuple[str, ...] = FILES) -> Draft:
    made = Draft("x", "CHG1", Undercloud(), Deploy(), has_deploy=True, has_servers=True)
    span = Text("d.sh", ("x",)).at(1)
    made.deploy.env_files = [Entry(file, span) for file in files]
    made.deploy.templates = Entry("/usr/share/openstack-tripleo-heat-templates", span)
    made.nodes = [DraftNode(name, "Compute", address, "") for name, address in nodes.items()]
    return made


SPECS = st.builds(
    old,
    st.sampled_from(HEADS), st.sampled_from(TAILS), st.lists(st.sampled_from(STYLES), min_size=2, max_size=5),
    st.sampled_from(INDENTS), st.sampled_from(("\n", "\r\n", "")),
)  # fmt: skip
CHANGES = st.lists(st.sampled_from(("remove", "add", "rename", "move", "reorder")), max_size=3)


@settings(deadline=None, max_examples=60)
@given(SPECS, CHANGES)
def test_only_what_changed_is_another(spec: Text, changes: list[str]) -> None:
    data = yaml.safe_load(spec.all)
    nodes = {node["name"]: node["address"] for node in data["nodes"]}
    touched, files = set[str](), FILES
    for number, change in enumerate(changes):
        name = sorted(nodes)[0] if nodes else "n-0"
        if change == "reorder":
            files = files[::-1]
        elif change == "add":
            nodes[f"new-{number}"] = f"192.0.2.{100 + number}"
        elif change == "move":
            touched.add(name)
            nodes[name] = f"192.0.2.{200 + number}"
        elif len(nodes) > 1:
            touched.add(name)
            address = nodes.pop(name)
            if change == "rename":
                nodes[f"renamed-{number}"] = address
    text, _ = updating.update(spec, draft(nodes, files))
    assert text is not None
    found = yaml.safe_load(text)
    assert {node["name"]: node["address"] for node in found.pop("nodes")} == nodes
    assert found.pop("env_files") == list(files)
    del data["nodes"], data["env_files"]
    assert found == data
    ending = "\r\n" if spec.windows else "\n"
    if not touched and files == FILES and not set(nodes) - {f"n-{number}" for number in range(9)}:
        assert text == ending.join(spec.lines) + ("" if spec.unended else ending)
    for line in spec.lines:  # a comment of its own stays whatever goes
        if line.lstrip().startswith("#"):
            assert line in text.split(ending), (line, text)
    again = Text("site.yaml", tuple(text.removesuffix(ending).split(ending)), spec.windows, not text.endswith("\n"))
    assert updating.update(again, draft(nodes, files))[0] == text


@pytest.mark.parametrize("change", ["remove", "move"])
def test_every_line_that_did_not_change_stays(change: str) -> None:
    spec = old(HEADS[1], TAILS[2], [*STYLES], "  ", "\n")
    nodes = {f"n-{number}": f"192.0.2.{number + 1}" for number in range(len(STYLES))}
    if change == "remove":
        del nodes["n-2"]
    else:
        nodes["n-2"] = "192.0.2.77"
    text, _ = updating.update(spec, draft(nodes))
    assert text is not None
    gone = [line for line in spec.lines if line not in text.split("\n")]
    lines = ["  - name: n-2", "    role: Compute   # as it is", "    address: 192.0.2.3"]
    assert gone == (lines if change == "remove" else lines[2:])


def test_the_bytes_of_a_file_that_needs_no_change(tmp_path: Path) -> None:
    body = b"version: 1\r\nsite: {name: x, change: CHG1, n: 0o17}\r\nnodes: []\r\nenv_files: []"
    (tmp_path / "site.yaml").write_bytes(body)
    spec = read(tmp_path / "site.yaml")
    assert isinstance(spec, Text)
    text, changes = updating.update(spec, draft({}, ()))
    assert text is not None
    assert (text.encode(), changes) == (body, [])


def test_an_anchor_that_is_set_twice_is_no_warning() -> None:
    """The last one before an alias is meant, as by any reader of YAML."""
    body = "version: 1\nsite: {name: &a x, change: &a CHG1, again: *a}\nnodes:\n" + STYLES[0].format("n-0", "192.0.2.1")
    text, changes = updating.update(Text("site.yaml", tuple(body.split("\n"))), draft({"n-0": "192.0.2.77"}, ()))
    assert text is not None
    assert "{name: &a x, change: &a CHG1, again: *a}" in text
    assert [one.code for one in changes] == ["updated"]
