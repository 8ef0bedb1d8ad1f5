"""The two places where a guide's commands are typed: a desk in a folder of its own, and the undercloud of a simulated site."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from osp_compile.bundle.on_disk import digest
from osp_compile.rehearsal import site
from osp_compile.rehearsal.operator import Operator
from osp_simulator.engine import lifecycle

ROOT = Path(__file__).parents[2]
LIMIT = 200  # seconds for one command at the desk


class Typist(Operator):
    """An operator whose typing is seen: the simulated keyboard does not echo it."""

    def type(self, words: Sequence[str], user: str = "stack") -> tuple[int, str]:
        """Exit status, and the output with each answer after its question."""
        self._shown, self._length = "", 0
        status, output = super().type(words, user)
        return status, self._shown + output[self._length :]

    def _answer(self, text: str) -> str | None:
        reply = super()._answer(text)
        if reply is not None:
            self._shown += f"{text}{reply}\n"
            self._length += len(text)
        return reply


class Desk:
    """The desk is `folder`/desk, the world of the undercloud `folder`/world; `close` ends what was started."""

    def __init__(self, folder: Path, bundle: str = "out/lab-1") -> None:
        """`bundle` is the folder at the desk that is carried to the undercloud when something is first typed there."""
        self._desk, self._world, self._bundle = folder / "desk", folder / "world", below(bundle)
        self._programs = folder / "bin"
        self._up = False
        self._desk.mkdir(parents=True)
        self._programs.mkdir()
        (self._desk / "specs").symlink_to(ROOT / "specs")
        program = self._programs / "osp-compile"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m osp_compile "$@"\n')
        program.chmod(0o755)

    def digest(self) -> str:
        """The digest of the bundle at the desk."""
        return digest(self._desk / self._bundle)

    def write(self, path: str, text: str) -> None:
        """Makes or replaces a file at the desk."""
        place = self._desk / below(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")

    def type(self, place: str, command: str, answers: Sequence[str]) -> tuple[int, str]:
        """Exit status and output."""
        return self._at_undercloud(command, answers) if place == "undercloud" else self._at_desk(command)

    def _at_desk(self, command: str) -> tuple[int, str]:
        environment = {
            "PATH": f"{self._programs}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "HOME": str(self._desk), "LANG": "C.UTF-8", "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", ""),
        }  # fmt: skip
        done = subprocess.run(
            ["bash", "-uo", "pipefail", "-c", command], cwd=self._desk, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=LIMIT, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout

    def _at_undercloud(self, command: str, answers: Sequence[str]) -> tuple[int, str]:
        if not self._up:
            self._up = True
            site.make(self._world, self._desk / self._bundle)
        return Typist(self._world, answers).type(["bash", "-c", command])

    def close(self) -> None:
        """Ends the simulated site, if there is one."""
        if self._up:
            lifecycle.stop(self._world)
            lifecycle.remove(self._world)


def below(path: str) -> Path:
    """A path below the desk; ValueError for any other."""
    found = Path(path)
    if found.is_absolute() or ".." in found.parts:
        raise ValueError(f"{path} is not below the desk")
    return found
