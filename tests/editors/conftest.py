"""The shells, and the one editor that all tests share, each of a home of its own."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from editors import run
from editors.language_server import Editor
from editors.shells import Fish, Line, Shell
from osp_compile import cli
from osp_compile.assets import SPECS
from osp_compile.spec import schema
from unit.waiting import LIMIT, begun

THERE = os.environ.get(run.ASKED, "").split(":")

if run.ASKED not in os.environ:
    # only run.py plays these; a whole pytest goes by them
    collect_ignore_glob = ["test_*.py"]
elif run.SERVER not in THERE:
    collect_ignore = ["test_language_server.py"]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of somebody who has osp-compile on PATH, its completion where docs/editors.md says, and two specs."""
    home = tmp_path_factory.mktemp("home")
    program = home / "bin/osp-compile"
    program.parent.mkdir()
    package = shlex.quote(str(Path(cli.__file__).parents[1]))
    program.write_text(f'#!/bin/sh\nPYTHONPATH={package} exec {shlex.quote(sys.executable)} -m osp_compile "$@"\n')
    program.chmod(0o755)
    places = {
        "bash": ".local/share/bash-completion/completions/osp-compile",
        "zsh": ".zfunc/_osp-compile",
        "fish": ".config/fish/completions/osp-compile.fish",
    }
    for shell, place in places.items():
        file = home / place
        file.parent.mkdir(parents=True)
        words = [str(program), "completion", shell]
        file.write_bytes(subprocess.run(words, capture_output=True, check=True, timeout=LIMIT).stdout)
    for example, place in (("minimal", "site.yaml"), ("tokyo-1", "my site.yaml")):
        (home / place).write_bytes((SPECS / f"examples/{example}.yaml").read_bytes())
    (home / "out").mkdir()
    return home


@pytest.fixture(scope="session", params=[name for name in run.SHELLS if name in THERE])
def shell(request: pytest.FixtureRequest, home: Path) -> Iterator[Shell]:
    """Each shell in turn, one session for all its tests."""
    with Fish.begun(home) if request.param == "fish" else Line.begun(request.param, home) as begun_shell:
        yield begun_shell


@pytest.fixture(scope="session")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """An editor's session with yaml-language-server; its folder has the schema as osp-compile prints it."""
    folder = tmp_path_factory.mktemp("specs")
    (folder / "site.schema.json").write_text(schema.text(), "utf-8")
    words = [str(run.server()), "--stdio"]
    with begun(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, cwd=folder) as server:
        yield Editor(server, folder)
        server.kill()
