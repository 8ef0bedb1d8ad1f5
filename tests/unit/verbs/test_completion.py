"""What a shell is offered for a command line that is half written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from osp_compile import cli
from osp_compile.assets import SPECS
from osp_compile.verbs import completion
from unit.machine import needs_programs
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
        (("site.yaml", "--lang"), {"--language"}),
        (("completion", ""), {"bash", "zsh", "fish"}),
        (("check", "--format", ""), {"text", "json", "sarif", "github"}),
        (("rehearse", MINIMAL, "--section", "2.0"), {f"2.0{n}" for n in (0, 1, 2, 4, 5, 6, 7, 9)}),
        (("rehearse", TOKYO, "--section", "2.1"), {f"2.1{n}" for n in range(5)}),
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


def test_a_hostile_spec_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_bytes(b"\xff\x00: [")
    (tmp_path / "manifest.json").write_text('{"sections": [{"id": "2.0\\u001b[2J", "title": {"en": "x"}}]}')
    assert "2.08" in offered("rehearse", str(tmp_path / "site.yaml"), "--section", "2.08")
    assert offered("rehearse", str(tmp_path), "--section", "2.") == []


@pytest.mark.parametrize("shell", [pytest.param(name, marks=needs_programs(name)) for name in completion.SHELLS])
def test_a_shell_can_read_its_script(shell: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])}
    words = [sys.executable, "-m", "osp_compile", "completion", shell]
    made = subprocess.run(words, capture_output=True, text=True, env=environment, check=True, timeout=LIMIT)
    assert (made.stderr, "_OSP_COMPILE_COMPLETE" in made.stdout) == ("", True)
    script = tmp_path / "script"
    script.write_text(made.stdout, "utf-8")
    subprocess.run([shell, "-n", str(script)], check=True, timeout=LIMIT)


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
