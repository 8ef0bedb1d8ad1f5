"""A bundle is written whole or not at all, and tells when it was touched."""

from pathlib import Path

import pytest

from osp_compile import bundle
from osp_compile.bundle import OutputInTheWayError
from osp_compile.render import File

FILES = (File("a.sh", "echo a\n", executable=True), File("lib/b.tsv", "b\n"), File("manifest.json", "{}\n"))


def write(out: Path, files: tuple[File, ...] = FILES) -> Path:
    with bundle.staged(files, out, "site") as stage:
        bundle.publish(stage, out / "site")
    return out / "site"


def test_what_was_written_verifies(tmp_path: Path) -> None:
    site = write(tmp_path)
    assert bundle.verify(site) == ()
    assert (site / "a.sh").stat().st_mode & 0o777 == 0o755
    assert (site / "lib/b.tsv").stat().st_mode & 0o777 == 0o644
    assert len(bundle.digest(site)) == 64
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize(
    ("touch", "message"),
    [
        (lambda site: (site / "a.sh").write_text("echo b\n"), "not as it was compiled"),
        (lambda site: (site / "lib/b.tsv").unlink(), "missing from the bundle"),
        (lambda site: (site / "new").write_text(""), "not part of the bundle"),
        (lambda site: (site / "SHA256SUMS").write_text("nonsense\n"), "not a line of checksum and file"),
        (
            lambda site: (site / "SHA256SUMS").write_text(f"{'0' * 64}  ../../etc/passwd\n"),
            "not a line of checksum and file",
        ),
        (lambda site: (site / "SHA256SUMS").unlink(), "not a bundle: it has no SHA256SUMS"),
    ],
)
def test_what_was_touched_is_told(tmp_path: Path, touch, message: str) -> None:  # type: ignore[no-untyped-def]  # a lambda
    site = write(tmp_path)
    touch(site)
    assert message in [found.message for found in bundle.verify(site)]


def test_a_compile_that_fails_leaves_the_old_bundle(tmp_path: Path) -> None:
    site = write(tmp_path)
    digest = bundle.digest(site)
    with pytest.raises(RuntimeError), bundle.staged((File("manifest.json", "other"),), tmp_path, "site"):
        raise RuntimeError
    assert bundle.digest(site) == digest
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("thing", ["file", "folder", "link"])
def test_what_is_no_bundle_is_left_alone(tmp_path: Path, thing: str) -> None:
    place = tmp_path / "site"
    if thing == "file":
        place.write_text("mine")
    elif thing == "folder":
        place.mkdir()
        (place / "mine").write_text("mine")
    else:
        place.symlink_to("/etc")
    with pytest.raises(OutputInTheWayError, match="is in the way"):
        write(tmp_path)
    assert place.exists()


def test_an_older_bundle_is_replaced_whole(tmp_path: Path) -> None:
    site = write(tmp_path)
    write(tmp_path, (File("c.sh", "c\n"), File("manifest.json", "{}\n")))
    assert sorted(path.name for path in site.iterdir()) == ["SHA256SUMS", "c.sh", "manifest.json"]


def test_a_folder_that_is_not_there_is_no_bundle(tmp_path: Path) -> None:
    assert [found.message for found in bundle.verify(tmp_path / "nothing")] == ["no such folder"]
