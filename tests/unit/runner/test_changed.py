"""What a change touches, and the parts that a call means."""

from __future__ import annotations

import re

import pytest

from runner import changed, tiers, turns
from runner.parts import ROOT, WORLDS, worlds_of

pytest_plugins = ["pytester"]


def names(files: list[str]) -> list[str]:
    sections = changed.sections_of(files)
    return [suite.name for suite in changed.suites_of(files, sections)]


def test_a_section_has_its_suites_its_worlds_and_its_mutants() -> None:
    files = ["templates/2.08-reboot-ceph-storage/section.yaml"]
    assert changed.sections_of(files) == {"2.08"}
    assert names(files) == ["2.08.bats"]
    worlds = changed.worlds_of(files, {"2.08"})
    assert worlds
    assert all("--world" in part.words for part in worlds)
    words = changed.mutants_of(files, "HEAD")[0].words
    assert words[-2:] == ("--file", files[0])


def test_a_file_of_the_runtime_touches_the_sections_that_bring_it_in() -> None:
    assert changed.sections_of(["templates/_runtime/systems/ceph.sh"]) >= {"2.08", "2.14"}
    assert "chapter.bats" in names(["templates/_runtime/systems/ceph.sh"])
    assert "2.10.bats" not in names(["templates/_runtime/systems/ceph.sh"])
    assert "chapter.bats" in names(["templates/_runtime/engine/step.sh"])


def test_a_module_touches_the_tests_that_import_it_however_far_away() -> None:
    units = {file.name for file in changed.units_of(["compiler/osp_simulator/fast/list_files.py"])}
    assert {"test_list_files.py", "test_stage.py"} <= units
    assert all((changed.UNIT / name).exists() for name in changed.READERS)
    assert "test_text_width.py" not in units


def test_a_module_that_no_test_imports_touches_the_test_that_is_known_for_it() -> None:
    files = [f"compiler/{name}.py" for name in ("osp_simulator/tools/ceph/osds", "osp_compile/rehearsal/fault_trials")]
    assert {file.name for file in changed.units_of(files)} == {"test_services.py", "test_moments.py", "test_wrong.py"}


def test_helpers_touch_the_suites_that_load_them() -> None:
    found = names(["tests/bats/reboots.bash"])
    assert {"2.07.bats", "2.08.bats", "2.09.bats"} <= set(found)
    assert "2.10.bats" not in found


def test_helpers_of_the_runtime_touch_the_suites_in_its_folders() -> None:
    found = names(["tests/bats/runtime/helpers.bash"])
    assert {"ssh.bats", "software.bats"} <= set(found)
    assert "2.07.bats" not in found


def test_suites_of_the_runtime_lie_where_its_files_do() -> None:
    folders = {place.with_suffix("").name for place in (changed.ROOT / changed.RUNTIME).iterdir()}
    suites = [*(changed.BATS / "runtime").rglob("*.bats")]
    assert suites
    assert {suite.relative_to(changed.BATS / "runtime").parts[0].removesuffix(".bats") for suite in suites} <= folders


def test_a_suite_touches_itself_while_it_is_there() -> None:
    assert names(["tests/bats/2.08.bats", "tests/bats/gone.bats"]) == ["2.08.bats"]


def test_a_turn_comes_to_every_part(monkeypatch: pytest.MonkeyPatch) -> None:
    commits = iter(f"{number:x}" * 10 for number in range(1, 16))
    monkeypatch.setattr(turns, "git", lambda *_: next(commits))
    found = {turns.turn(3) for _ in range(15)}
    assert found == {"1/3", "2/3", "3/3"}


def test_every_tier_knows_its_parts() -> None:
    for name in tiers.TIERS.keys() - {"changed", "page", "editors"}:
        found = tiers.TIERS[name]([])
        assert len({part.name for part in found}) == len(found)
    assert not any(part.sandbox for part in tiers.quick())


def test_whoever_plays_everything_may_have_installed_what_that_wants() -> None:
    for name in ("all", "rest"):
        wanting = {part.name for part in tiers.TIERS[name](["--install"]) if "--install" in part.words}
        assert wanting == {"lab", "page in a browser", "shells and editors"}


def test_every_world_is_played() -> None:
    played = [world for site in tiers.SITES for world in worlds_of(site)]
    assert sorted(played) == sorted(WORLDS.glob("*/*.yaml"))


def test_a_world_has_its_turn_and_is_played_where_it_is_touched() -> None:
    for site in tiers.SITES:
        thirds = [worlds_of(site, f"{part}/3") for part in (1, 2, 3)]
        assert sorted(world for third in thirds for world in third) == worlds_of(site)
        for world in worlds_of(site):
            assert world in worlds_of(site, "1/3", [str(world.relative_to(ROOT)), "tests/worlds/2.07/gone.yaml"])


def test_the_worlds_of_a_commit_are_played_again_by_their_turn() -> None:
    turn = turns.turn(tiers.WORLDS)
    by_turn = {part.name: part.words for part in tiers.rehearsals(turn)}
    for part in tiers.worlds([turn]):
        chosen = [word for word in part.words if word.startswith("tests/worlds/")]
        assert chosen == [word for word in by_turn[part.name] if word.startswith("tests/worlds/")]
    assert [part.name for part in tiers.worlds(["2/3", "tokyo-1"])] == ["rehearsal of tokyo-1"]


def test_each_of_the_longest_has_its_turn(pytester: pytest.Pytester) -> None:
    pytester.makeconftest((ROOT / "tests/conftest.py").read_text("utf-8"))
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.longest
        @pytest.mark.parametrize("page", range(7))
        def test_a_how_to_can_be_followed(page):
            pass

        def test_another():
            pass
        """
    )
    turns_of = [pytester.runpytest("--longest", f"{part}/3", "-p", "no:xdist") for part in (1, 2, 3)]
    assert [result.parseoutcomes()["passed"] for result in turns_of] == [3 + 1, 2 + 1, 2 + 1]
    assert pytester.runpytest("-p", "no:xdist").parseoutcomes()["passed"] == 7 + 1


def test_an_update_plays_what_writes_and_nothing_else(pytester: pytest.Pytester) -> None:
    pytester.makeconftest((ROOT / "tests/conftest.py").read_text("utf-8"))
    pytester.makepyfile(
        """
        def test_that_writes(update):
            assert update

        def test_that_compares():
            raise AssertionError
        """
    )
    assert pytester.runpytest("--update", "-p", "no:xdist").parseoutcomes() == {"passed": 1, "deselected": 1}


def test_help_tells_every_tier() -> None:
    help_text, _, code = (ROOT / "tests/run").read_text("utf-8").partition("set -euo pipefail")
    known = set(re.findall(r"[a-z]+", " ".join(re.findall(r"^  ([a-z'| ]+)\) need", code, re.MULTILINE))))
    assert known == {name for name in tiers.TIERS if name} | {"lab"}
    assert [name for name in known if name not in help_text] == []
