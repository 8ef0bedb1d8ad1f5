"""Both clients, the compiled one and perl's, hand over the same calls and end in the same ways."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from osp_simulator.fast import client
from unit.machine import needs_programs
from unit.simulator.worlds import COMPUTE, CONTROLLER, SITE, Served, up

COMPILED = pytest.param("compiled", marks=needs_programs("cc"))


@pytest.fixture(scope="module", params=[COMPILED, "perl"])
def either(sandbox: None, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        if request.param == "perl":
            patch.setenv("PATH", str(useless_compiler(folder)), prepend=os.pathsep)
        world = up(folder / "w", SITE)
    assert (world.folder / "bin" / client.CLIENT).read_bytes().startswith(b"#!") == (request.param == "perl")
    yield world
    world.simulator("down")


def useless_compiler(folder: Path) -> Path:
    (folder / "cc").write_text("#!/bin/sh\nexit 1\n")
    (folder / "cc").chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("ntpstat >/dev/null; echo $?", "0\n"),
        ("nosuch 2>/dev/null; echo $?", "127\n"),
        ("reboot 2>/dev/null; echo $?", "1\n"),
        # what it becomes: a real program, another status, a program under a time limit
        ("date -d @0 +%F", "1970-01-01\n"),
        # the one question that never reaches the world
        (
            "a=$(date +%s); b=$(date -u +%s); sleep 60; echo $((b - a)) $(($(date +%s) - a)) $(env date +%s | wc -c)",
            "0 60 11\n",
        ),
        ("python -c 'import sys; sys.exit(7)'; echo $?", "7\n"),
        ("timeout 5 bash -c 'exit 3'; echo $?", "3\n"),
        ("timeout 5 sleep 9; echo $?", "124\n"),
        ("timeout 5 nosuch 2>&1; echo $?", "timeout: failed to run command 'nosuch': No such file or directory\n127\n"),
        ("bash -c 'kill -TERM $$; sleep 1'; echo $?", "143\n"),
        # its descriptors, arguments and environment
        (f"echo hello | ssh {CONTROLLER} cat", "hello\n"),
        (f"ssh -n {CONTROLLER} echo '\"a  b\"' \"'c\nd'\"", "a  b c\nd\n"),
        ("OS_X=$(head -c 90000 /dev/zero | tr '\\0' x) sudo -E bash -c 'echo ${#OS_X}'", "90000\n"),
        ("ntpstat >&-; echo $?", "0\n"),
        ("cd /tmp && mkdir -p gone && cd gone && rmdir ../gone && ntpstat >/dev/null; echo $?", "0\n"),
        ("uptime | true; echo ${PIPESTATUS[1]}", "0\n"),
    ],
)
def test_a_call_ends_as_the_real_one_would(either: Served, command: str, expected: str) -> None:
    assert either.run(command).out == expected


def test_nothing_of_the_client_is_open_in_what_it_becomes(either: Served) -> None:
    listed = either.run("exec python -c 'import os; print(sorted(os.listdir(\"/proc/self/fd\")))'").out
    assert listed == "['0', '1', '2', '3']\n"  # the last is the folder that is listed


def test_a_host_that_goes_down_takes_its_clients_with_it(either: Served) -> None:
    # no other test here asks this node: it stays down
    answer = either.run(f"ssh -n {COMPUTE} sudo reboot; sleep 5; ssh -n {COMPUTE} true 2>/dev/null; echo $?")
    assert answer.out == "255\n"


def test_without_a_compiler_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert client.compiled() is None


def test_a_compiler_that_fails_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(useless_compiler(tmp_path)))
    assert client.compiled() is None
