"""What is whose turn: a suite that cannot play everything each time takes another part of it with each commit."""

from __future__ import annotations

import subprocess
from functools import cache

from runner.parts import ROOT


@cache
def git(*words: str) -> str:
    """What git says of this checkout, asked once in a process; empty where it says nothing, as outside of one."""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout.strip() if done.returncode == 0 else ""


def turn(parts: int) -> str:
    """K/M for this commit: over the commits each part of M comes up as often as any other."""
    commit = git("rev-parse", "HEAD") or "0"
    return f"{int(commit[:12], 16) % parts + 1}/{parts}"


def before_the_day() -> str:
    """The newest commit that is a day older than this one; empty where git knows none."""
    newest = git("log", "-1", "--format=%ct")
    return git("rev-list", "-1", f"--before={int(newest) - 86400}", "HEAD") if newest else ""


def files_of_the_day() -> list[str]:
    """The files that the commits of the day up to this one have touched: the change that is tested here."""
    newest = git("log", "-1", "--format=%ct")
    if not newest:
        return []
    touched = git("log", f"--since={int(newest) - 86400}", "--name-only", "--format=")
    return sorted(set(touched.splitlines()) - {""})
