"""A folder that is exchanged for a link, between the moment a path is resolved and the deed, leads nowhere."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from osp_simulator.engine.world import World
from osp_simulator.hosts import pinned
from osp_simulator.hosts.pinned import HostPath, copy_file, copy_tree, of_host, open_folder


def append(path: Path) -> None:
    with path.open("a") as file:
        file.write("PWNED")


DEEDS: dict[str, Callable[[Path], Any]] = {
    "read_text": lambda path: path.read_text(),
    "read_bytes": lambda path: path.read_bytes(),
    "write_text": lambda path: path.write_text("PWNED"),
    "write_bytes": lambda path: path.write_bytes(b"PWNED"),
    "append": append,
    "stat": lambda path: path.stat().st_size,
    "mkdir": lambda path: path.with_name("made").mkdir(),
    "mkdir with parents": lambda path: (path.with_name("made") / "more").mkdir(parents=True),
    "unlink": lambda path: path.unlink(),
    "chmod": lambda path: path.chmod(0o777),
    "touch": lambda path: path.with_name("made").touch(),
    "iterdir": lambda path: [one.name for one in path.parent.iterdir()],
    "open_folder": lambda path: os.close(open_folder(path.parent)),
    "copy from": lambda path: copy_file(path, path.parents[1] / "copy"),
    "copy to": lambda path: copy_file(path.parents[1] / "plain", path),
    "copy a tree from": lambda path: copy_tree(path.parent, path.parents[1] / "copy"),
    "copy a tree to": lambda path: copy_tree(path.parents[1] / "tree", path.parent),
}


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of the machine that has what the host's own has."""
    place = tmp_path / "outside"
    (place / "folder").mkdir(parents=True)
    (place / "folder" / "file").write_text("a secret of the machine")
    (place / "folder" / "file").chmod(0o600)
    return place


@pytest.fixture
def host(tmp_path: Path) -> HostPath:
    """The root of a host with a folder, a tree to copy, and a file."""
    root = tmp_path / "hosts" / "n1" / "root"
    for folder in ("folder", "tree"):
        (root / folder).mkdir(parents=True)
        (root / folder / "file").write_text("of the host")
    (root / "plain").write_text("of the host")
    return of_host(root, [])


def state(place: Path) -> list[tuple[str, int, bytes]]:
    """What is in a folder: names, modes and contents, through no link."""
    return [
        (
            str(one.relative_to(place)),
            one.lstat().st_mode,
            one.read_bytes() if stat.S_ISREG(one.lstat().st_mode) else b"",
        )
        for one in sorted(Path(place).rglob("*"))
    ]


@pytest.mark.parametrize("moment", ["the folder", "the file"])
@pytest.mark.parametrize("deed", DEEDS)
def test_what_is_exchanged_after_a_look_leads_nowhere(
    host: HostPath, outside: Path, monkeypatch: pytest.MonkeyPatch, deed: str, moment: str
) -> None:
    resolved = pinned.below
    changed = host / "folder" if moment == "the folder" else host / "folder" / "file"
    path, away, target = host / "folder" / "file", Path(f"{changed}.away"), outside / Path(changed).relative_to(host)

    def exchanged(root: Path, parts: list[str]) -> Path:
        """Resolves the path as it is, and then has a link in its place."""
        if away.exists():
            Path(changed).unlink()
            away.rename(changed)
        place = resolved(root, parts)
        if place == changed or changed in place.parents:
            Path(changed).rename(away)
            Path(changed).symlink_to(target)
        return place

    before = state(outside)
    said = ""
    monkeypatch.setattr(pinned, "below", exchanged)
    with suppress(OSError):
        said = str(DEEDS[deed](path))
    monkeypatch.undo()
    assert state(outside) == before
    assert "secret" not in said
    assert not any(b"secret" in content for _, _, content in state(host))


@pytest.mark.parametrize("deed", DEEDS)
def test_without_anybody_in_the_way_it_is_done(host: HostPath, deed: str) -> None:
    DEEDS[deed](host / "folder" / "file")


def test_a_link_of_the_host_leads_within_it(host: HostPath, outside: Path) -> None:
    Path(host, "link").symlink_to("/folder")
    Path(host, "out").symlink_to(outside / "folder")
    Path(host, "top").symlink_to("../../../../outside/folder")
    assert (host / "link" / "file").read_text() == "of the host"
    assert not (host / "out" / "file").exists()
    assert not (host / "top" / "file").exists()
    (host / "link" / "new" / "deep").mkdir(parents=True)
    (host / "link" / "new" / "deep").mkdir(parents=True, exist_ok=True)
    assert Path(host, "folder", "new", "deep").is_dir()
    assert (host / "out").is_symlink()
    (host / "out").unlink()
    (host / "out").unlink(missing_ok=True)
    assert not (host / "out").is_symlink()
    assert state(outside)


def test_a_tree_is_copied_as_it_is_and_through_no_link(host: HostPath, outside: Path) -> None:
    tree = Path(host, "tree")
    (tree / "link").symlink_to("file")
    (tree / "inner").mkdir()
    (tree / "inner").chmod(0o750)
    (tree / "inner" / "skipped").touch()
    (tree / "file").chmod(0o640)
    os.utime(tree / "file", (1, 2))
    Path(host, "copy").mkdir()
    Path(host, "copy", "file").symlink_to(outside / "folder" / "file")
    before = state(outside)
    copy_tree(host / "tree", host / "copy", lambda name: name == "skipped")
    assert state(outside) == before
    copied = Path(host, "copy")
    assert sorted(one.name for one in copied.rglob("*")) == ["file", "inner", "link"]
    assert str((copied / "link").readlink()) == "file"
    facts = (copied / "file").stat()
    assert (facts.st_mode & 0o777, facts.st_mtime, (copied / "inner").stat().st_mode & 0o777) == (0o640, 2, 0o750)


def test_a_path_of_no_host_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no path of a host"):
        HostPath(tmp_path / "anything").read_text()


def test_the_files_of_a_served_world_are_such_paths(tmp_path: Path) -> None:
    (tmp_path / "hosts" / "n1" / "root").mkdir(parents=True)
    (tmp_path / "state.json").write_text(json.dumps({"hosts": {"n1": {"booted_at": 0}}, "clock": 0, "bundle": None}))
    world = World.load(tmp_path)
    assert isinstance(world.files.path("n1", "/etc/../home"), HostPath)
    assert isinstance(world.files.settled("n1", world.files.path("n1", "/home") / "stack"), HostPath)


def test_no_tool_goes_round_them() -> None:
    """Functions of os and shutil follow whatever is there by then."""
    round_about = re.compile(
        r"\b(shutil\.(?!copyfileobj|which)\w+|os\.(truncate|chown|chmod|utime|link|symlink|rename|replace)\()"
    )
    package = Path(pinned.__file__).parents[1]
    texts = {file: file.read_text("utf-8") for file in (package / "tools").rglob("*.py")}
    assert len(texts) > 90
    assert {file.name: round_about.findall(text) for file, text in texts.items() if round_about.search(text)} == {}
