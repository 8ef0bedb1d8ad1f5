"""What a report of an internal error needs: the traceback, and what it ran on."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from osp_compile.assets import cache


def keep(problem: Exception) -> Path | None:
    """Writes the log, and returns its place; None where it cannot be written. OSP_COMPILE_TRACEBACK=1 prints it too."""
    runs_on = f"osp-compile {_release()}, Python {platform.python_version()}, {platform.platform()}"
    text = "".join([f"{runs_on}\n{sys.argv}\n", *traceback.format_exception(problem)])
    if os.environ.get("OSP_COMPILE_TRACEBACK") == "1":
        print(text, file=sys.stderr, end="")
    try:
        log = cache("error.log")
        log.parent.mkdir(parents=True, exist_ok=True)
        # a name in it may be somebody's own business
        log.touch(mode=0o600)
        log.write_text(text, encoding="utf-8", errors="replace")
    except (OSError, RuntimeError):  # no place for it, or no home
        return None
    return log


def _release() -> str:
    try:
        return version("osp-compile")
    except PackageNotFoundError:
        return "of a checkout"
