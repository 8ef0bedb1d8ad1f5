"""How a host's files are found."""

from __future__ import annotations

from pathlib import Path

from osp_simulator.fast.list_files import files, unordered


def test_files_and_links_in_order_of_names_and_no_folders(tmp_path: Path) -> None:
    (tmp_path / "b/deep").mkdir(parents=True)
    (tmp_path / "b/deep/two").touch()
    (tmp_path / "a").touch()
    (tmp_path / "c").symlink_to("b")
    (tmp_path / "empty").mkdir()
    assert [name for name, _ in files(str(tmp_path), lambda name: False)] == ["a", "b/deep/two", "c"]
    assert {name for name, _ in unordered(str(tmp_path), lambda name: False)} == {"a", "b/deep/two", "c"}


def test_a_folder_that_is_passed_over_is_not_looked_into(tmp_path: Path) -> None:
    for name in ("tmp/x", "var/tmp/y", "tmpfile"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [name for name, _ in files(str(tmp_path), ("tmp/",).__contains__)] == ["tmpfile", "var/tmp/y"]
    assert {name for name, _ in unordered(str(tmp_path), ("tmp/",).__contains__)} == {"tmpfile", "var/tmp/y"}


def test_a_folder_that_is_gone_has_no_files(tmp_path: Path) -> None:
    assert list(files(str(tmp_path / "gone"), lambda name: False)) == []
    assert unordered(str(tmp_path / "gone"), lambda name: False) == []
