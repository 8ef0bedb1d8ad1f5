"""Deploy commands as they are in the wild: imported as bash would have run them, or refused at the exact line."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osp_compile.importing import deploy_script, deploy_words
from osp_compile.importing.bash.values import Undercloud
from osp_compile.importing.command import Wish, import_site
from osp_compile.importing.text import Text, as_seen
from unit.importing.deploy_cases import FOLDER, outcome

CASES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".expected")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_script_of_the_field(path: Path) -> None:
    """Beside each script lies what it gives; a new one is written by hand, from what bash would do."""
    assert outcome(path) == path.with_suffix(".expected").read_text("utf-8")


def test_there_are_enough() -> None:
    assert len(CASES) >= 25


def test_where_the_script_lay_can_be_told() -> None:
    told = outcome(FOLDER / "dirname.sh", Undercloud(script="/home/stack/deploy/overcloud.sh"))
    assert (
        "file /home/stack/deploy/one.yaml\nfile /home/stack/deploy/two.yaml\nfile /home/stack/deploy/three.yaml\n"
        in told
    )


def test_where_the_command_ran_can_be_told() -> None:
    assert "file /srv/a.yaml\nfile /srv/dir/b.yaml\n" in outcome(FOLDER / "relative.sh", Undercloud(folder="/srv"))


@pytest.mark.parametrize(
    ("name", "above"),
    [
        ("flag_from_outside", "CEPH=true"),
        ("flag_from_outside", "CEPH=false"),
        ("setting_from_outside", "SITE=osaka\nLEVEL=x"),
    ],
)
def test_what_is_to_be_chosen_settles_it(name: str, above: str, tmp_path: Path) -> None:
    script = (FOLDER / f"{name}.sh").read_text("utf-8")
    (tmp_path / "deploy.sh").write_text(f"{above}\n{script}", "utf-8")
    told = outcome(tmp_path / "deploy.sh")
    assert "error" not in told, told
    assert ("ceph.yaml" in told) == (above == "CEPH=true")


RECORDED = """\
Script started on Mon 26 Nov 2018 10:00:00 AM UTC\r
\x1b]0;stack@director:~\x07\x1b[?1034h[stack@director ~]$ source ~/stackrc\r
\x1b]0;stack@director:~\x07[\x1b[32mstack\x1b[0m@director ~]$ openstack overcloud deploy --templates \\\r
>   -e /home/stack/a.yaml \\\r
>   -e /home/stack/b.yaml\r
Started Mistral Workflow. Execution ID: 1\r
Overcloud Deployed\r
\x1b]0;stack@director:~\x07(undercloud) [stack@director ~]$ exit\r
Script done\r
"""


def imported(body: str, folder: Path) -> tuple[list[str], list[str]]:
    """(environment files, the codes of what is wrong) of the deploy command in a file with this text."""
    (folder / "typescript").write_bytes(body.encode())
    made = import_site(Wish(deploy=folder / "typescript"))
    files = made.draft.deploy.env_files if made.draft else ()
    return [entry.text for entry in files], [one.code for one in made.diagnostics if one.severity == "error"]


def test_a_recording_of_the_terminal(tmp_path: Path) -> None:
    assert imported(RECORDED, tmp_path) == (["/home/stack/a.yaml", "/home/stack/b.yaml"], [])


def on_a_screen(typed: str, wide: int) -> str:
    """What `script` records of a line that is typed: bash goes on at the next line of the screen by a blank and CR."""
    return " \r".join(typed[at : at + wide] for at in range(0, len(typed), wide))


@pytest.mark.parametrize("wide", [80, 132])
@pytest.mark.parametrize("long", [60, 100, 160, 320])
def test_a_command_that_the_screen_had_wrapped(wide: int, long: int, tmp_path: Path) -> None:
    file = f"/home/stack/{'n' * long}/a b.yaml"
    typed = f"[stack@director ~]$ openstack overcloud deploy --templates -e '{file}' -e /t/b.yaml"
    body = f"\x1b[?2004h{on_a_screen(typed, wide)}\r\n\x1b[?2004l\rRemoving the current plan files\r\n"
    assert imported(body, tmp_path) == ([file, "/t/b.yaml"], [])


@pytest.mark.parametrize(
    "line",
    [
        "[stack@u ~]$ openstack overcloud \rdeploy -e /t/a.yaml",
        "[stack@u ~]$ openstack overcloud deploy --templates -e /t/a.yaml \ry.yaml -e /t/{} -e /t/{}".replace(
            "{}", "x" * 60
        ),
        f"[stack@u ~]$ openstack overcloud deploy --templates -e /t/a.yaml{' ' * 30} \r{'-e /t/b.yaml ' * 4} \rc",
    ],
    ids=["narrow", "wider after it", "of two widths"],
)
def test_a_return_that_is_not_where_a_screen_ends_is_not_taken_out(line: str) -> None:
    assert "\r" in as_seen(Text("x", (line,))).all


@pytest.mark.parametrize(
    "keys",
    ["\b\b\b-e /home/stack/c.yaml", " \rmore.yaml", "\x1b[C\x1b[2@-e /home/stack/c.yaml"],
    ids=["backspace", "wrapped", "inserted"],
)
def test_a_recording_with_keys_in_the_command_is_no_command(keys: str, tmp_path: Path) -> None:
    """Where the cursor went is not worked out: what cannot be read is said, and never read as something else."""
    assert imported(RECORDED.replace("/a.yaml", f"/a.yaml{keys}"), tmp_path)[1]


CANARY = (
    "$(touch {0})", "`touch {0}`", "; touch {0};", "| touch {0}", "&& touch {0}", "<(touch {0})",
    "${{x:-$(touch {0})}}",
    "$((a[$(touch {0})]))", "\ntouch {0}\n", "eval 'touch {0}'", "bash -c 'touch {0}'", "exec touch {0}", "> {0}",
    "\ntrap 'touch {0}' EXIT\n", "\nX=$(touch {0})\n", "\n. {0}.sh\n", "<<EOF\n$(touch {0})\nEOF\n",
)  # fmt: skip
PIECES = ("openstack overcloud deploy --templates", "-e a.yaml", "-e", "'", '"', "\\\n", "\n", "A=(x y)", '"${A[@]}"',
          "for f in a b; do", "done", "if true; then", "fi", "{", "}", "f() {",
          "$1", "~", "#", "\x00", "日本", "\t", ";",
          "\x1b[31m", "\x1b]0;a\x07", "\r", "\b", "> ", "[stack@u ~]$ ")  # fmt: skip


LONG = {
    "slashes": "x " + "/" * 200_000,
    "names": "x " + "deploy" * 30_000,
    "ends of files": "openstack overcloud deploy --templates\n" + ".yaml" * 40_000 + "x",
    "quotes": "> " * 100_000,
    "a numbered listing": "\n".join(f"{number}\topenstack overcloud deploy \\" for number in range(1, 4000)),
    "a history": "\n".join(f"  {number}  openstack overcloud deploy \\" for number in range(1, 4000)),
    "a date": "1  " + "[2018-01-01 " * 16_000,
    "options": "[a@b ~]$ cat" + " -a" * 60_000 + " |",
    "an interpreter": "#! /env " + "-a " * 60_000,
}


@pytest.mark.parametrize("body", LONG.values(), ids=LONG)
def test_a_text_of_any_size_is_read_in_one_go(body: str) -> None:
    began = time.process_time()
    deploy_script.find(as_seen(Text("x", tuple(body.split("\n")))), Undercloud())
    assert time.process_time() - began < 10


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from((*PIECES, *CANARY)), max_size=14))
def test_nothing_in_a_script_is_ever_run(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]) -> None:
    canary = tmp_path_factory.getbasetemp() / "canary"
    script = " ".join(piece.format(canary) if piece in CANARY else piece for piece in pieces)
    beside = tmp_path_factory.getbasetemp()
    (beside / "canary.sh").write_text(f"touch {canary}\nX=$(touch {canary})\n")  # which the script may source
    for name in ("deploy.sh", "deploy.yml"):
        commands, _ = deploy_script.find(Text(name, tuple(script.split("\n"))), Undercloud(), beside)
        for command in commands:
            deploy_words.read(command)
    assert not canary.exists()
