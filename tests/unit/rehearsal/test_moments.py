"""A moment that is kept in a run, beside a run that is really killed there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from osp_compile.assets import SPECS
from osp_compile.rehearsal import injection_points, moments, trial_kinds, trials
from osp_compile.rehearsal.command import get_bundle, scripts_of
from osp_compile.rehearsal.equivalence import FOR_PEOPLE, state_key
from osp_compile.rehearsal.site import canonical_state, host_files, mask_volatile
from osp_compile.rehearsal.trials import Rehearsal

SECTION = "2.01"


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory, sandbox: None) -> Rehearsal:
    """A rehearsal of the small example up to 2.01, with the moments of every kill kept."""
    folder = tmp_path_factory.mktemp("moments")
    bundle, diagnostics = get_bundle(SPECS / "examples/minimal.yaml", folder)
    assert bundle is not None, diagnostics
    rehearsal = Rehearsal(folder, bundle.absolute(), scripts_of(bundle, [SECTION]))
    trials.prepare(rehearsal)
    for section in rehearsal.scripts:
        assert trial_kinds.run_of(rehearsal, "first", section).wrong == []
    rehearsal = replace(rehearsal, points=tuple(point.id for point in injection_points.load(folder, SECTION, "kill")))
    assert trial_kinds.run_of(rehearsal, "moments", SECTION).wrong == []
    return rehearsal


@pytest.mark.whole
@pytest.mark.longest
def test_every_point_has_its_moment_and_those_alike_share_a_world(rehearsal: Rehearsal) -> None:
    found = moments.recorded(rehearsal, SECTION)
    assert set(found) == set(rehearsal.points)
    worlds = {moment.state_key for moment in found.values()}
    assert 1 < len(worlds) < len(found)
    assert all(moments.place_of(rehearsal, name).exists() for name in worlds)


@pytest.mark.parametrize("how", injection_points.KILLS)
def test_a_run_that_is_killed_leaves_the_world_that_was_kept(
    rehearsal: Rehearsal, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = moments.recorded(rehearsal, SECTION)
    left: list[dict[str, str]] = []

    def look(world: Path, words: list[str]) -> str:
        left.append(looks(world))
        return state_key(world, words)

    monkeypatch.setattr("osp_compile.rehearsal.fault_trials.state_key", look)
    # without a record of moments the run is really killed at the point
    monkeypatch.setattr(moments, "recorded", lambda *_: {})
    for point in [point for point in injection_points.load(rehearsal.folder, SECTION, "kill") if point.how == how][
        1::4
    ]:
        assert trial_kinds.run_of(rehearsal, "kill", point.id).wrong == []
        assert left[-1] == looks(moments.place_of(rehearsal, kept[point.id].state_key)), point.title


def looks(world: Path) -> dict[str, str]:
    """The site and the names of all files; archives hold real times of their files, and differ in every run."""
    names = {f"{host}:{mask_volatile(name)}": "" for host, name, _ in host_files(world, FOR_PEOPLE)}
    return names | canonical_state(world)


def test_the_world_of_a_moment_is_gone_on_from_once(rehearsal: Rehearsal) -> None:
    first, *others = [
        name for name, moment in moments.recorded(rehearsal, SECTION).items()
        if moment.state_key == moments.recorded(rehearsal, SECTION)[rehearsal.points[0]].state_key
    ]  # fmt: skip
    outcome = trial_kinds.run_of(rehearsal, "kill", first)
    assert outcome.wrong == []
    for other in others:
        assert trial_kinds.run_of(rehearsal, "kill", other).as_after
