"""What a shell is offered for a command line that is half written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete, get_completion_class

from osp_compile import cli
from osp_compile.assets import SPECS
from osp_compile.ticket.archive import pack
from osp_compile.verbs import completion, shells
from unit.waiting import LIMIT

MINIMAL = str(SPECS / "examples/minimal.yaml")
TOKYO = str(Path(cli.__file__).parents[2] / "out/tokyo-1")


def offered(*words: str) -> list[str]:
    """What may stand for the last of these words; `<file>` is any file."""
    shell = ShellComplete(cli.program, {}, "osp-compile", "_OSP_COMPILE_COMPLETE")
    found = shell.get_completions(list(words[:-1]), words[-1])
    return [f"<{one.type}>" if one.type in {"file", "dir"} else one.value for one in found]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("c",), {"<file>", "check", "compile", "completion"}),
        (("check", ""), {"<file>"}),
        (("check", MINIMAL, ""), {"<file>"}),
        (("verify", ""), {"<file>"}),
        (("pack", ""), {"<dir>"}),
        (("import", "--deploy", ""), {"<file>"}),
        (("import", "--deploy=over"), {"<file>"}),
        (("import", "--templates", ""), {"<dir>"}),
        (("import", "--update", ""), {"<file>"}),
        (("init", "-o", ""), {"<file>"}),
        (("pack", TOKYO, "-o", ""), {"<file>"}),
        (("rehearse", MINIMAL, "-o", ""), {"<dir>"}),
        (("explain", TOKYO, "2.08/2", "--node", "overcloud-net"), {"overcloud-networker-0", "overcloud-networker-1"}),
        (("site.yaml", "--lang"), {"--language"}),
        (("completion", ""), {"bash", "zsh", "fish"}),
        (("check", "--format", ""), {"text", "json", "sarif", "github"}),
        (("rehearse", MINIMAL, "--section", "2.0"), {f"2.0{n}" for n in (0, 1, 2, 4, 5, 6, 7, 9)}),
        (("rehearse", TOKYO, "--section", "2.0"), {f"2.0{n}" for n in range(10)}),
        (("rehearse", "--section", "2.08"), {"2.08"}),
        (("rehearse", "/nowhere.yaml", "--section", "2.03"), {"2.03"}),
        (("rehearse", "/", "--section", "2."), set()),
    ],
)
def test_what_fits_is_offered(words: tuple[str, ...], wanted: set[str]) -> None:
    assert {*offered(*words)} == wanted


def test_steps_and_nodes_are_those_of_the_spec() -> None:
    """For a command that takes one: it names the spec or the bundle before."""
    command = click.Command(
        "explain",
        params=[
            click.Argument(["source"]),
            click.Option(["--step"], shell_complete=completion.steps),
            click.Option(["--node"], shell_complete=completion.nodes),
        ],
    )
    shell = ShellComplete(command, {}, "explain", "_EXPLAIN")

    def found(*words: str) -> list[str]:
        return [one.value for one in shell.get_completions(list(words[:-1]), words[-1])]

    assert found(MINIMAL, "--node", "overcloud-com") == ["overcloud-compute-0", "overcloud-compute-1"]
    assert found(TOKYO, "--node", "overcloud-net") == ["overcloud-networker-0", "overcloud-networker-1"]
    assert all(step.startswith("2.07/") for step in found(MINIMAL, "--step", "2.07"))
    assert found(MINIMAL, "--step", "2.07")
    assert found(MINIMAL, "--step", "2.08") == []
    assert found("--step", "2.08")
    assert found("--node", "") == []


def test_an_archive_is_as_good_as_its_folder(tmp_path: Path) -> None:
    packed = pack(Path(TOKYO), tmp_path / "tokyo-1.tar.gz")
    assert packed.path is not None
    for words in (("explain", "{}", "2.08/"), ("explain", "{}", "2.08/2", "--node", "overcloud-")):
        found = offered(*(word.format(packed.path) for word in words))
        assert found == offered(*(word.format(TOKYO) for word in words))
        assert found


def test_a_spec_at_home_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "site.yaml").write_bytes(Path(MINIMAL).read_bytes())
    assert offered("rehearse", "~/site.yaml", "--section", "2.03") == []
    assert offered("explain", "~/site.yaml", "2.07/2", "--node", "overcloud-compute-1") == ["overcloud-compute-1"]


def test_a_hostile_spec_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_bytes(b"\xff\x00: [")
    (tmp_path / "manifest.json").write_text('{"sections": [{"id": "2.0\\u001b[2J", "title": {"en": "x"}}]}')
    assert "2.08" in offered("rehearse", str(tmp_path / "site.yaml"), "--section", "2.08")
    assert offered("rehearse", str(tmp_path), "--section", "2.") == []


@pytest.mark.parametrize("shell", shells.SHELLS)
def test_each_shell_has_its_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(("completion", shell))
    said = capsys.readouterr()
    assert (ended.value.code, said.err) == (0, "")
    assert f"_OSP_COMPILE_COMPLETE={shell}_complete" in said.out


def answer(shell: str, words: str, current: str) -> list[str]:
    """The lines that its script gets for the words of a command line and the one that is written."""
    found = get_completion_class(shell)
    assert found is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMP_WORDS", words)
        patch.setenv("COMP_CWORD", current)
        return found(cli.program, {}, "osp-compile", "_OSP_COMPILE_COMPLETE").complete().splitlines()


VERIFY = ["file\tver", "plain\tverify\tCheck that a bundle is unmodified, and say..."]


@pytest.mark.parametrize(
    ("shell", "words", "current", "lines"),
    [
        ("zsh", "osp-compile ver", "1", VERIFY),
        (
            "fish",
            "osp-compile ver",
            "ver",
            VERIFY,
        ),
        ("zsh", "osp-compile check --format=s", "2", ["plain\tsarif"]),
        ("fish", "osp-compile check --format=s", "--format=s", ["plain\tsarif"]),
        # bash has made words of their own of each `=`
        ("bash", "osp-compile check --format = s", "4", ["plain,sarif"]),
        ("bash", "osp-compile check --format =", "3", ["plain,text", "plain,json", "plain,sarif", "plain,github"]),
        ("bash", "osp-compile init --role Compute = 3 --na", "6", ["plain,--name"]),
        ("bash", "osp-compile init --role Compute=3 --na", "4", ["plain,--name"]),
    ],
)
def test_a_shell_is_answered_in_its_own_form(shell: str, words: str, current: str, lines: list[str]) -> None:
    assert answer(shell, words, current) == lines


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_what_is_said_of_a_word_is_one_line(shell: str, tmp_path: Path) -> None:
    sections = [{"id": "2.08", "title": {"en": "one\nplain\tother\x1b[2J"}}]
    (tmp_path / "manifest.json").write_text(json.dumps({"sections": sections}))
    line = f"osp-compile rehearse {tmp_path} --section 2."
    current = {"zsh": "4", "fish": "2."}[shell]
    assert answer(shell, line, current) == ["plain\t2.08\tone\ufffdplain other\ufffd[2J"]


def test_bash_is_answered() -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(cli.__file__).parents[1]),
        "_OSP_COMPILE_COMPLETE": "bash_complete",
        "COMP_WORDS": "osp-compile ver",
        "COMP_CWORD": "1",
    }
    words = [sys.executable, "-m", "osp_compile"]
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False, timeout=LIMIT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "file,ver\nplain,verify\n", "")
