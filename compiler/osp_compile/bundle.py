"""A bundle on disk: staged beside its place, moved there in one step, and checked against its own sums."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from osp_compile.errors import Diagnostic, RefusedError, Span, error
from osp_compile.render import File

SUMS = "SHA256SUMS"
MARK = "manifest.json"


class OutputInTheWayError(RefusedError):
    """The place of the bundle holds something that is no bundle; it is left alone."""


@contextmanager
def staged(files: Iterable[File], out: Path, name: str) -> Iterator[Path]:
    """A folder `name` with the whole bundle, hidden under `out`; it is gone afterwards unless `publish` moved it."""
    out.mkdir(parents=True, exist_ok=True)
    base = Path(tempfile.mkdtemp(prefix=".osp-compile-", dir=out))
    try:
        stage = base / name
        _write(files, stage)
        yield stage
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _write(files: Iterable[File], stage: Path) -> None:
    sums = []
    for file in files:
        path = stage / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        data = file.text.encode()
        path.write_bytes(data)
        path.chmod(0o755 if file.executable else 0o644)
        sums.append(f"{hashlib.sha256(data).hexdigest()}  {file.path}\n")
    sums_file = stage / SUMS
    sums_file.write_text("".join(sorted(sums, key=lambda line: line[66:])), "utf-8")
    sums_file.chmod(0o644)
    # the modes are part of what people get, whatever the umask of the compiling shell
    for folder in [stage, *(path for path in stage.rglob("*") if path.is_dir())]:
        folder.chmod(0o755)


def publish(stage: Path, target: Path) -> None:
    """Moves the staged bundle to `target`; the bundle that was there stays whole until the last moment."""
    check_place(target)
    old = stage.parent / "replaced"
    if target.exists():
        target.rename(old)
    try:
        stage.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise


def check_place(target: Path) -> None:
    """Raises OutputInTheWayError where `target` is there and is no bundle of ours."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise OutputInTheWayError(f"{target} is in the way: it is no folder")
    if target.is_dir() and not ((target / SUMS).is_file() and (target / MARK).is_file()) and any(target.iterdir()):
        raise OutputInTheWayError(f"{target} is in the way: it is no bundle; move it, or choose another folder with -o")


def digest(bundle: Path) -> str:
    """The bundle's name on the ticket: sha256 of SHA256SUMS, in hex."""
    return hashlib.sha256((bundle / SUMS).read_bytes()).hexdigest()


def verify(bundle: Path) -> tuple[Diagnostic, ...]:
    """What differs between the folder and its SHA256SUMS: changed, missing and added files."""
    sums = bundle / SUMS
    if not bundle.is_dir():
        return (_at(bundle, "no such folder" if not bundle.exists() else "not a folder", "name the bundle's folder"),)
    if not sums.is_file():
        return (_at(sums, "not a bundle: it has no SHA256SUMS", "compile it again"),)
    return tuple(_differences(bundle, sums))


def _differences(bundle: Path, sums: Path) -> Iterator[Diagnostic]:
    listed: dict[str, str] = {}
    for number, line in enumerate(sums.read_text("utf-8", errors="replace").splitlines(), 1):
        checksum, _, name = line.partition("  ")
        if len(checksum) != 64 or not name or name.startswith("/") or ".." in Path(name).parts:
            yield error(
                "bad-sums",
                "not a line of checksum and file",
                Span(str(sums), number, 1, len(line) or 1, line),
                "compile it again",
            )
        else:
            listed[name] = checksum
    help = "compile it again; a bundle is never edited by hand"
    for name, checksum in listed.items():
        path = bundle / name
        if path.is_symlink() or not path.is_file():
            yield _at(path, "missing from the bundle", help)
        elif hashlib.sha256(path.read_bytes()).hexdigest() != checksum:
            yield _at(path, "not as it was compiled", help)
    for path in sorted(_files(bundle)):
        name = str(path.relative_to(bundle))
        if name not in listed and name != SUMS:
            yield _at(path, "not part of the bundle", "move it out of the bundle's folder")


def _files(bundle: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(bundle):
        yield from (Path(folder) / name for name in names)


def _at(path: Path, message: str, help: str) -> Diagnostic:
    return error("bundle-differs", message, Span(str(path), 0, 0, 0), help)
