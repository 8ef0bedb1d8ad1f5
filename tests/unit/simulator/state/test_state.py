"""The types of the state: every fresh site fits them, and what does not is named."""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from osp_compile.bundle.manifest import manifest
from osp_compile.guide.model import known_steps
from osp_compile.guide.plan import make_plan
from osp_compile.guide.reader import read_sections
from osp_compile.spec.loading import load
from osp_simulator.seed.site import seed
from osp_simulator.state import State
from osp_simulator.state.misfits import faults, misfit
from osp_simulator.state.places import differing_parts

ROOT = Path(__file__).parents[4]
COMPILER = ROOT / "compiler"
SPECS = [*sorted((ROOT / "specs/examples").glob("*.yaml")), *sorted((ROOT / "tests/cases/valid").glob("*/site.yaml"))]
# Places whose values the simulator only keeps for others, or that somebody else's types describe.
FREE = {
    "events.data", "faults.set", "hosts.hiera", "heat.deleted.outputs", "heat.deleted.parameter_defaults",
    "heat.stacks.outputs", "heat.stacks.parameter_defaults", "ironic.nodes.driver_info", "ironic.nodes.properties",
    "mistral.environments.variables",
}  # fmt: skip


@cache
def steps() -> frozenset[str]:
    return known_steps(read_sections(ROOT / "templates")[0])


def fresh() -> Any:
    """The state as a world's file has it."""
    return of_spec(ROOT / "specs/examples/minimal.yaml")


def of_spec(spec: Path) -> Any:
    site, _ = load(spec, steps())
    assert site is not None
    return json.loads(json.dumps(seed(json.loads(manifest(make_plan(site, ()), [])))))


def untyped(hint: Any, path: str = "") -> Iterator[str]:
    """The places in a type that may hold anything, without the names of nodes and the like."""
    for one in (*get_args(hint), hint) if get_origin(hint) in (Union, UnionType) else (hint,):
        if one is Any:
            yield path
        elif is_typeddict(one):
            for key, inner in get_type_hints(one).items():
                yield from untyped(inner, f"{path}.{key}".lstrip("."))
        elif get_origin(one) in (dict, list):
            yield from untyped(get_args(one)[-1], path)


def test_only_what_others_describe_is_untyped() -> None:
    assert {path for path in untyped(State) if not path.startswith("initial_site.")} == FREE


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_fresh_site_fits(spec: Path) -> None:
    assert list(faults(State, of_spec(spec), "")) == []


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("hosts.undercloud.ntp", {"synced": True, "offset": 0}, "hosts.undercloud.ntp.daemon is missing"),
        ("hosts.undercloud.boots", True, "hosts.undercloud.boots is a whole number, not True"),
        ("hosts.undercloud.booted_at", "now", "hosts.undercloud.booted_at is a number, not 'now'"),
        ("hosts.undercloud.units", [], "hosts.undercloud.units is a mapping, not []"),
        ("pacemaker", {}, "pacemaker.failed is missing"),
        ("ceph.osds.+", {"id": 1, "hots": "x"}, "ceph.osds.+.hots: there is no key hots; did you mean host?"),
        # a key that nothing sets is refused: a world could give it, and nothing would follow from it
        ("ceph.recovering", {"state": "active", "count": 1, "until": 9.5}, "ceph.recovering.until: there is no key"),
        ("pacemaker.nodes.overcloud-controller-0.pending", True, "pacemaker.nodes.overcloud-controller-0.pending: "),
        ("site.compute_reboot.stuck", "col", "site.compute_reboot.stuck is one of cold, stop, leave, fail, not 'col'"),
        ("site.backup.directory", 1, "site.backup.directory is text, not 1"),
        ("nova.overcloud.servers.vm-0.host", 1, "nova.overcloud.servers.vm-0.host is text, not 1"),
        ("nova.overcloud.servers.vm-0.zzz", 1, "nova.overcloud.servers.vm-0.zzz: there is no key zzz; there are "),
    ],
)
def test_a_value_that_a_place_cannot_hold(place: str, value: object, said: str) -> None:
    assert (misfit(place, value) or "").startswith(said)


@pytest.mark.parametrize(
    ("place", "value"),
    [("pacemaker", None), ("hosts.undercloud.booted_at", 1), ("hosts.undercloud.hiera.x", [1]),
     ("ceph.recovering", None), ("site.backup.directory", "/x"), ("site.timeouts.answer", 9),
     ("hosts.undercloud.units.[a.service].active", "failed")],
)  # fmt: skip
def test_what_fits(place: str, value: object) -> None:
    assert misfit(place, value) is None


def test_a_key_that_a_world_adds_may_be_missing_and_no_other() -> None:
    state = fresh()
    other = copy.deepcopy(state)
    del other["hosts"]["undercloud"]["boots"]
    state["hosts"]["undercloud"]["report_seconds"] = 30
    assert list(faults(State, state, "")) == []
    assert list(faults(State, other, "")) == ["hosts.undercloud.boots is missing"]


def test_two_structures_differ_by_key_or_index() -> None:
    assert differing_parts({"a": 1, "b": 2, "d": 5}, {"c": 3, "d": 5, "a": 4}) == [
        ("a", 1, 4),
        ("b", 2, None),
        ("c", None, 3),
    ]
    assert differing_parts(["x", "y"], ["x", "z"]) == [(1, "y", "z")]
    assert differing_parts({}, {}) == []


@pytest.mark.parametrize(("before", "after"), [(["x"], ["x", "y"]), ({}, []), (None, {}), (1, 2)])
def test_structures_of_two_shapes_differ_as_a_whole(before: object, after: object) -> None:
    assert differing_parts(before, after) is None


STATE = re.compile(r"(?<![a-z])_?state(\[.initial_site.\])?$")
LOOSE = re.compile(r"\b(Any|object)\b|^['\"]?(dict|Mapping)\b(?!\[str, str\])")


def loosened(text: str) -> Iterator[str]:
    """Where a module takes the state, or a part of it that is a name, without its type: by a name or by a cast."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            pairs = [(node.annotation, ast.unparse(node.value))]
        elif isinstance(node, ast.arg) and node.annotation is not None:
            pairs = [(node.annotation, node.arg)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "cast":
            # the parts of the state are called `site` where a change of it is made
            pairs = [(node.args[0], re.sub("^site$", "state", ast.unparse(node.args[1])))]
        else:
            continue
        for hint, value in pairs:
            if LOOSE.search(ast.unparse(hint)) and STATE.search(value):
                yield f"{node.lineno}: {value}"


def test_the_state_is_untyped_in_its_own_modules_alone() -> None:
    """mypy checks the keys of a state that has its type; walking it by words is for osp_simulator/state."""
    modules = [*(COMPILER / "osp_simulator").rglob("*.py"), *(COMPILER / "osp_compile/rehearsal").rglob("*.py")]
    assert len(modules) > 150
    found = {str(file): [*loosened(file.read_text("utf-8"))] for file in modules if file.parent.name != "state"}
    assert {file: lines for file, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    [
        "holder: Any = server.world.state",
        "whole: Mapping[str, Any] = self._state",
        'cast("dict[str, list[Fault]]", site)',
        'x = cast(Any, world.state["initial_site"])',
        "def unknown(state: Mapping[str, Any]) -> None: ...",
    ],
)
def test_a_state_without_its_type_is_noticed(line: str) -> None:
    assert len([*loosened(line)]) == 1
    assert [*loosened("def f(state: State) -> None:\n    disks: list[Disk] = state['hosts']\n")] == []
