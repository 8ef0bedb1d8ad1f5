"""Runs the bundle's parsers as the scripts do, on every Python there is: 3, and 2.7 as the undercloud has it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

RUNTIME = Path(__file__).resolve().parents[2] / "templates/_runtime"


def pythons() -> tuple[str, ...]:
    """This Python, and a 2.7 that really starts (a version manager's stand-in does not)."""
    places = (shutil.which("python2.7"), *map(str, Path.home().glob(".pyenv/versions/2.7*/bin/python2.7")))
    for candidate in filter(None, places):
        if subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0:
            return sys.executable, candidate
    return (sys.executable,)


def parse(python: str, system: str, word: str, text: str) -> list[str]:
    """The lines that `parse SYSTEM WORD` prints for `text`."""
    result = subprocess.run(
        [python, str(RUNTIME / f"parse_{system}.py"), word],
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "UTF-8"},
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def refuses(python: str, system: str, word: str, text: str) -> bool:
    """Whether the parser ends with an error, as it must where it cannot tell."""
    command = [python, str(RUNTIME / f"parse_{system}.py"), word]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False).returncode != 0
