"""Every command, with every kind of file that is not what it needs: it says so, and its exit code is true."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from osp_compile import cli
from osp_compile.assets import SPECS

GOOD = str(SPECS / "examples/minimal.yaml")
IMPORT = ("import", "-o", "out.yaml", "--force", "--change", "CHG1")
FILES = ("--deploy", "good.sh", "--servers", "good.csv")
LISTS = (*IMPORT, *FILES)
# `@` is the file in question
COMMANDS = {
    "compile": ("compile", "@"),
    "check": ("check", "@"),
    "check --against": ("check", GOOD, "--against", "@"),
    "import --deploy": (*IMPORT, "--deploy", "@"),
    "import --servers": (*IMPORT, "--servers", "@"),
    "import --roles": (*LISTS, "--roles", "@"),
    "import --templates": (*IMPORT, "--templates", "@"),
    "import --from": (*IMPORT, "--from", "@"),
    "import --update": ("import", "-o", "out.yaml", "--force", *FILES, "--update", "@"),
    "verify": ("verify", "@"),
    "pack": ("pack", "@"),
    "explain": ("explain", "@", "backup"),
    "diff": ("diff", "@", "@"),
    "rehearse": ("rehearse", "@"),
}
WARNED = {  # these files add to what others say: one that is of no use is a warning
    "import --baremetal": (*LISTS, "--baremetal", "@"),
    "import --instackenv": (*LISTS, "--instackenv", "@"),
    "import --services": (*LISTS, "--services", "@"),
}
KINDS = (
    *("missing", "folder", "empty", "nul", "queue", "dangling", "loop", "long"),
    *("line", "latin", "under", "null", "list", "control"),
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("good.sh").write_text("openstack overcloud deploy --templates -e /t/a.yaml\n")
    Path("good.csv").write_text("Name,Networks\novercloud-controller-0,ctlplane=192.0.2.10\n")
    return tmp_path


def make(kind: str) -> str:
    """The path of a file of that kind, in the current folder."""
    names = {"long": "a" * 300, "line": "new\nline.yaml", "latin": os.fsdecode(b"caf\xe9.yaml"), "under": "good.sh/x"}
    path = Path(names.get(kind, kind))
    contents = {"empty": b"", "nul": b"\0\1", "line": b"x: [\n", "latin": b"x: [\n", "null": b"null\n"}
    contents |= {"list": b"- a\n", "control": b"a: \x1b[31m\x07\n"}
    if kind in contents:
        path.write_bytes(contents[kind])
    elif kind == "folder":
        path.mkdir()
    elif kind == "queue":
        os.mkfifo(path)
    elif kind in {"dangling", "loop"}:
        path.symlink_to("loop" if kind == "loop" else "nowhere")
    return str(path)


def run(words: tuple[str, ...], path: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        cli.main([path if word == "@" else word for word in words])
    shown = capsys.readouterr()
    told = shown.out + shown.err
    assert "Traceback" not in told
    assert "internal error" not in told
    assert "\x1b[31m" not in told
    assert told.strip()
    return int(ended.value.code or 0), told


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_takes_it(command: str, kind: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _ = run(COMMANDS[command], make(kind), capsys)
    assert status in {1, 2, 3}
    assert not (place / "out").exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", WARNED)
def test_a_list_of_no_use_is_told(command: str, kind: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = run(WARNED[command], make(kind), capsys)
    assert status in {1, 3} or "warning[unused-list]" in told


INIT = ("init", "--name", "x", "--change", "C1", "--role", "A=1", "-o", "@")


@pytest.mark.parametrize("kind", ["folder", "under", "long", "queue"])
@pytest.mark.parametrize("words", [(*LISTS, "-o", "@"), INIT, (*INIT, "--force")])
def test_no_command_writes_there(
    words: tuple[str, ...], kind: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipe is what a device is here: neither is replaced by a file, whatever is forced."""
    path = make(kind)
    before = sorted((one.name, one.lstat().st_mode, one.lstat().st_ino) for one in place.iterdir())
    status, _ = run(words, path, capsys)
    assert status in {1, 2, 3}
    assert sorted((one.name, one.lstat().st_mode, one.lstat().st_ino) for one in place.iterdir()) == before
