"""The log of an internal error: its traceback and the versions that a report of it needs."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from osp_compile.assets import cache


def keep(problem: Exception) -> Path | None:
    """Writes the log and returns its path, or None if it cannot be written; OSP_COMPILE_TRACEBACK=1 prints it too."""
    runs_on = f"osp-compile {_release()}, Python {platform.python_version()}, {platform.platform()}"
    text = "".join([f"{runs_on}\n{sys.argv}\n", *traceback.format_exception(problem)])
    if os.environ.get("OSP_COMPILE_TRACEBACK") == "1":
        print(text, file=sys.stderr, end="")
    try:
        log = cache("error.log")
        log.parent.mkdir(parents=True, exist_ok=True)
        # it may contain names that are private
        log.touch(mode=0o600)
        log.write_text(text, encoding="utf-8", errors="replace")
    except (OSError, RuntimeError):  # the folder cannot be written, or there is no home
        return None
    return log


def _release() -> str:
    try:
        return version("osp-compile")
    except PackageNotFoundError:
        return "of a checkout"
