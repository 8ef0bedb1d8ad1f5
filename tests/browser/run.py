#!/usr/bin/env python3
"""The page of a bundle, and that of a diff of two, in headless Chromium.

    tests/browser/run.py [--install] [PYTEST ARGUMENT...]

Needs Chromium, Playwright and axe; with --install, as root on Debian, it installs what is missing, the Python packages
into this Python. Ends with 3 where something is missing, and says what.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import debian

HERE = Path(__file__).resolve().parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MODULES = {"playwright": "playwright>=1.50", "axe_playwright_python": "axe-playwright-python>=0.1.4"}
UNFIT = 3
LIMIT = 1200  # seconds for one command
ASKED = "OSP_BROWSER"  # in the environment of the pytest that is to play these


def browser() -> str | None:
    """The path of the browser that is there."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def install() -> None:
    """What is missing, as far as that can be had; afterwards it is asked for again."""
    missing = [name for module, name in MODULES.items() if importlib.util.find_spec(module) is None]
    if missing:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *missing], check=False, timeout=LIMIT)
    if browser() is None and debian.is_ours_to_install():
        trouble = debian.install("chromium", "fonts-noto-cjk")
        if trouble:
            print(f"Chromium cannot be installed: {trouble}")


def missing() -> list[str]:
    """What is not there, each with the command for it."""
    found = [
        f"{name}: python -m pip install '{name}'"
        for module, name in MODULES.items()
        if importlib.util.find_spec(module) is None
    ]
    return found + (["Chromium: apt-get install chromium"] if browser() is None else [])


def main() -> int:
    arguments = sys.argv[1:]
    if "--install" in arguments:
        arguments.remove("--install")
        install()
    importlib.invalidate_caches()
    if lacks := missing():
        print(f"no browser tests: {'; '.join(lacks)}")
        return UNFIT
    words = [sys.executable, "-m", "pytest", "--quiet", "-p", "no:xdist", str(HERE), *arguments]
    return subprocess.run(
        words, cwd=HERE.parents[1], env={**os.environ, ASKED: "yes"}, check=False, timeout=LIMIT
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
