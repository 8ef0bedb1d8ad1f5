"""A bundle on disk: staged beside its place, moved there in one step, and checked against its own sums."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from osp_compile.bundle.render import File
from osp_compile.bundle.sums import AGAIN, SIGNATURE, SUMS, at, differences
from osp_compile.diagnostics import Diagnostic, RefusedError
from osp_compile.interruption import done, ending_signals_blocked

MARK = "manifest.json"


class OutputInTheWayError(RefusedError):
    """The target exists and is not a bundle; it is left as it is."""


@contextmanager
def staged(files: Iterable[File], out: Path, name: str) -> Iterator[Path]:
    """A hidden folder under `out` with the whole bundle `name`; removed at the end unless `publish` has moved it."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        base = Path(tempfile.mkdtemp(prefix=".osp-compile-", dir=out))
    except (FileExistsError, NotADirectoryError, FileNotFoundError) as problem:
        raise OutputInTheWayError(f"cannot create a folder in {out}: {problem.strerror}") from problem
    try:
        stage = base / name
        lay_out(files, stage)
        yield stage
    finally:
        with ending_signals_blocked():
            shutil.rmtree(base, ignore_errors=True)


def lay_out(files: Iterable[File], stage: Path) -> None:
    """Writes the files and their SHA256SUMS into the folder `stage`, with the modes that users get."""
    written = {}
    for file in files:
        path = stage / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        data = file.text.encode()
        path.write_bytes(data)
        path.chmod(0o755 if file.executable else 0o644)
        written[file.path] = data
    sums_file = stage / SUMS
    sums_file.write_text(sums_of(written), "utf-8")
    sums_file.chmod(0o644)
    # the modes are part of what people get, whatever the umask of the compiling shell
    for folder in [stage, *(path for path in stage.rglob("*") if path.is_dir())]:
        folder.chmod(0o755)


def sums_of(files: Mapping[str, bytes]) -> str:
    """The text of SHA256SUMS for {path: content}."""
    return "".join(f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files))


def publish(stage: Path, target: Path) -> None:
    """Moves the staged bundle to `target`; an older bundle there stays whole until the last moment.

    A signal during the move takes effect before or after it, never in between. An existing signature is kept if the new
    bundle is byte for byte what was signed.
    """
    with _alone_in(target.parent):
        check_place(target)
        _keep_signature(target, stage)
        with ending_signals_blocked():
            old = stage.parent / "replaced"
            _exchange(stage, target, old)
            done.append(f"{target} is the new bundle")
            shutil.rmtree(old, ignore_errors=True)


def _keep_signature(target: Path, stage: Path) -> None:
    if is_file(target / SIGNATURE) and (target / SUMS).read_bytes() == (stage / SUMS).read_bytes():
        shutil.copyfile(target / SIGNATURE, stage / SIGNATURE)
        (stage / SIGNATURE).chmod(0o644)


def _exchange(stage: Path, target: Path, old: Path) -> None:
    try:
        if target.exists():
            target.rename(old)
        stage.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Two compiles into one folder take turns here; a file system without locks is left to the operator's care."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def check_place(target: Path) -> None:
    """Raises OutputInTheWayError if `target` exists and is not one of our bundles, or holds a file that is not ours."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise OutputInTheWayError(f"{target} already exists and is not a folder")
    if not target.is_dir():
        return
    if not ((target / SUMS).is_file() and (target / MARK).is_file()):
        if any(target.iterdir()):
            raise OutputInTheWayError(
                f"{target} already exists and is not a bundle; move it, or choose another folder with -o"
            )
        return
    strangers = _strangers(target)
    if strangers:
        raise OutputInTheWayError(f"{strangers[0]} is not part of the bundle and would be lost; move it elsewhere")


def _strangers(bundle: Path) -> list[Path]:
    ours = {SUMS, SIGNATURE, *(line.partition("  ")[2] for line in _lines(bundle / SUMS))}
    return sorted(path for path in _files(bundle) if str(path.relative_to(bundle)) not in ours)


def digest(bundle: Path) -> str:
    """The bundle's name on the ticket: sha256 of SHA256SUMS, in hex."""
    return _sha256(bundle / SUMS)


def verify(bundle: Path) -> tuple[Diagnostic, ...]:
    """What differs between the folder and its SHA256SUMS: changed, missing and added files."""
    fault = no_bundle(bundle)
    if fault:
        return (fault,)
    return tuple(
        differences(bundle, "\n".join(_lines(bundle / SUMS)), names(bundle), lambda name: _sum_of(bundle, name))
    )


def no_bundle(bundle: Path) -> Diagnostic | None:
    """The reason why `folder` cannot be a bundle; None if it may be one."""
    sums = bundle / SUMS
    if not bundle.is_dir():
        return at(bundle, "no such folder" if not bundle.exists() else "not a folder", "name the bundle's folder")
    return None if sums.is_file() else at(sums, "not a bundle: it has no SHA256SUMS", AGAIN)


def names(bundle: Path) -> Iterator[str]:
    """The path of every file below the folder; a signature is included only if it is a regular file."""
    for path in _files(bundle):
        name = str(path.relative_to(bundle))
        yield f"./{name}" if name == SIGNATURE and not is_file(path) else name


def is_file(path: Path) -> bool:
    """Whether the path is a regular file, and not a link to one."""
    return path.is_file() and not path.is_symlink()


def _sum_of(bundle: Path, name: str) -> str | None:
    return _sha256(bundle / name) if is_file(bundle / name) else None


def _lines(sums: Path) -> list[str]:
    return sums.read_text("utf-8", errors="replace").splitlines()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(bundle: Path) -> Iterator[Path]:
    """Every file, and every link to a folder: what it leads to does not belong to the bundle."""
    for folder, folders, names in os.walk(bundle):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        yield from (Path(folder) / name for name in (*names, *links))
