"""A playbook, or a file that is not a script, given as the deploy script: read exactly, or refused by its line."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from osp_compile.diagnostics import Diagnostic
from osp_compile.importing import deploy_script, deploy_words, text
from osp_compile.importing.bash.values import Undercloud
from osp_compile.importing.text import Text

DEPLOY = "openstack overcloud deploy --templates"


def found(body: str, name: str = "play.yml") -> tuple[list[list[str]], list[tuple[str, int]]]:
    """The words of each command, and the code and line of each diagnostic."""
    commands, problems = deploy_script.find(Text(name, tuple(body.split("\n"))), Undercloud())
    for command in commands:
        problems += deploy_words.read(command).diagnostics
    told = [(one.code, one.span.line if one.span else 0) for one in problems]
    return [[word.text for word in command.words] for command in commands], told


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (f"shell: {DEPLOY} -e /t/a.yaml", ["-e", "/t/a.yaml"]),
        (f"shell: |\n        T=/t\n        {DEPLOY} \\\n          -e $T/a.yaml", ["-e", "/t/a.yaml"]),
        (f"ansible.builtin.shell: >-\n        {DEPLOY}\n        -e /t/a.yaml", ["-e", "/t/a.yaml"]),
        (f"command: '{DEPLOY} -e \"/t/a b.yaml\"'", ["-e", "/t/a b.yaml"]),
        (f"command:\n        cmd: {DEPLOY}\n        chdir: /srv", []),
        ("command:\n        argv: [openstack, overcloud, deploy, --templates, -e, /t/a b.yaml]", ["-e", "/t/a b.yaml"]),
        (f"block:\n        - shell: {DEPLOY} -e /t/a.yaml\n          when: wanted", ["-e", "/t/a.yaml"]),
        (f'shell: "A=1\\n{DEPLOY} -e /t/$A"', ["-e", "/t/1"]),
    ],
)
def test_the_command_of_a_task(task: str, words: list[str]) -> None:
    assert found(f"- hosts: undercloud\n  tasks:\n    - {task}\n") == ([["--templates", *words]], [])


@pytest.mark.parametrize(
    ("task", "code", "line"),
    [
        (f"shell: {DEPLOY} -e {{{{ folder }}}}/a.yaml", "playbook", 3),
        (f"shell: |\n        true\n        {DEPLOY} {{% if x %}}-e a{{% endif %}}", "playbook", 5),
        (f"command: {DEPLOY} -e ~/a.yaml", "playbook", 3),
        (f"command: {DEPLOY} -e /t/$X.yaml", "playbook", 3),
        (f"shell: {DEPLOY} chdir=/srv", "playbook", 3),
        (f"script: {DEPLOY}", "no-deploy-command", 3),
        (f"vars:\n        text: |\n          {DEPLOY}\n          more", "playbook", 5),
        (f"shell: |\n        {DEPLOY} -e $X/a.yaml", "unresolved", 4),
        (f"shell: {DEPLOY} -e a.yaml", "unresolved", 3),
        (f"shell: {DEPLOY}\n  x: [", "yaml", 5),
        (f"shell: |\n        if {DEPLOY}", "shell-syntax", 4),
    ],
)
def test_what_is_not_exact_is_refused_by_its_line(task: str, code: str, line: int) -> None:
    _, told = found(f"- hosts: undercloud\n  tasks:\n    - {task}\n")
    assert told == [(code, line)]


def test_beside_a_command_that_is_not_read_none_is_the_last() -> None:
    commands, told = found(f"- shell: {DEPLOY} -e /t/a.yaml\n- shell: {DEPLOY} -e {{{{ b }}}}\n")
    assert (commands, told) == ([], [("playbook", 2)])


def test_the_folder_and_the_column_are_those_of_the_task() -> None:
    body = f"- shell: |\n      {DEPLOY} -e a.yaml -e $X\n  args:\n    chdir: /srv\n"
    commands, _ = deploy_script.find(Text("p.yml", tuple(body.split("\n"))), Undercloud())
    deploy = deploy_words.read(commands[0])
    assert deploy.env_files[0].text == "/srv/a.yaml"
    (problem,) = (one for one in deploy.diagnostics if one.severity == "error")
    assert problem.span is not None
    assert problem.span.text[problem.span.column - 1 :][: problem.span.length] == "$X"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("parameter_defaults:\n  A: 1\n", "no-deploy-command"),
        ("- &a [*a]\n", "no-deploy-command"),
        ("- " * 5000 + "a", "yaml"),
        ("", "no-deploy-command"),
        ("--- \n", "no-deploy-command"),
    ],
)
def test_yaml_without_a_command(body: str, code: str) -> None:
    commands, told = found(body)
    assert commands == []
    assert [one for one, _ in told] == [code]


FORMS = {
    "gzip": (gzip.compress(b"openstack overcloud deploy"), "a gzip archive"),
    "program": (b"\x7fELF\0\0", "a program"),
    "utf16": ("\ufeffopenstack".encode("utf-16-le"), "UTF-16"),
    "utf16 without a mark": ("openstack overcloud deploy".encode("utf-16-le"), "a text in UTF-16"),
    "latin": (b"# caf\xe9\n", "the byte 0xe9 is not UTF-8"),
    "large": (b"a" * (600 * 1024), "too large"),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_file_that_is_no_text_says_what_it_looks_like(name: str, tmp_path: Path) -> None:
    body, said = FORMS[name]
    (tmp_path / "x").write_bytes(body)
    problem = text.read(tmp_path / "x", 512 * 1024)
    assert isinstance(problem, Diagnostic)
    assert said in problem.message
    assert "YAML" not in problem.message + str(problem.help)


def test_the_mark_that_windows_puts_before_a_text_is_not_of_it(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\xef\xbb\xbf#!/bin/bash\n")
    read = text.read(tmp_path / "x")
    assert isinstance(read, text.Text)
    assert read.lines == ("#!/bin/bash",)


def test_a_queue_and_a_folder_are_named_as_such(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "queue")
    for path, said in ((tmp_path / "queue", "this is a pipe, not a file"), (tmp_path, "this is a directory")):
        problem = text.read(path)
        assert isinstance(problem, Diagnostic)
        assert problem.message == said
        assert "YAML" not in str(problem.help)
