"""Runs the bundle's parsers as the scripts do, on Python 3 and on 2.7, which the undercloud has."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pyenv
from unit.waiting import LIMIT

RUNTIME = Path(__file__).resolve().parents[4] / "templates/_runtime"


def python2() -> str | None:
    """A Python 2.7 that really starts: a version manager's stand-in may not, and its folder may be somebody else's."""
    installed = [f"{one}/bin/python2.7" for one in pyenv.versions("2.7")]
    return next(filter(_starts, filter(None, (shutil.which("python2.7"), *installed))), None)


def _starts(python: str) -> bool:
    try:
        return subprocess.run([python, "-c", ""], capture_output=True, check=False, timeout=LIMIT).returncode == 0
    except OSError:
        return False


def parse(python: str, system: str, word: str, text: str, *more: str) -> list[str]:
    """The lines that `parse SYSTEM WORD MORE...` prints for `text`."""
    result = subprocess.run(
        [python, str(RUNTIME / f"parse/{system}.py"), word, *more],
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "UTF-8"},
        check=False,
        timeout=LIMIT,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def refuses(python: str, system: str, word: str, text: str, *more: str) -> bool:
    """Whether the parser ends with an error, as it must where it cannot tell."""
    command = [python, str(RUNTIME / f"parse/{system}.py"), word, *more]
    return (
        subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=LIMIT).returncode != 0
    )
