"""World files: what is wrong with one is said, all at once, before anything is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from osp_compile.diagnostics import RefusedError
from osp_compile.rehearsal import worlds

SECTIONS = ["2.00", "2.01", "2.06"]


def write(folder: Path, text: str) -> Path:
    (folder / "world.yaml").write_text(text)
    return folder


def test_everything_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as told:
        worlds.read(
            write(tmp_path, "titel: x\nruns:\n- {section: '2.06', command: x}\n- {section: '2.06', staus: 1}\n")
        )
    text = str(told.value)
    assert "titel is no key of a world" in text
    assert "title is missing" in text
    assert "run 1 wants either a section or a command" in text
    assert "run 2: staus is no key of a run" in text


@pytest.mark.parametrize("text", ["[1, 2]", "", "a: [", "\t"])
def test_what_is_no_world_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RefusedError):
        worlds.read(write(tmp_path, text))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="cannot be read"):
        worlds.read(tmp_path / "none.yaml")


def test_where_a_world_begins() -> None:
    assert worlds.begins_after({"title": "x"}, SECTIONS) is None
    assert worlds.begins_after({"title": "x", "begin": "2.00"}, SECTIONS) is None
    assert worlds.begins_after({"title": "x", "begin": "2.06"}, SECTIONS) == "2.01"
    with pytest.raises(RefusedError, match=r"begins at 2\.13"):
        worlds.begins_after({"title": "x", "begin": "2.13"}, SECTIONS)


FILES = sorted((Path(__file__).parents[2] / "worlds").glob("*/*"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_world_of_ours_can_be_read(file: Path) -> None:
    data = worlds.read(file)
    played = [str(run["section"]) for run in data["runs"] if "section" in run]
    assert file.parent.name == (played or [str(data.get("begin", "2.00"))])[0]
    assert data.get("site") in {path.stem for path in (Path(__file__).parents[3] / "specs/examples").glob("*.yaml")}


def test_no_two_worlds_have_one_name() -> None:
    """Mutants and reports name a world without its folder."""
    assert len({file.stem for file in FILES}) == len(FILES) > 250
