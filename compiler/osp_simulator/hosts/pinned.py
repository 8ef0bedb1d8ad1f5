"""Paths of a host's files whose folders nobody inside can exchange for a link between a look and a deed.

What runs on a simulated host may put a link in a folder's place at any moment, and the server would follow it out of
the host. Every deed here resolves the path as the host's own programs would, then goes from the host's root to the
folder step by step, where the kernel follows no link, and does what it does by name within that folder. (`glob` alone
is pathlib's own: a name that it finds is looked at again with the next deed.)
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path, PosixPath
from typing import Any, TypeVar

from osp_simulator.hosts.rooted import below

Result = TypeVar("Result")
TRIES = 20  # a path that is exchanged as often as it is looked at leads nowhere
MOVED = (errno.ELOOP, errno.ENOTDIR)
FOLDER = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# The roots that hosts have had in this process: a path that is derived from another has nothing but its text.
_roots: set[str] = set()


class HostPath(PosixPath):
    """A path below the root of a host. What is not asked of it by its own methods has no such protection."""

    __slots__ = ()

    def open(
        self, mode: str = "r", buffering: int = -1, encoding: str | None = None, errors: str | None = None,
        newline: str | None = None,
    ) -> Any:  # fmt: skip
        return open(self, mode, buffering, encoding, errors, newline, opener=_opened)

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        return _at(
            self, lambda folder, name: os.stat(name, dir_fd=folder, follow_symlinks=False), resolved=follow_symlinks
        )

    def mkdir(self, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        try:
            _at(self, lambda folder, name: os.mkdir(name, mode, dir_fd=folder))
        except FileNotFoundError:
            if not parents:
                raise
            self.parent.mkdir(parents=True, exist_ok=True)
            self.mkdir(mode, exist_ok=exist_ok)
        except OSError:
            if not (exist_ok and self.is_dir()):
                raise

    def unlink(self, missing_ok: bool = False) -> None:
        try:
            _at(self, lambda folder, name: os.unlink(name, dir_fd=folder), resolved=False)
        except FileNotFoundError:
            if not missing_ok:
                raise

    def chmod(self, mode: int, *, follow_symlinks: bool = True) -> None:
        if not follow_symlinks:
            raise NotImplementedError("a link has no rights of its own")
        fd = _opened(str(self), os.O_PATH)
        try:
            os.chmod(f"/proc/self/fd/{fd}", mode)
        finally:
            os.close(fd)

    def touch(self, mode: int = 0o666, exist_ok: bool = True) -> None:
        flags = os.O_CREAT | os.O_WRONLY | (0 if exist_ok else os.O_EXCL)
        fd = _opened(str(self), flags, mode)
        try:
            os.utime(fd)
        finally:
            os.close(fd)

    def iterdir(self) -> Generator[HostPath, None, None]:
        fd = _opened(str(self), os.O_RDONLY | os.O_DIRECTORY)
        try:
            names = os.listdir(fd)
        finally:
            os.close(fd)
        yield from (self / name for name in names)


def of_host(root: Path, parts: list[str]) -> HostPath:
    """The path for a process whose root is `root`."""
    _roots.add(str(root))
    return HostPath(below(root, parts))


def open_folder(path: Path) -> int:
    """A descriptor of a folder of a host, to work by name within."""
    return _opened(str(path), os.O_PATH | os.O_DIRECTORY)


def copy_file(one: Path, place: Path, *, times: bool = False) -> None:
    """Copies the content and the rights, and with `times` when it was changed."""
    with one.open("rb") as source, place.open("wb") as target:
        facts = os.fstat(source.fileno())
        shutil.copyfileobj(source, target)
        target.flush()
        os.fchmod(target.fileno(), facts.st_mode & 0o777)
        if times:
            os.utime(target.fileno(), ns=(facts.st_atime_ns, facts.st_mtime_ns))


def copy_tree(one: Path, place: Path, ignored: Callable[[str], bool] = lambda _: False) -> None:
    """Copies a folder into one that may be there already; links stay links, and none is written through."""
    place.mkdir(exist_ok=True)
    for source in one.iterdir():
        if ignored(source.name):
            continue
        target = place / source.name
        if target.is_symlink():
            target.unlink()
        if source.is_symlink():
            _put_link(target, _link_of(source))
        elif source.is_dir():
            copy_tree(source, target, ignored)
        else:
            copy_file(source, target, times=True)
    place.chmod(one.stat().st_mode & 0o777)


def _link_of(path: Path) -> str:
    if not isinstance(path, HostPath):
        return os.readlink(path)
    return _at(path, lambda folder, name: os.readlink(name, dir_fd=folder), resolved=False)


def _put_link(path: Path, target: str) -> None:
    if isinstance(path, HostPath):
        _at(path, lambda folder, name: os.symlink(target, name, dir_fd=folder), resolved=False)
    else:
        path.symlink_to(target)


def _at(path: Path, deed: Callable[[int, str], Result], *, resolved: bool = True) -> Result:
    """What the deed returns, given a descriptor of the path's folder and the name in it, which is not a link
    if `resolved`; it is done again where somebody exchanges the folders meanwhile.
    """
    for attempt in range(TRIES):
        try:
            with _folder_of(path, resolved) as (folder, name):
                return deed(folder, name)
        except OSError as error:
            if error.errno not in MOVED or attempt == TRIES - 1:
                raise
    raise AssertionError


def _opened(path: str, flags: int, mode: int = 0o666) -> int:
    return _at(
        Path(path), lambda folder, name: os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, mode, dir_fd=folder)
    )


@contextmanager
def _folder_of(path: Path, resolved: bool) -> Iterator[tuple[int, str]]:
    root, parts = _split(path)
    place = below(root, parts) if resolved else below(root, parts[:-1]).joinpath(*parts[-1:])
    *folders, name = place.relative_to(root).parts or (".",)
    fd = os.open(root, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            inner = os.open(folder, FOLDER, dir_fd=fd)
            os.close(fd)
            fd = inner
        yield fd, name
    finally:
        os.close(fd)


def _split(path: Path) -> tuple[Path, list[str]]:
    """The root of the host that the path is of, and the names below it; OSError if it is of none."""
    place, names = str(path), []
    while place not in _roots:
        place, slash, name = place.rpartition("/")
        if not slash:
            raise FileNotFoundError(errno.ENOENT, "no path of a host", str(path))
        names.append(name)
    return Path(place), names[::-1]
