"""A spec is written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from osp_compile.diagnostics import RefusedError
from osp_compile.importing import on_disk


def test_it_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    on_disk.write(tmp_path / "site.yaml", "東京\n", force=False)
    assert (tmp_path / "site.yaml").read_text("utf-8") == "東京\n"
    assert (tmp_path / "site.yaml").stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert {one.name for one in tmp_path.iterdir()} == {"plain", "site.yaml"}


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        on_disk.write(tmp_path / "site.yaml", "half\udcff", force=False)
    assert [*tmp_path.iterdir()] == []


def test_only_force_replaces(tmp_path: Path) -> None:
    place = tmp_path / "site.yaml"
    on_disk.write(place, "one", force=False)
    with pytest.raises(RefusedError, match="is there already"):
        on_disk.write(place, "two", force=False)
    assert place.read_text() == "one"
    on_disk.write(place, "two", force=True)
    assert place.read_text() == "two"
    assert [*tmp_path.iterdir()] == [place]
