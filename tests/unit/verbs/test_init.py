"""`osp-compile init` at a terminal: what it asks, what it asks again, and what it leaves where it is broken off."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from osp_compile import cli
from osp_compile.diagnostics import RefusedError, has_errors
from osp_compile.importing import skeleton
from osp_compile.pipeline import check_site
from unit.terminal import Terminal, at_a_terminal

COMMAND = (sys.executable, "-m", "osp_compile", "init")
# how a question ends, with the answer that Enter gives
NAME, CHANGE = r"Name of the site \[site-1\]: ", r"Number of the approved change \[CHG0000000\]: "
ROLES = r"Nodes of each role \[Controller=3 CephStorage=0 Compute=2\]: "
CTRL_C, CTRL_D = "\x03", "\x04"
UNTOUCHED = "\nosp-compile: interrupted; nothing that was written before has changed\n"


@contextmanager
def asked(folder: Path, *words: str, command: Sequence[str] = COMMAND) -> Iterator[Terminal]:
    environment = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])}
    with at_a_terminal([*command, *words], cwd=folder, env=environment) as terminal:
        yield terminal


def answer(terminal: Terminal, question: str, keys: str | bytes) -> str:
    """Types once the question is asked; what was shown up to that."""
    shown = terminal.until(question)
    terminal.type(keys)
    return shown


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(("init", *words))
    return int(ended.value.code or 0)


def test_enter_takes_what_is_proposed(tmp_path: Path) -> None:
    with asked(tmp_path) as terminal:
        for question in (NAME, CHANGE, ROLES):
            answer(terminal, question, "\n")
        status, shown = terminal.end()
    assert (status, shown.strip()) == (
        0,
        "wrote site.yaml\nnext: fill it in, then osp-compile check site.yaml\n"
        "for an editor that explains each key: osp-compile schema > site.schema.json",
    )
    wanted = skeleton.text("site-1", "CHG0000000", {"Controller": 3, "CephStorage": 0, "Compute": 2})
    assert [*tmp_path.iterdir()] == [tmp_path / "site.yaml"]
    assert (tmp_path / "site.yaml").read_text("utf-8") == wanted


def test_answers_stand_in_the_spec_which_check_takes(tmp_path: Path) -> None:
    with asked(tmp_path, "--name", "tokyo-2") as terminal:
        # what an option has said is not asked
        assert "Name of the site" not in answer(terminal, CHANGE, "  0042137 \n")
        answer(terminal, ROLES, "Controller=3  OsdCompute=4\n")
        assert terminal.end()[0] == 0
    wanted = skeleton.text("tokyo-2", "0042137", {"Controller": 3, "OsdCompute": 4})
    assert (tmp_path / "site.yaml").read_text("utf-8") == wanted
    assert not has_errors(check_site(tmp_path / "site.yaml"))


def test_a_wrong_answer_is_asked_again_with_the_reason(tmp_path: Path) -> None:
    word = "a name of letters, digits, `.`, `_` and `-` that begins with a letter or digit"
    wrong: dict[str, dict[str | bytes, str]] = {
        NAME: {
            "a b": f"Error: the site's name must be {word}, not `a b`",
            " ": f"Error: the site's name must be {word}, not ``",
            "東京": f"Error: the site's name must be {word}, not `東京`",
            b"\xff": f"Error: the site's name must be {word}, not `\\xff`",
            "a" * 65: f"Error: the site's name must be at most 64 characters long, not `{'a' * 57}...`",
            "x, stack: y": f"Error: the site's name must be {word}, not `x, stack: y`",
        },
        CHANGE: {"#1": f"Error: the site's change must be {word}, not `#1`"},
        ROLES: {
            "Controller": "Error: `Controller`: a role and its number of nodes are written `Controller=3`",
            "Controller=3, Compute=2": "Error: `Controller=3,`: a role and its number of nodes are written",
            "Compute=1 Compute=2": "Error: the role `Compute` is said twice",
            "Compute=1 compute=2": "Error: nodes of `compute` and of `Compute` would have the same names",
            "Compute=0": "Error: a site has nodes: say how many of each role, as in `Controller=3 Compute=2`",
            "Compute=4001": "Error: a skeleton has at most 4000 nodes",
        },
    }
    with asked(tmp_path) as terminal:
        for question, answers in wrong.items():
            for given, reason in answers.items():
                answer(terminal, question, (given if isinstance(given, bytes) else given.encode()) + b"\n")
                assert reason in terminal.until("Error: .*\n")
                assert [*tmp_path.iterdir()] == []
            answer(terminal, question, "\n")
        assert terminal.end()[0] == 0
    assert [*tmp_path.iterdir()] == [tmp_path / "site.yaml"]


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D], ids=["ctrl-c", "ctrl-d"])
@pytest.mark.parametrize("answered", [0, 2])
def test_who_breaks_off_leaves_no_file(key: str, answered: int, tmp_path: Path) -> None:
    questions = (NAME, CHANGE, ROLES)
    with asked(tmp_path) as terminal:
        for question in questions[:answered]:
            answer(terminal, question, "\n")
        terminal.until(questions[answered])
        terminal.asleep()
        terminal.type(key)
        status, shown = terminal.end()
    assert (status, shown.removeprefix("^C")) == (130, UNTOUCHED)
    assert [*tmp_path.iterdir()] == []


def test_a_terminal_that_goes_away_leaves_no_file(tmp_path: Path) -> None:
    with asked(tmp_path) as terminal:
        answer(terminal, NAME, "\n")
        terminal.until(CHANGE)
        terminal.asleep()
        assert terminal.hang_up() != 0
    assert [*tmp_path.iterdir()] == []


def test_a_file_that_is_there_is_told_before_any_question(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text("mine")
    with asked(tmp_path) as terminal:
        status, shown = terminal.end()
    assert (status, shown) == (
        3,
        "osp-compile: site.yaml is there already: --force replaces it, -o names another file\n",
    )
    assert (tmp_path / "site.yaml").read_text() == "mine"


def test_a_file_that_came_during_the_questions_stays(tmp_path: Path) -> None:
    with asked(tmp_path, "--name", "a", "--change", "b") as terminal:
        terminal.until(ROLES)
        (tmp_path / "site.yaml").write_text("another's")
        terminal.type("\n")
        status, shown = terminal.end()
    assert (status, "site.yaml is there already" in shown) == (3, True)
    assert [one.read_text() for one in tmp_path.iterdir()] == ["another's"]


def test_nobody_is_asked_what_he_cannot_see(tmp_path: Path) -> None:
    """Questions go to standard error: with that in a file the command would wait for ever."""
    with asked(tmp_path, command=("sh", "-c", 'exec "$@" 2>said', "sh", *COMMAND)) as terminal:
        status, shown = terminal.end()
    assert (status, shown.splitlines()[0], (tmp_path / "said").read_text()) == (0, "wrote site.yaml", "")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--name", "a: b"), "the site's name must be a name of letters"),
        (("--name", ""), "the site's name must be a name of letters"),
        (("--change", "x}"), "the site's change must be a name of letters"),
        (("--role", "Controller"), "a role and its number of nodes are written `Controller=3`"),
        (("--role", "Compute=1", "--role", "Compute=2"), "the role `Compute` is said twice"),
    ],
)
def test_an_option_that_the_schema_refuses_is_wrong_usage(
    words: tuple[str, ...], reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words, "-o", str(tmp_path / "site.yaml")) == 2
    assert reason in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == []


def test_a_word_of_the_site_has_no_line_of_its_own() -> None:
    with pytest.raises(RefusedError):
        skeleton.site_word("name", "a\nroles: b")
