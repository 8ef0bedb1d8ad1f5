"""The command as it is typed: what it refuses before anything is rehearsed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from osp_compile.rehearsal import requirements, world_file
from osp_compile.rehearsal.scratch import MEMORY
from osp_compile.rehearsal.world_file import WorldError
from unit.machine import needs_programs
from unit.waiting import LIMIT, begun, read_line, until

ROOT = Path(__file__).parents[3]
BUNDLE = ROOT / "out/tokyo-1"


def rehearse(*words: str, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "osp_compile", "rehearse", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT / "compiler"), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


@pytest.fixture
def able(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has what a rehearsal asks for, in name alone: what is refused is refused before any of it runs."""
    for name in requirements.PROGRAMS:
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)


@pytest.mark.usefixtures("able")
@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("nowhere.yaml",), 1, "there is no such file"),
        (("/tmp",), 1, "not a bundle"),
        ((str(BUNDLE), "--section", "9.99"), 2, "the bundle has no section 9.99; it has 2.00, 2.01"),
        (
            (str(BUNDLE), "--world", "nowhere.yaml"),
            2,
            "nowhere.yaml: cannot be read: there is no such file; a world is a YAML file, given by its path",
        ),
        ((str(BUNDLE), "--world", "/etc/passwd/x"), 2, "/etc/passwd/x: cannot be read"),
        (
            (str(BUNDLE), "--kill", "foo"),
            2,
            "no point is called foo: a point is SECTION:NUMBER:HOW, as in 2.09:17:kill",
        ),
        ((str(BUNDLE), "--fail", "2.09:17:change-weather"), 2, "no point is called 2.09:17:change-weather"),
        ((str(BUNDLE), "--kill", "2.09:1:kill", "--fail", "2.09::exit"), 2, "no point is called 2.09::exit"),
        (
            (str(BUNDLE), "--kill", "2.09:17:kill", "--section", "2.08"),
            2,
            "2.09:17:kill is a point of a section that is not rehearsed here: these are 2.08",
        ),
        ((str(BUNDLE), "--bash", "/nowhere"), 2, "does not exist"),
        ((str(BUNDLE), "--keep", "/etc"), 2, "/etc is not empty"),
        ((str(BUNDLE), "--matrix", "hope"), 2, "'hope' is not one of"),
        ((str(BUNDLE), "--kinds", "--part", "0/3"), 2, "0/3: a part is K/M, the K-th of M, as in 3/10"),
        ((str(BUNDLE), "--kinds", "--part", "1e9"), 2, "a part is K/M"),
        ((str(BUNDLE), "--share", "hope=1/2"), 2, "hope=1/2: a share is MATRIX=K/M, as in answer=3/100"),
        ((str(BUNDLE), "--share", "answer"), 2, "a part is K/M"),
        (
            (str(BUNDLE), "-o", "/proc/nowhere"),
            3,
            "cannot create the folder for the report: /proc/nowhere/tokyo-1.rehearsal",
        ),
        ((str(ROOT / "specs/examples/minimal.yaml"), "-o", "/proc/nowhere"), 3, "cannot create the folder"),
    ],
)
def test_what_cannot_be_rehearsed_is_said_at_once(words: tuple[str, ...], status: int, said: str) -> None:
    found, told = rehearse(*words)
    assert (found, said in told) == (status, True), told


def test_everything_that_is_missing_has_a_line_of_its_own() -> None:
    found, told = rehearse(str(BUNDLE), PATH="/nowhere")
    assert found == 3
    for name in requirements.PROGRAMS:
        assert f"{name} is not installed: install the package" in told


@pytest.mark.usefixtures("able")
def test_a_world_that_changes_the_spec_wants_the_spec(tmp_path: Path) -> None:
    world = tmp_path / "x.yaml"
    world.write_text("title: x\nspec: {images: skip}\nruns: [{section: '2.05'}]\n")
    found, told = rehearse(str(BUNDLE), "--world", str(world))
    assert (found, "rehearse SITE.yaml instead of its bundle" in told) == (2, True)


def test_a_world_that_is_named_without_its_path_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(WorldError, match=r"did you mean tests/worlds/2\.09/compute_never_comes_back\.yaml\?"):
        world_file.read(Path("compute_never_comes_back"))


@needs_programs("bats")
@pytest.mark.usefixtures("sandbox")
def test_a_section_rehearsed_with_its_reports(tmp_path: Path) -> None:
    found, told = rehearse(
        str(ROOT / "specs/examples/minimal.yaml"),
        "--section",
        "2.00",
        "-o",
        str(tmp_path),
        "--junit",
        str(tmp_path / "j.xml"),
    )
    assert (found, told) == (0, "")
    folder = tmp_path / "lab-1.rehearsal"
    assert {path.name for path in folder.iterdir()} == {
        "flight-plan.html", "flight-plan.md", "junit.xml", "report.md", "report.tap", "transcripts",
    }  # fmt: skip
    assert "ok 1 2.00 first run" in (folder / "report.tap").read_text()
    assert (tmp_path / "j.xml").read_text().startswith("<?xml")
    assert "2.00  Preflight" in (folder / "transcripts/first-2.00.txt").read_text()


@pytest.fixture(params=["memory", "disk"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """An empty folder for scratch, in memory as a rehearsal's usually is, or on disk."""
    if request.param == "memory" and not os.access(MEMORY, os.W_OK):
        pytest.skip(f"{MEMORY} cannot be written here")
    with tempfile.TemporaryDirectory(dir=MEMORY if request.param == "memory" else tmp_path) as name:
        yield Path(name)


@needs_programs("bats")
@pytest.mark.usefixtures("sandbox")
def test_a_rehearsal_that_ends_as_its_stage_begins_leaves_nothing(tmp_path: Path, place: Path) -> None:
    words = [sys.executable, "-m", "osp_compile", "rehearse", str(ROOT / "specs/examples/minimal.yaml")]
    extra = {"PYTHONPATH": str(ROOT / "compiler"), "TMPDIR": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
    with begun(
        [*words, "-o", str(tmp_path / "out")], env={**os.environ, **extra}, stderr=subprocess.PIPE, text=True
    ) as program:
        # the stage imports: it keeps the bytecode of it in the folder that is deleted now
        until(lambda: [*place.glob("osp-rehearse.*/bytecode")], "the stage to begin")
        program.terminate()
        told = program.communicate(timeout=LIMIT)[1]
    assert program.returncode == 128 + signal.SIGTERM
    assert told == "osp-compile: interrupted; nothing that was written before has changed\n"
    assert [*place.iterdir()] == []


@needs_programs("bats")
@pytest.mark.usefixtures("sandbox")
def test_a_rehearsal_that_is_told_to_end_leaves_nothing_and_calls_nothing_failed(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    words = [sys.executable, "-m", "osp_compile", "rehearse", str(ROOT / "specs/examples/minimal.yaml")]
    with begun(
        [*words, "-o", str(tmp_path / "out")],
        env={**os.environ, "PYTHONPATH": str(ROOT / "compiler"), "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        first = read_line(program.stdout.fileno(), "the first trial")
        program.terminate()
        shown, told = program.communicate(timeout=LIMIT)
    assert program.returncode == 128 + signal.SIGTERM
    assert first.startswith("ok")
    assert "not ok" not in shown
    assert told == "osp-compile: interrupted; nothing that was written before has changed\n"
    until(lambda: not [*scratch.iterdir()], "the scratch folder to be empty")
