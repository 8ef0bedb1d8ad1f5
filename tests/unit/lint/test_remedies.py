"""A remedy that cannot be pasted is found, in each of the forms in which one is written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from osp_compile.lint.remedies import unpasteable

ROOT = Path(__file__).resolve().parents[3]
SHELL = sorted(
    file for folder in ("_runtime/systems", "_runtime/engine") for file in (ROOT / "templates" / folder).glob("*.sh")
)
SECTIONS = sorted([*(ROOT / "templates").glob("2.*/*.sh"), *(ROOT / "templates").glob("2.*/*.sh.j2")])
RULES = sorted((ROOT / "compiler/osp_compile/spec").rglob("*.py"))
WRITE_OF_KEYS = [*SHELL, *SECTIONS, ROOT / "templates/_runtime/engine/remedies.tsv", *RULES]
KEYS = "|".join(json.loads((ROOT / "specs/site.schema.json").read_text("utf-8"))["properties"])
# (but for what a value is called where it is only talked about: `by compute_reboot.stuck: cold`)
DOTTED = re.compile(rf"(?<!by )\b(?:{KEYS})\.(?!yaml\b)[a-z_]+: [a-z0-9$\"'-]+")

WRONG = """\
why 'nova is away' 'openstack compute service list'
why 'nova is away' 'ask its owner; openstack compute service list'
why "$(said_last "$x" 'a b')" 'neutron router-list'
why "it is gone" "sudo pcs status"
why "it is gone" "on a controller: sudo pcs status"
why "it is gone" 'look there; on that node: sudo systemctl status x'
why "it is gone" "ssh $node, and look into the log"
why "it is gone" "on $1: sudo pcs status ;; then run this section again"
why "it is gone" "rc: openstack server show ID"
fail "it is gone" '. ~/stackrc; openstack server list'
fail "it is gone" "${REMEDY:-sudo ceph health detail}"
fail "it is gone" "make room: df -h $STATE"
not_yet "it is gone" "on $1: sudo pcs resource restart rabbitmq-clone NODE"
pass_or_fail 'it is there' 'openstack server list' it_is_there
remedy="its memory is lost; . ~/${STACK}rc; openstack server start $id"
remedy+='; on that node: sudo systemctl status x'
give_up "it is gone: . ~/${STACK}rc; openstack server show $id"
note "$(shown_remedy "openstack server show $id")"
"""
RIGHT = """\
why 'nova is away' 'rc: openstack compute service list'
why "nova lists nothing: $(said_last)" 'ask its owner ;; rc: openstack compute service list'
why "it is gone" "on ${host%%.*}: sudo pcs status"
why "it is gone" "take it out with sudo ceph osd out$nodes"
why "it is gone" "on $1: sudo pcs status ;; rc: openstack server show $id"
why "it is gone" "rc: read -rp 'its node: ' N; openstack server show \\"\\$N\\""
why "nova host-evacuate-live $host would empty others" 'run this section again'
fail "it is gone" "${REMEDY:-on monitor: sudo ceph health detail}"
fail "it is gone" "make room ;; here: df -h $STATE"
fail "it is gone" "$shown; openstack baremetal node power on $named"
fail "it is gone" "(. $rc; openstack server show $id)"
fail "it is gone" 'sudo yum update a-package'
# why 'nova is away' 'openstack compute service list'
note "$(shown_remedy "rc: openstack server show $id")"
judge "nova hosts" openstack hypervisor list
"""


@pytest.mark.parametrize("line", WRONG.splitlines())
def test_what_cannot_be_pasted_is_refused_with_its_line(line: str) -> None:
    assert [number for number, _ in unpasteable(f"f() {{\n  {line}\n}}\n")] == [2]


@pytest.mark.parametrize(
    ("lines", "is_refused"),
    [
        ('why \\\n    "it is gone" \\\n\t "sudo pcs status"', True),
        ('why "it is gone" "look ;; \\\nopenstack server list"', True),
        ('why "it is gone" "look ;; \\\non $1: sudo pcs status"', False),
    ],
)
def test_a_remedy_is_found_where_its_command_or_itself_goes_on_in_the_next_line(lines: str, is_refused: bool) -> None:
    assert bool([*unpasteable(f"f() {{\n  {lines}\n}}\n")]) is is_refused


@pytest.mark.parametrize("line", RIGHT.splitlines())
def test_what_can_be_pasted_passes(line: str) -> None:
    assert list(unpasteable(f"f() {{\n  {line}\n}}\n")) == []


def test_a_remedy_on_the_next_line_and_one_that_a_function_makes_are_looked_at() -> None:
    text = """\
f() {
  why "it is gone" \\
    'sudo pcs status'
}

how_to_look() {
  printf 'on a node: %s' 'openstack server list'
}
"""
    assert [remedy for _, remedy in unpasteable(text)] == ["sudo pcs status", "on a node: %s", "openstack server list"]


@pytest.mark.parametrize("file", [*SHELL, *SECTIONS], ids=lambda file: f"{file.parent.name}/{file.name}")
def test_each_remedy_of_a_step_can_be_pasted(file: Path) -> None:
    assert list(unpasteable(file.read_text("utf-8"))) == []


@pytest.mark.parametrize("file", WRITE_OF_KEYS, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_is_to_be_written_in_the_spec_can_be_pasted_there(file: Path) -> None:
    """A key with dots and a value is not YAML of a spec: `check` refuses it."""
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")]
    assert [found[0] for line in lines for found in DOTTED.finditer(line)] == []


@pytest.mark.parametrize("file", [*SHELL, *SECTIONS], ids=lambda file: str(file.relative_to(ROOT)))
def test_words_before_a_command_do_not_begin_in_the_middle(file: Path) -> None:
    """The words are printed first, so that `or set another folder` would offer the second choice before the first."""
    assert re.findall(r"[\"'](?:or|and|then) [^\"']* ;; ", file.read_text("utf-8")) == []
