"""Deploy scripts in the styles of the field: import has the words that bash gave to the client, or says which not."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from osp_compile.diagnostics import Diagnostic
from osp_compile.importing import deploy_command, deploy_script, deploy_words, text
from osp_compile.importing.bash.values import Undercloud
from osp_compile.importing.bash.words import Word
from osp_compile.importing.text import Text
from unit.waiting import LIMIT

FOLDER = Path(__file__).parents[2] / "data/as_bash"
SCRIPTS = sorted(FOLDER.glob("*.sh"))
CLIENT = """#!/bin/bash
printf '%s\\0' "$#" "$@" >> "$RECORD"
"""

# The lines at which import says that something is not known, or that the client would refuse it: what these scripts
# have there is decided only when they run. Every other script is imported exactly.
SAID: dict[str, set[int]] = {
    "adder": {7},
    "arithmetic_base": {3},
    "arithmetic_text": {3},
    "backslash_read": {5},
    "case_argument": {10},
    "case_pattern_class": {9},
    "cd_fails": {3},
    "date_stamp": {2},
    "dollar_at_default": {2},
    "error_stops": {4},
    "eval_array": {5},
    "exit_in_substitution": {3},
    "file_of_process": {2},
    "find_sorted": {3},
    "flag_by_default": {6},
    "getopts_wrapper": {9},
    "glob_array": {3},
    "glob_loop": {5},
    "host_decides": {7},
    "last_argument": {3},
    "ls_while_read": {4},
    "made_then_run": {4},
    "main_at_end": {10},
    "mapfile_process": {3},
    "prefixes": {5},
    "printf_repeat": {3},
    "quickstart_settings": {10},
    "quickstart_status": {11},
    "quoted_transform": {3},
    "read_two": {3},
    "regex_match": {4},
    "return_code": {4},
    "select_menu": {3},
    "shopt_glob": {3},
    "substring_negative": {3},
    "ternary_string": {4},
    "test_of_a_file": {6},
    "tilde_in_assignment": {5},
    "tr_and_sed": {4},
    "unset_in_condition": {3},
    "upper_pattern": {3},
    "words_in_params": {9},
    "xargs_braces": {2},
    "xargs_of_echo": {3},
    "xargs_quotes": {2},
}


def as_run(script: Path, folder: Path) -> list[str] | None:
    """The words of the last `overcloud deploy` that bash gave to the client; None if it gave none."""
    (folder / "bin").mkdir()
    (folder / "bin/openstack").write_text(CLIENT)
    (folder / "bin/openstack").chmod(0o755)
    shell = ["bash", "--posix"] if script.read_text().startswith("#!/bin/sh") else ["bash"]
    subprocess.run(
        [*shell, str(script)],
        cwd=script.parent, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT, check=False,
        env={"HOME": str(script.parent.parent), "USER": "stack", "LOGNAME": "stack", "LC_ALL": "C.UTF-8",
             "PATH": f"{folder}/bin:/usr/bin:/bin", "RECORD": str(folder / "record")},
    )  # fmt: skip
    if not (folder / "record").exists():
        return None
    words, last = (folder / "record").read_text().split("\0")[:-1], None
    while words:
        row, words = words[1 : 1 + int(words[0])], words[1 + int(words[0]) :]
        if "deploy" in row:
            at = row.index("overcloud")
            last = row[:at] + row[at + 2 :]
    return last


def as_imported(script: Path) -> tuple[tuple[Word, ...] | None, list[Diagnostic]]:
    read = text.read(script)
    assert isinstance(read, Text)
    whose = Undercloud("stack", str(script.parent.parent), str(script), str(script.parent))
    commands, problems = deploy_script.find(read, whose, script.parent)
    chosen, more = deploy_command.choose(commands, None) if commands else (None, [])
    if chosen is None:
        return None, problems + more
    return chosen.words, problems + more + deploy_words.read(chosen).diagnostics


def fits(words: Sequence[Word], given: Sequence[str]) -> bool:
    """Whether the known words are those given, in this order; one that is unknown may be any number of words."""
    if not words:
        return not given
    if words[0].item.problem:
        return any(fits(words[1:], given[at:]) for at in range(len(given) + 1))
    return bool(given) and words[0].text == given[0] and fits(words[1:], given[1:])


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_import_has_the_words_of_bash_or_says_which_not(path: Path, tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "home/deploy")
    script = tmp_path / "home/deploy" / path.name
    ran = as_run(script, tmp_path)
    words, problems = as_imported(script)
    lines = {one.span.line for one in problems if one.severity == "error" and one.span}
    assert lines == SAID.get(path.stem, set()), [one.message for one in problems]
    if words is not None:
        assert fits(words, ran or []), ([word.text for word in words], ran)
    else:
        assert lines


@pytest.mark.parametrize("kind", ["link", "queue", "folder", "absent"])
def test_only_a_file_that_lies_beside_the_script_is_read(kind: str, tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "away.sh").write_text("T=/away\n")
    there = tmp_path / "given/settings.sh"
    if kind == "link":
        there.symlink_to(tmp_path / "away.sh")
    elif kind == "queue":
        os.mkfifo(there)
    elif kind == "folder":
        there.mkdir()
    script = tmp_path / "given/deploy.sh"
    script.write_text("source ./settings.sh\nopenstack overcloud deploy --templates $T\n")
    words, problems = as_imported(script)
    assert words is not None
    assert [word.item.problem for word in words if word.item.problem] == [
        "nothing in this script sets `T`; settings.sh, which it reads, may"
    ]
    assert [one.code for one in problems if one.severity == "error"] == ["unresolved"]


def test_there_are_enough() -> None:
    assert len(SCRIPTS) >= 60
    assert set(SAID) <= {path.stem for path in SCRIPTS}
