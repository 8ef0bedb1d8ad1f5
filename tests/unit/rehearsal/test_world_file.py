"""World files: what is wrong with one is said, all at once, before anything is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from osp_compile.diagnostics import RefusedError
from osp_compile.rehearsal import world_file
from osp_compile.rehearsal.worlds import _hosts_unknown

SECTIONS = ["2.00", "2.01", "2.06"]


def write(folder: Path, text: str) -> Path:
    (folder / "world.yaml").write_text(text)
    return folder


def test_everything_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as told:
        world_file.read(write(tmp_path, "titel: x\nruns:\n- {section: 2.10}\n- {section: '2.06', staus: 1}\n"))
    assert [line.partition(": ")[2] for line in str(told.value).splitlines()] == [
        "titel: there is no key titel; did you mean title?",
        "runs.0.section is text, not 2.1",
        "runs.1.staus: there is no key staus; did you mean status?",
        "title is missing",
    ]


def test_a_run_is_a_section_or_a_command(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"runs\.0 needs either a section or a command"):
        world_file.read(write(tmp_path, "title: x\nruns:\n- {section: '2.06', command: x}\n"))


def test_a_fault_that_no_tool_shows_is_refused(tmp_path: Path) -> None:
    text = "title: x\nruns: [{section: '2.06', faults: [{match: scp, do: fail}, {match: scp, do: cut}]}]\n"
    with pytest.raises(RefusedError, match=r"no fault is called 'fail'; there are after, answer, cut, ") as told:
        world_file.read(write(tmp_path, text))
    assert len(str(told.value).splitlines()) == 1


PLACES = """
title: x
state:
  {hosts.overcloud-controller-0.unreachabel: true, hosts.overcloud-controller-0.up: "no", nova.overcloud.max_limit.x: 1}
lost: [cehp.flags]
faults: [{match: x, do: exit 1, set: {clocks: 1}}]
runs: [{section: "2.06", state: {pacemaker.resources.redis-master.kind: cloned}}]
then: {hosts.overcloud-controller-0.boot: 2, galera.nodes.overcloud-controller-0: null}
"""


def test_a_place_that_the_site_does_not_have_is_refused_by_its_nearest_word(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as told:
        world_file.read(write(tmp_path, PLACES))
    assert [line.partition(": ")[2] for line in str(told.value).splitlines()] == [
        "state: hosts.overcloud-controller-0.unreachabel: there is no key unreachabel; did you mean unreachable?",
        "state: hosts.overcloud-controller-0.up is true or false, not 'no'",
        "state: nova.overcloud.max_limit.x: nothing lies below nova.overcloud.max_limit",
        "faults.0.set: clocks: there is no key clocks; did you mean clock?",
        "lost: cehp.flags: there is no key cehp; did you mean ceph?",
        "runs.0.state: pacemaker.resources.redis-master.kind is one of clone, master, primitive, stonith, not 'cloned'",
        "then: hosts.overcloud-controller-0.boot: there is no key boot; did you mean boots?",
    ]


@pytest.mark.parametrize("text", ["[1, 2]", "", "a: [", "\t"])
def test_what_is_no_world_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RefusedError):
        world_file.read(write(tmp_path, text))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="cannot be read"):
        world_file.read(tmp_path / "none.yaml")


def test_where_a_world_begins() -> None:
    assert world_file.begins_after({"title": "x"}, SECTIONS) is None
    assert world_file.begins_after({"title": "x", "begin": "2.00"}, SECTIONS) is None
    assert world_file.begins_after({"title": "x", "begin": "2.06"}, SECTIONS) == "2.01"
    with pytest.raises(RefusedError, match=r"begins at 2\.13"):
        world_file.begins_after({"title": "x", "begin": "2.13"}, SECTIONS)


FILES = sorted((Path(__file__).parents[2] / "worlds").glob("*/*"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_world_of_ours_can_be_read(file: Path) -> None:
    data = world_file.read(file)
    played = [str(run["section"]) for run in data["runs"] if "section" in run]
    assert file.parent.name == (played or [str(data.get("begin", "2.00"))])[0]
    assert data.get("site") in {path.stem for path in (Path(__file__).parents[3] / "specs/examples").glob("*.yaml")}


def test_no_two_worlds_have_one_name() -> None:
    """Mutants and reports name a world without its folder."""
    assert len({file.stem for file in FILES}) == len(FILES) > 250


def test_a_key_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text("title: t\nstate: {clock: 1}\nstate: {clock: 2}\nruns: [{command: 'true'}]\n")
    with pytest.raises(world_file.WorldError, match=r"a key occurs twice here.*line 1"):
        world_file.read(tmp_path / "w.yaml")


def test_a_host_that_is_not_there_is_expected_to_be_nothing() -> None:
    then = {"hosts.overcloud-controler-9.up": None, "hosts.n1.unreachable": None, "hosts.gone": None}
    assert [*_hosts_unknown({"hosts": {"n1": {}}}, then)] == [
        "then: hosts.overcloud-controler-9.up: the site has no host overcloud-controler-9"
    ]
