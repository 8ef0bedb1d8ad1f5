"""A bundle is written whole or not at all, and shows when it was touched."""

import os
import shutil
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from osp_compile.bundle import on_disk
from osp_compile.bundle.on_disk import OutputInTheWayError
from osp_compile.bundle.render import File
from osp_compile.exit_status import INTERNAL, ending_cleanly, guarded

FILES = (File("a.sh", "echo a\n", executable=True), File("lib/b.tsv", "b\n"), File("manifest.json", "{}\n"))


def write(out: Path, files: tuple[File, ...] = FILES) -> Path:
    with on_disk.staged(files, out, "site") as stage:
        on_disk.publish(stage, out / "site")
    return out / "site"


def test_what_was_written_verifies(tmp_path: Path) -> None:
    site = write(tmp_path)
    assert on_disk.verify(site) == ()
    assert (site / "a.sh").stat().st_mode & 0o777 == 0o755
    assert (site / "lib/b.tsv").stat().st_mode & 0o777 == 0o644
    assert len(on_disk.digest(site)) == 64
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize(
    ("touch", "message"),
    [
        (lambda site: (site / "a.sh").write_text("echo b\n"), "modified since it was compiled"),
        (lambda site: (site / "lib/b.tsv").unlink(), "missing from the bundle"),
        (lambda site: (site / "new").write_text(""), "not part of the bundle"),
        (lambda site: (site / "SHA256SUMS").write_text("nonsense\n"), "not a line with a checksum and a file name"),
        (
            lambda site: (site / "SHA256SUMS").write_text(f"{'0' * 64}  ../../etc/passwd\n"),
            "not a line with a checksum and a file name",
        ),
        (lambda site: (site / "SHA256SUMS").unlink(), "not a bundle: it has no SHA256SUMS"),
        (lambda site: (site / "lib/etc").symlink_to("/etc"), "not part of the bundle"),
        (lambda site: (site / "lib").rename(site / "l") and (site / "lib").symlink_to("l"), "not part of the bundle"),
        (lambda site: os.mkfifo(site / "lib/pipe"), "not part of the bundle"),
        (lambda site: (site / "a.sh").unlink() or os.mkfifo(site / "a.sh"), "not a regular file"),
        (lambda site: (site / "a.sh").unlink() or (site / "a.sh").symlink_to("/dev/zero"), "not a regular file"),
    ],
)
def test_what_was_touched_is_told(tmp_path: Path, touch, message: str) -> None:
    site = write(tmp_path)
    touch(site)
    assert message in [found.message for found in on_disk.verify(site)]


def test_a_compile_that_fails_leaves_the_old_bundle(tmp_path: Path) -> None:
    site = write(tmp_path)
    digest = on_disk.digest(site)
    with pytest.raises(RuntimeError), on_disk.staged((File("manifest.json", "other"),), tmp_path, "site"):
        raise RuntimeError
    assert on_disk.digest(site) == digest
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
    with pytest.raises(OutputInTheWayError, match="already exists"):
        write(tmp_path)
    assert place.exists()


def test_a_file_of_somebody_else_in_a_bundle_is_not_lost(tmp_path: Path) -> None:
    """A spec kept in the bundle's own folder, say."""
    site = write(tmp_path)
    (site / "lib" / "site.yaml").write_text("mine")
    with pytest.raises(OutputInTheWayError, match=r"lib/site\.yaml is not part of the bundle and would be lost"):
        write(tmp_path)
    assert (site / "lib" / "site.yaml").read_text() == "mine"


def test_a_name_that_drives_a_terminal_is_told_harmlessly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = write(tmp_path)
    (site / "\x1b[2Jname").write_text("mine")
    assert guarded(lambda: write(tmp_path) and 0) == INTERNAL
    told = capsys.readouterr().err
    assert "\x1b" not in told
    assert "\N{REPLACEMENT CHARACTER}[2Jname is not part of the bundle" in told


@pytest.mark.parametrize("place", ["a file", "a dangling link", "beyond a file", "a folder of the kernel"])
def test_an_output_that_can_be_no_folder_is_told(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to("nowhere")
    out = {
        "a file": tmp_path / "file",
        "a dangling link": tmp_path / "link",
        "beyond a file": tmp_path / "file" / "out",
        "a folder of the kernel": Path("/proc/self/net"),
    }[place]
    with pytest.raises(OutputInTheWayError, match=f"cannot create a folder in {out}: "):
        write(out)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_the_old_bundle_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    """It is heard when nothing is left to remove, and the words are about the new bundle."""
    site = write(tmp_path)
    rmtree = shutil.rmtree

    def struck(path: Path, **options: bool) -> None:
        if path.name == "replaced":
            # to this thread: pytest's runner has others, which hear what this one does not
            signal.pthread_kill(threading.get_ident(), number)
        rmtree(path, **options)

    monkeypatch.setattr(shutil, "rmtree", struck)
    # a runner in the background ignores Ctrl-C, and so would this process
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with ending_cleanly():
            status = guarded(lambda: write(tmp_path, (File("c.sh", "c\n"), File("manifest.json", "{}\n"))) and 0)
    finally:
        signal.signal(signal.SIGINT, before)
    assert status == 128 + number
    assert capsys.readouterr().err == f"osp-compile: interrupted; {site} is the new bundle\n"
    assert (site / "c.sh").exists()
    assert on_disk.verify(site) == ()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_signal_before_the_bundle_is_moved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = write(tmp_path)
    digest = on_disk.digest(site)

    def stopped() -> int:
        with on_disk.staged((File("manifest.json", "other"),), tmp_path, "site"):
            os.kill(os.getpid(), signal.SIGTERM)
        return 0

    with ending_cleanly():
        assert guarded(stopped) == 128 + signal.SIGTERM
    assert capsys.readouterr().err == "osp-compile: interrupted; nothing that was written before has changed\n"
    assert on_disk.digest(site) == digest
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("stopped_by", [KeyboardInterrupt(), OSError("the disk is gone")])
def test_stopped_between_the_two_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped_by: BaseException
) -> None:
    site = write(tmp_path)
    digest = on_disk.digest(site)
    rename = Path.rename

    def stop_at_the_second(path: Path, target: Path) -> Path:
        if path.name == "site" and path.parent != tmp_path:
            raise stopped_by
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", stop_at_the_second)
    with pytest.raises(type(stopped_by)):
        write(tmp_path, (File("manifest.json", "other"),))
    assert on_disk.digest(site) == digest
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_two_at_the_same_time(tmp_path: Path) -> None:
    """Each moves the bundle of the one before away; none finds half of another's work."""

    def again(_: int) -> None:
        for _ in range(20):
            write(tmp_path)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(again, range(4))) == [None] * 4
    assert on_disk.verify(tmp_path / "site") == ()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_an_older_bundle_is_replaced_whole(tmp_path: Path) -> None:
    site = write(tmp_path)
    write(tmp_path, (File("c.sh", "c\n"), File("manifest.json", "{}\n")))
    assert sorted(path.name for path in site.iterdir()) == ["SHA256SUMS", "c.sh", "manifest.json"]


def test_a_folder_that_is_not_there_is_no_bundle(tmp_path: Path) -> None:
    assert [found.message for found in on_disk.verify(tmp_path / "nothing")] == ["no such folder"]
